using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What the thread does that stands in while all others are held; the test plays the others, and says what is reported.</summary>
[SupportedOSPlatform("linux")]
public sealed class StandbyLoopTests
{
    private const ulong Token = 1UL << 32;

    private readonly PlayedCrew _played = new(threads: 1, spare: 0, limit: 1);
    private readonly RunQueue _queue = new(static () => { }, static _ => { });
    private readonly SourceTable _sources = new();
    private readonly ScriptedReports _reports = new();
    private readonly List<Exception> _faults = [];
    private readonly StandbyLoop _standby;

    public StandbyLoopTests() => _standby = new StandbyLoop(_played.Crew, _reports, _queue, _sources, _faults.Add);

    [Fact]
    public async Task Work_that_says_so_and_timers_are_done_and_other_work_is_put_aside()
    {
        var (brief, other, timer) = (new Work { MayRunOnStandby = true }, new Work(), new CountedWork());
        using var loops = new EventLoops(1);
        using var due = new LoopTimer(loops, _ => timer.Execute(), null);
        _queue.Add(brief, []);
        _queue.Add(other, []);
        _queue.Add(due, []);
        _reports.Script.Add(End);
        await StandInAsync();
        Assert.Equal((1, 1, 0), (brief.Runs, timer.Runs, other.Runs));
        Assert.True(brief.WasHere);
        Assert.True(_played.Crew.TryTakeLeft(out var left));
        Assert.Same(other, left.Work);
        Assert.False(_played.Crew.TryTakeLeft(out _));
    }

    [Fact]
    public async Task What_was_put_aside_before_is_looked_at_once()
    {
        var (brief, other, source) = (new Work { MayRunOnStandby = true }, new Work(), new Source());
        Assert.Equal(Token, _sources.Add(source));
        _played.Crew.PutAside(new PendingWork(other, default), WorkWeight.Waits);
        _played.Crew.PutAside(new PendingWork(null, new ReadyReport(7, Token)), WorkWeight.Waits);
        _played.Crew.PutAside(new PendingWork(brief, default), WorkWeight.Waits);
        _reports.Script.Add(End);
        await StandInAsync();
        Assert.Equal((1, 0), (brief.Runs, other.Runs));
        Assert.Equal([7u], source.Events);
        Assert.True(_played.Crew.TryTakeLeft(out var left));
        Assert.Same(other, left.Work);
    }

    [Fact]
    public async Task Reports_are_told_those_first_that_a_thread_has_taken_which_is_held()
    {
        var source = new Source();
        _sources.Add(source);
        _played.Workers[0].Batch.Fill([new ReadyReport(1, Token), new ReadyReport(2, Token)], _played.System.Now);
        _reports.Script.Add(static () => [new ReadyReport(3, Token), new ReadyReport(4, Token + 1), new ReadyReport(5, LoopPoller.SignalToken)]);
        _reports.Script.Add(End);
        await StandInAsync();
        Assert.Equal([1u, 2u, 3u], source.Events);
    }

    [Fact]
    public async Task A_source_that_throws_is_told_of_and_ends_nothing()
    {
        var source = new Source { Failure = new InvalidOperationException("Failing.") };
        _sources.Add(source);
        _reports.Script.Add(static () => [new ReadyReport(1, Token)]);
        _reports.Script.Add(static () => [new ReadyReport(2, Token)]);
        _reports.Script.Add(End);
        await StandInAsync();
        Assert.Equal([1u, 2u], source.Events);
        Assert.Equal([source.Failure, source.Failure], _faults);
    }

    [Fact]
    public async Task A_connection_that_is_woken_by_a_report_is_asked_whether_it_may_run_here()
    {
        var woken = new Woken(_queue);
        _sources.Add(new Source { Then = () => InlineRuns.TryPutOff(woken) });
        _reports.Script.Add(static () => [new ReadyReport(1, Token)]);
        _reports.Script.Add(End);
        await StandInAsync();
        Assert.Equal((0, 1), (woken.Runs, woken.Queued));
        Assert.True(_played.Crew.TryTakeLeft(out var left));
        Assert.Same(woken, left.Work);
    }

    [Fact]
    public async Task It_leaves_as_soon_as_somebody_serves_again()
    {
        using var served = new ManualResetEventSlim();
        var servedWhileStanding = 0;
        _reports.OnWait = () => servedWhileStanding += _played.Crew.HasServing ? 1 : 0;
        _reports.Script.Add(() =>
        {
            Assert.Equal(NextDuty.Serve, _played.Crew.Next(_played.Workers[0], out _));
            served.Set();
            return [];
        });
        _reports.Script.Add(static () => []);
        var standing = BeginStandingIn();
        Assert.True(await Task.Run(() => served.Wait(Patience.Time)));
        _played.Crew.TryEnd();
        _standby.End();
        await standing.Soon();
        Assert.Equal(0, servedWhileStanding);
    }

    private ReadyReport[] End()
    {
        _played.Crew.TryEnd();
        return [];
    }

    private Task StandInAsync() => BeginStandingIn().Soon();

    // All threads are held, and half a second later still.
    private Task BeginStandingIn()
    {
        _played.Hold(_played.Workers[0]);
        _standby.Look(_played.System.Now);
        _standby.Look(_played.System.Now + StandbyLoop.After);
        return Task.Factory.StartNew(_standby.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private sealed class ScriptedReports : IReportSource
    {
        private int _at;

        public List<Func<ReadyReport[]>> Script { get; } = [];

        public Action OnWait { get; set; } = static () => { };

        public int Wait(Span<ReadyReport> reports, int milliseconds)
        {
            OnWait();
            var next = _at < Script.Count ? Script[_at++]() : [];
            next.CopyTo(reports);
            return next.Length;
        }
    }

    private sealed class Source : IReadiness
    {
        public List<uint> Events { get; } = [];

        public Exception? Failure { get; init; }

        public Action Then { get; init; } = static () => { };

        public WorkWeight Weight { get; private set; }

        public void Note(WorkWeight seen) => Weight = seen;

        public void OnReady(uint events)
        {
            Events.Add(events);
            Then();
            if (Failure is not null)
                throw Failure;
        }
    }

    private sealed class Work : IStandbyWork
    {
        public bool MayRunOnStandby { get; init; }

        public int Runs { get; private set; }

        public bool WasHere { get; private set; }

        public void Execute()
        {
            Runs++;
            WasHere = StandbyRuns.AreHere;
        }
    }

    private sealed class Woken(RunQueue queue) : IWoken
    {
        public int Runs { get; private set; }

        public int Queued { get; private set; }

        public void Execute() => Runs++;

        public void RunElsewhere()
        {
            Queued++;
            queue.Add(this, []);
        }
    }
}
