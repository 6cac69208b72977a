using Http2.Shell;

namespace Http2.Interleavings;

/// <summary>
/// What a <see cref="ConnectionOwner"/> runs in a scenario: it knows whether two threads touch the state at once, and writes down what was done.
/// Its scheduler is the pool.
/// </summary>
internal sealed class OwnerRun : IOwned
{
    private readonly Scenario _scenario;
    private int _inside;

    public OwnerRun(Scenario scenario)
    {
        _scenario = scenario;
        Owner = new ConnectionOwner(this);
    }

    public ConnectionOwner Owner { get; }

    public ConnectionScheduler Scheduler { get; init; } = new Unwatched();

    public bool IsBrief => true;

    public long ClockNow => _scenario.Now;

    /// <summary>All signals that a run was told of.</summary>
    public Signals Seen { get; private set; }

    /// <summary>How many rounds there were.</summary>
    public int Rounds { get; private set; }

    /// <summary>What calls were left behind.</summary>
    public List<object> LeftBehind { get; } = [];

    /// <summary>What the owner does in a round, behind its tasks; answers false when a call was left behind.</summary>
    public Func<bool> Round { get; set; } = static () => true;

    /// <summary>A piece of user code that is called.</summary>
    /// <returns>Whether the thread is the owner still.</returns>
    public bool Call(object callee, Action code)
    {
        Leave("calls user code");
        var call = Owner.BeginCall(callee);
        code();
        if (!Owner.EndCall(call))
            return false;
        Enter("comes back from user code");
        return true;
    }

    /// <summary>The calling strand touches the state from here on.</summary>
    public void Enter(string what)
    {
        _scenario.Check(++_inside == 1, $"Two threads touch the state of the connection at once: one {what}.");
        _scenario.Step(what);
    }

    /// <summary>It does so no more.</summary>
    public void Leave(string what)
    {
        _scenario.Step(what);
        _inside--;
    }

    public ExecutionContext? EnterContext() => null;

    public long Resume()
    {
        Enter("begins to run");
        return _scenario.Now;
    }

    public bool Run(Signals signals)
    {
        Rounds++;
        Seen |= signals;
        Owner.RunTasks();
        return Round();
    }

    public void Suspend() => Leave("ends its run");

    public void LeaveBehind(object callee)
    {
        Enter("puts in order what was left behind");
        LeftBehind.Add(callee);
        Leave("has put in order what was left behind");
    }

    public bool GiveUp()
    {
        _scenario.Check(isSo: false, "A run has failed.");
        return false;
    }
}

/// <summary>The pool, without a watch: nothing takes a call away but what the scenario says.</summary>
internal sealed class Unwatched : ConnectionScheduler
{
    public override void Schedule(IThreadPoolWorkItem connection) => ThreadPool.Schedule(connection);

    public override void KeepWatched()
    {
        // there is no watch
    }
}

/// <summary>A task that counts how often it was run.</summary>
internal sealed class CountingTask(Action? work = null) : OwnerTask
{
    public int Runs { get; private set; }

    internal override bool IsBrief => true;

    public override void Run()
    {
        Runs++;
        work?.Invoke();
    }
}
