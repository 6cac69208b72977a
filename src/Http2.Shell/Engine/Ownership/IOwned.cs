namespace Http2.Shell;

/// <summary>
/// What a <see cref="ConnectionOwner"/> runs. All that is needed to go on lies in its fields, never in the variables of the methods that user
/// code was called from.
/// </summary>
internal interface IOwned
{
    /// <summary>Where the owner runs when something other than its own transport wakes it.</summary>
    ConnectionScheduler Scheduler { get; }

    /// <summary>The clock that turns are measured by, in milliseconds. Any thread.</summary>
    long ClockNow { get; }

    /// <summary>Whether a run for tasks alone would call nothing of the user's. Any thread.</summary>
    bool IsBrief { get; }

    /// <summary>Whether a run would call nothing of the user's, whatever comes, on a thread that refuses requests. The owner's to ask.</summary>
    bool MayRunOnStandby => false;

    /// <summary>The calling thread begins to run user code of this connection; answers the context to restore then, or null.</summary>
    ExecutionContext? EnterContext();

    /// <summary>Gets ready to touch the state.</summary>
    /// <returns>The time.</returns>
    long Resume();

    /// <summary>Does what there is to do.</summary>
    /// <returns>False when a call of user code was left behind: the connection is another thread's, and nothing of it may be touched.</returns>
    bool Run(Signals signals);

    /// <summary>The owner has done: everything of the state is put where the next one finds it.</summary>
    void Suspend();

    /// <summary>A call of user code does not come back. Its caller has the state to itself.</summary>
    /// <param name="callee">What was called.</param>
    void LeaveBehind(object callee);

    /// <summary>A run has failed where nothing may fail.</summary>
    /// <returns>Whether to try again.</returns>
    bool GiveUp();
}
