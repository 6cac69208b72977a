namespace Http2.Shell;

/// <summary>A connection whose owner may be caught in user code, and can lose the connection then.</summary>
internal interface IWatched
{
    /// <summary>The call of user code that <paramref name="thread"/> is in as the owner, or 0. Any thread.</summary>
    long CallOf(int thread);

    /// <summary>Takes the connection away from a call that does not come back, and has it run by another thread. Any thread.</summary>
    /// <param name="call">The call.</param>
    /// <param name="computes">Whether its thread computes; else it waits.</param>
    /// <returns>False when the call has ended or was left behind before.</returns>
    bool TryTakeAway(long call, bool computes);
}
