using Xunit;

namespace Http2.Shell.Tests;

/// <summary>One thread at a time runs a connection, and it runs again as long as something has happened.</summary>
public sealed class ConnectionOwnerTests : IOwned
{
    private readonly ConnectionOwner _owner;
    private readonly List<Signals> _rounds = [];
    private readonly List<string> _told = [];
    private readonly QueueScheduler _scheduler = new();
    private Func<Signals, bool> _run = static _ => true;
    private Action _suspend = static () => { };

    public ConnectionOwnerTests() => _owner = new ConnectionOwner(this);

    ConnectionScheduler IOwned.Scheduler => _scheduler;

    long IOwned.ClockNow => 0;

    bool IOwned.IsBrief => true;

    ExecutionContext? IOwned.EnterContext() => null;

    long IOwned.Resume()
    {
        _told.Add("resume");
        return 0;
    }

    bool IOwned.Run(Signals signals)
    {
        _rounds.Add(signals & ~Signals.Running);
        _owner.RunTasks();
        return _run(signals);
    }

    void IOwned.Suspend() => _suspend();

    void IOwned.LeaveBehind(object callee) => _told.Add($"left {callee}");

    bool IOwned.GiveUp()
    {
        _told.Add("gave up");
        return _told.Count(static told => told == "gave up") < 2;
    }

    [Fact]
    public void A_signal_runs_a_round()
    {
        _owner.Wake(Signals.Received, inline: true);
        Assert.Equal([Signals.Received], _rounds);
    }

    [Fact]
    public void Who_borrows_the_state_finds_done_what_was_posted_before()
    {
        _owner.Post(new Task_(() => _told.Add("task")));
        _owner.RunAsOwner(() =>
        {
            _told.Add("borrowed");
            return 0;
        });
        Assert.Equal(["resume", "task", "borrowed"], _told);
    }

    [Fact]
    public void What_happens_meanwhile_is_another_round_of_the_same_run()
    {
        _run = signals =>
        {
            if (_rounds.Count == 1)
            {
                _owner.Wake(Signals.Sent, inline: true);
                _owner.Wake(Signals.Timer, inline: false);
            }
            return true;
        };
        _owner.Wake(Signals.Received, inline: true);
        Assert.Equal([Signals.Received, Signals.Sent | Signals.Timer], _rounds);
        Assert.Empty(_scheduler.Queue);
    }

    [Fact]
    public void Tasks_from_other_threads_run_in_order_and_elsewhere()
    {
        _owner.Post(new Task_(() => _told.Add("one")));
        _owner.Post(new Task_(() => _told.Add("two")));
        Assert.Empty(_rounds);
        _scheduler.RunOne();
        Assert.Equal(["resume", "one", "two"], _told);
        Assert.Empty(_scheduler.Queue);
    }

    [Fact]
    public void A_task_that_is_posted_twice_before_it_runs_runs_once()
    {
        var task = new Task_(() => _told.Add("once"));
        _owner.Post(task);
        _owner.Post(task);
        _scheduler.RunOne();
        Assert.Equal(["resume", "once"], _told);
        _owner.Post(task);
        _scheduler.RunOne();
        Assert.Equal(["resume", "once", "resume", "once"], _told);
    }

    [Fact]
    public void One_that_always_has_something_to_do_goes_to_the_end_of_the_line()
    {
        _run = _ =>
        {
            _owner.Wake(Signals.Again, inline: false);
            return true;
        };
        _owner.Wake(Signals.Start, inline: true);
        Assert.Equal(32, _rounds.Count);
        Assert.Single(_scheduler.Queue);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_call_that_is_taken_away_finds_itself_without_rights_and_what_is_left_goes_where_long_work_goes(bool computes)
    {
        var isOwner = true;
        _run = _ =>
        {
            if (_rounds.Count > 1)
                return true;
            StandStill();
            var call = _owner.BeginCall("callee");
            Assert.Equal(call, _owner.CurrentCall);
            Assert.Equal(call, _owner.CallOf(Environment.CurrentManagedThreadId));
            Assert.True(_owner.TryTakeAway(call, computes));
            Assert.False(_owner.TryTakeAway(call, computes));
            isOwner = _owner.EndCall(call);
            return isOwner;
        };
        _owner.Wake(Signals.Received, inline: true);
        Assert.False(isOwner);
        Assert.Equal(["resume", "left callee"], _told);
        Assert.Equal([computes], _scheduler.Long);
        // The next owner runs with what the first has left behind.
        _scheduler.RunOne();
        Assert.Equal([Signals.Received, Signals.Tasks], _rounds);
    }

    [Fact]
    public void A_call_that_comes_back_in_time_is_the_owners()
    {
        var call = 0L;
        _run = _ =>
        {
            StandStill();
            return _owner.EndCall(call = _owner.BeginCall("callee"));
        };
        _owner.Wake(Signals.Received, inline: true);
        Assert.Equal(0, _owner.CurrentCall);
        Assert.False(_owner.TryTakeAway(call, computes: false));
    }

    [Fact]
    public void A_thread_that_waits_for_its_own_connection_gives_it_away()
    {
        _run = _ =>
        {
            if (_rounds.Count > 1)
                return true;
            StandStill();
            var call = _owner.BeginCall("waiting");
            _owner.StepAside();
            return _owner.EndCall(call);
        };
        _owner.Wake(Signals.Received, inline: true);
        Assert.Equal(["resume", "left waiting"], _told);
        Assert.Single(_scheduler.Queue);
        Assert.Empty(_scheduler.Long);
    }

    [Fact]
    public void Work_for_the_owner_from_outside_has_the_state_to_itself_and_wakes_who_sends_it()
    {
        Assert.Equal(7, _owner.RunAsOwner(() =>
        {
            Assert.True(_owner.TryAccess().IsTaken);
            return 7;
        }));
        Assert.Equal(["resume"], _told);
        _scheduler.RunOne();
        Assert.Equal([Signals.Again], _rounds);
    }

    [Fact]
    public void Nobody_but_the_owners_thread_has_a_turn()
    {
        Assert.False(_owner.TryAccess().IsTaken);
        var isTaken = false;
        _run = _ =>
        {
            using var access = _owner.TryAccess();
            isTaken = access.IsTaken;
            return true;
        };
        _owner.Wake(Signals.Received, inline: true);
        Assert.True(isTaken);
    }

    [Fact]
    public void A_round_that_fails_where_nothing_may_fail_is_tried_again_and_then_given_up()
    {
        _suspend = static () => throw new InvalidOperationException("no memory");
        _owner.Wake(Signals.Received, inline: true);
        Assert.Equal([Signals.Received, Signals.Again], _rounds);
        Assert.Equal(["resume", "gave up", "resume", "gave up"], _told);
    }

    [Fact]
    public void Brief_tasks_may_be_run_by_any_thread()
    {
        _owner.Post(new Task_(() => _told.Add("brief"), isBrief: true));
        Assert.True(((IBriefWork)_owner).TryRunBriefly());
        Assert.Equal(["resume", "brief"], _told);
        _owner.Post(new Task_(() => _told.Add("long")));
        Assert.False(((IBriefWork)_owner).TryRunBriefly());
    }

    [Fact]
    public void What_happens_during_a_brief_run_is_not_forgotten()
    {
        _owner.Post(new Task_(() => _owner.Wake(Signals.Received, inline: true), isBrief: true));
        _scheduler.Queue.Clear();
        Assert.True(((IBriefWork)_owner).TryRunBriefly());
        Assert.Equal([Signals.Tasks], _rounds);
        _scheduler.RunOne();
        Assert.Equal([Signals.Tasks, Signals.Received], _rounds);
    }

    // From here on the watch of the process takes nothing away from this thread, however slow the machine is: it sees another connection.
    private static void StandStill() => Sentry.OfThisThread.Begin(new Uncalled());

    private sealed class Uncalled : IWatched
    {
        public long CallOf(int thread) => 0;

        public bool TryTakeAway(long call, bool computes) => false;
    }

    private sealed class Task_(Action work, bool isBrief = false) : OwnerTask
    {
        internal override bool IsBrief => isBrief;

        public override void Run() => work();
    }
}
