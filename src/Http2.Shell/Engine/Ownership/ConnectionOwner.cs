namespace Http2.Shell;

/// <summary>
/// Makes one thread at a time the owner of a connection. Whatever happens (octets, a finished send, tasks from other threads, a timer) sets a
/// bit and, when nobody runs, makes somebody run; whoever runs is the owner until no bit is left. So there is no lock around protocol state.
/// An owner whose user code does not come back loses the connection to another thread, see <see cref="Ownership"/>.
/// </summary>
/// <param name="owned">What the owner runs.</param>
internal sealed class ConnectionOwner(IOwned owned) : IWoken, IBriefWork, IStandbyWork, IWatched
{
    // After so many rounds without rest, or so many milliseconds, an owner goes to the end of the scheduler's line.
    private const int RoundsInARow = 32;
    private const int TurnMilliseconds = 10;

    private Mailbox _tasks;
    private Ownership _ownership;
    private int _wake;

    // What the owner has called, as long as it is in user code.
    private object? _callee;

    /// <summary>The call of user code that the owner is in, or 0. Any thread.</summary>
    public long CurrentCall => _ownership.Call;

    /// <summary>The call that <paramref name="thread"/> is in as the owner, or 0. Any thread.</summary>
    public long CallOf(int thread)
    {
        // in this order: a thread that is the owner afterwards was it when it made the call
        var call = _ownership.Call;
        return _ownership.Thread == thread ? call : 0;
    }

    /// <summary>Something has happened. Any thread.</summary>
    /// <param name="signal">What.</param>
    /// <param name="inline">Whether the calling thread may run the connection.</param>
    public void Wake(Signals signal, bool inline)
    {
        var before = (Signals)Interlocked.Or(ref _wake, (int)(signal | Signals.Running));
        if ((before & Signals.Running) != 0)
            return;
        if (!inline)
            RunElsewhere();
        else if (!InlineRuns.TryPutOff(this))
            Run();
    }

    /// <summary>Has the owner carry out a task. Any thread.</summary>
    public void Post(OwnerTask task)
    {
        if (_tasks.Post(task))
            Wake(Signals.Tasks, inline: false);
    }

    /// <summary>
    /// Leaves a task for the owner and wakes nobody: the caller wakes the connection itself when it has left the methods that it is in. Any thread.
    /// </summary>
    public void PostQuietly(OwnerTask task) => _tasks.Post(task);

    /// <summary>
    /// For the owner's thread: exclusive access for one command, which ends when what this answers is disposed of; see
    /// <see cref="Ownership.TryAccess"/>.
    /// </summary>
    public CommandAccess TryAccess() => new(this, _ownership.TryAccess());

    /// <summary>
    /// Runs <paramref name="work"/>, which calls no user code, with the state to itself and answers its result. The owner may be in a
    /// callback that waits for the calling thread, so this never waits for user code: what the owner has to do comes after its callback.
    /// Any thread.
    /// </summary>
    public T RunAsOwner<T>(Func<T> work)
    {
        var access = _ownership.TryAccess();
        var isOwner = access.IsTaken;
        for (var wait = default(SpinWait); !access.IsTaken && !(access = _ownership.TryBorrow()).IsTaken;)
            wait.SpinOnce();
        try
        {
            if (!isOwner)
            {
                owned.Resume();
                // What the thread has posted before comes first.
                RunTasks();
            }
            return work();
        }
        finally
        {
            _ownership.End(access);
            // What the command has written and told waits for an owner.
            if (access.WasFree)
                Wake(Signals.Again, inline: false);
        }
    }

    /// <summary>The owner is about to call user code: from now until <see cref="EndCall"/> it may lose the connection. Owner only.</summary>
    /// <param name="callee">What <see cref="IOwned.LeaveBehind"/> is told that was left behind.</param>
    public long BeginCall(object callee)
    {
        _callee = callee;
        return _ownership.BeginCall();
    }

    /// <summary>The user code has returned.</summary>
    /// <returns>
    /// Whether the thread is the owner still. When not, it posts what came of the call with <see cref="PostQuietly"/> and returns to
    /// <see cref="RunRounds"/> without touching anything else.
    /// </returns>
    public bool EndCall(long call)
    {
        if (!_ownership.EndCall(call))
            return false;
        _callee = null;
        return true;
    }

    /// <summary>
    /// For a thread that is about to wait for something that the connection brings: when it is the owner it gives the connection away.
    /// </summary>
    public void StepAside()
    {
        long call;
        while ((call = _ownership.CallOfThisThread()) != 0 && !TryTakeAway(call, isLong: false, computes: false))
        {
            // Lent in this moment.
        }
    }

    /// <summary>Takes the connection away from a call that does not come back, and has it run by another thread. Any thread.</summary>
    /// <param name="call">The call.</param>
    /// <param name="computes">Whether its thread computes; else it waits.</param>
    /// <returns>False when the call has ended or was left behind before.</returns>
    public bool TryTakeAway(long call, bool computes) => TryTakeAway(call, isLong: true, computes);

    private bool TryTakeAway(long call, bool isLong, bool computes)
    {
        if (!_ownership.TryRevoke(call))
            return false;
        try
        {
            owned.LeaveBehind(_callee!);
            _callee = null;
        }
        finally
        {
            // The Running bit of the owner that was is that of the next one, so nobody else begins to run meanwhile.
            _ownership.Release();
            // What the next call does most likely takes as long.
            if (isLong)
                owned.Scheduler.ScheduleLong(this, computes);
            else
                RunElsewhere();
        }
        return true;
    }

    public void RunElsewhere() => owned.Scheduler.Schedule(this);

    // What is queued has the Running bit, so nobody else runs meanwhile.
    bool IStandbyWork.MayRunOnStandby => owned.MayRunOnStandby;

    void IThreadPoolWorkItem.Execute() => Run();

    // A run that only does tasks which call nothing of the user's: any thread may do it. The thread of the pool on which the application has
    // answered has the answer in its caches, and is not held up.
    bool IBriefWork.TryRunBriefly()
    {
        if (!owned.IsBrief || !_tasks.IsBrief)
            return false;
        const int Idle = (int)(Signals.Running | Signals.Tasks);
        if (Interlocked.CompareExchange(ref _wake, (int)Signals.Running, Idle) != Idle)
            return false;
        // It is left behind when something of the user's was called all the same: what waits for a body that has ended is.
        var mayRest = RunOnce(Signals.Tasks, out _)
            ? Interlocked.CompareExchange(ref _wake, 0, (int)Signals.Running) == (int)Signals.Running
            : TryLeave();
        if (!mayRest)
            RunElsewhere();
        return true;
    }

    private void Run()
    {
        var sentry = Sentry.OfThisThread;
        var outer = sentry.Begin(this);
        var outside = owned.EnterContext();
        RunRounds();
        if (outside is not null)
            ExecutionContext.Restore(outside);
        sentry.End(outer);
    }

    private void RunRounds()
    {
        var turnEnds = long.MaxValue;
        for (var round = 0; round < RoundsInARow; round++)
        {
            var signals = (Signals)Interlocked.Exchange(ref _wake, (int)Signals.Running);
            if (!RunOnce(signals, out var began))
            {
                if (TryLeave())
                    return;
                continue;
            }
            if (round == 0)
                turnEnds = began + TurnMilliseconds;
            if (Interlocked.CompareExchange(ref _wake, 0, (int)Signals.Running) == (int)Signals.Running)
                return;
            if (owned.ClockNow >= turnEnds)
                break;
        }
        owned.Scheduler.ScheduleRest(this);
    }

    // Another thread has gone on. What came of the call is a task by now, and this thread serves it if nobody else does.
    private bool TryLeave() => ((Signals)Interlocked.Or(ref _wake, (int)(Signals.Tasks | Signals.Running)) & Signals.Running) != 0;

    /// <summary>One round as the owner.</summary>
    /// <returns>False when a call of user code was left behind, and another thread is the owner.</returns>
    private bool RunOnce(Signals signals, out long began)
    {
        began = long.MaxValue - TurnMilliseconds;
        try
        {
            _ownership.Enter();
            began = owned.Resume();
            owned.Scheduler.KeepWatched();
            if (!owned.Run(signals))
                return false;
            owned.Suspend();
            _ownership.Leave();
        }
        catch (Exception)
        {
            GiveUp();
        }
        return true;
    }

    // Not even closing the connection has worked, most likely for want of memory.
    private void GiveUp()
    {
        var again = owned.GiveUp();
        if (_ownership.Thread == Environment.CurrentManagedThreadId)
            _ownership.Leave();
        if (again)
            Interlocked.Or(ref _wake, (int)Signals.Again);
    }

    /// <summary>Carries out what was posted. None of it calls user code, so all that was taken is run. Owner only.</summary>
    public void RunTasks()
    {
        for (var task = _tasks.Take(); task is not null;)
        {
            var next = task.Next;
            task.Unclaim();
            task.Run();
            task = next;
        }
    }

    /// <summary>Exclusive access of the owner's thread for one command, until it is disposed of.</summary>
    internal readonly struct CommandAccess(ConnectionOwner owner, Ownership.Access access) : IDisposable
    {
        /// <summary>Whether the thread has access; else it posts a task.</summary>
        public bool IsTaken => access.IsTaken;

        /// <summary>Ends the access.</summary>
        public void Dispose() => owner._ownership.End(access);
    }
}

/// <summary>What has happened to a connection since its owner last looked.</summary>
[Flags]
internal enum Signals
{
    None = 0,

    /// <summary>Somebody runs, or will.</summary>
    Running = 1,

    /// <summary>The connection begins.</summary>
    Start = 2,

    /// <summary>A receive has completed.</summary>
    Received = 4,

    /// <summary>A write has completed.</summary>
    Sent = 8,

    /// <summary>Something was posted.</summary>
    Tasks = 16,

    /// <summary>A deadline is over.</summary>
    Timer = 32,

    /// <summary>There is more to do.</summary>
    Again = 64,
}
