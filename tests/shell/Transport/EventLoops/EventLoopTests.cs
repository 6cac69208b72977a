using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What one thread of the event loops does next, in virtual time and without a thread or a descriptor.</summary>
[SupportedOSPlatform("linux")]
public sealed class EventLoopTests : IReportSource
{
    private readonly PlayedCrew _played = new(threads: 2, spare: 1, limit: 3);
    private readonly Queue<ReadyReport[]> _batches = new();
    private readonly List<int> _waits = [];
    private readonly List<Exception> _faults = [];
    private readonly SourceTable _sources = new();
    private readonly RunQueue _queue = new(static () => { }, static _ => throw new OutOfMemoryException());
    private readonly WatchdogWaker _waker = new();
    private readonly LoopWorker _worker;
    private readonly EventLoop _loop;

    public EventLoopTests()
    {
        _worker = _played.Workers[0];
        _loop = new EventLoop(_worker, this, _queue, _sources, new WorkRunner(_waker, _faults.Add), _played.System);
    }

    [Fact]
    public void A_source_is_told_of_its_report_while_the_watchdog_sees_the_thread_at_work()
    {
        var source = new Source();
        source.Then = _ => Assert.True(_worker.IsBusy);
        Report(_sources.Add(source), events: 7);
        Run(1);
        Assert.Equal([7u], source.Events);
        Assert.False(_worker.IsBusy);
        Assert.True(_waker.WaitForWork(0));
        Assert.Equal([-1], _waits);
    }

    [Fact]
    public void What_was_taken_together_is_worked_through_before_anything_else_is_waited_for()
    {
        LearnThatReportsAreBrief();
        Source[] sources = [new(), new(), new()];
        _batches.Enqueue([.. sources.Select(source => new ReadyReport(1, _sources.Add(source)))]);
        Run(3);
        Assert.All(sources, source => Assert.Single(source.Events));
        Assert.Single(_waits);
    }

    [Fact]
    public void What_another_thread_has_taken_and_not_begun_is_taken_from_it()
    {
        var source = new Source();
        _played.Workers[1].Batch.Fill([new ReadyReport(1, _sources.Add(source))], _played.System.Now);
        Run(1);
        Assert.Single(source.Events);
        Assert.Empty(_waits);
    }

    [Fact]
    public void Queued_work_is_done_before_the_thread_waits_and_reports_are_looked_for_after_16_pieces()
    {
        var work = Enumerable.Range(0, EventLoop.MostQueuedInARow + 1).Select(_ => new CountedWork()).ToList();
        work.ForEach(piece => _queue.Add(piece, []));
        Run(EventLoop.MostQueuedInARow);
        Assert.Empty(_waits);
        Assert.Equal(EventLoop.MostQueuedInARow, work.Sum(piece => piece.Runs));
        _batches.Enqueue([]);
        Run(2);
        Assert.Equal([0], _waits);
        Assert.Equal(1, work[^1].Runs);
    }

    [Fact]
    public void A_source_whose_work_took_long_is_left_to_a_thread_beside_those_that_serve()
    {
        var source = new Source();
        source.Note(WorkWeight.Waits);
        var token = _sources.Add(source);
        Report(token, events: 1);
        Run(1);
        Assert.Empty(source.Events);
        Assert.True(_played.Workers[2].IsCalled);
        var beside = new EventLoop(_played.Workers[2], this, _queue, _sources, new WorkRunner(_waker, _faults.Add), _played.System);
        Assert.True(beside.RunOnce());
        Assert.Equal([1u], source.Events);
        // once or twice it may be brief without being so from now on
        for (var i = 1; i < WorkHistory.LightAfter; i++)
        {
            Assert.Equal(WorkWeight.Waits, source.Weight);
            _played.Crew.PutAside(new PendingWork(null, new ReadyReport(1, token)), WorkWeight.Waits);
            Assert.True(beside.RunOnce());
        }
        Assert.Equal(WorkWeight.Light, source.Weight);
    }

    [Fact]
    public void A_source_in_whose_work_the_thread_was_seen_waiting_is_known_for_that()
    {
        var source = new Source();
        source.Then = _ =>
        {
            _worker.See(WorkWeight.Waits);
            // at once, for more reports may come before this one is worked through
            Assert.Equal(WorkWeight.Waits, source.Weight);
        };
        Report(_sources.Add(source), events: 1);
        Run(1);
        Assert.Equal(WorkWeight.Waits, source.Weight);
        Assert.Empty(_faults);
    }

    [Fact]
    public void What_work_throws_is_told_and_ends_nothing()
    {
        var source = new Source { Then = static _ => throw new InvalidOperationException("a report") };
        Report(_sources.Add(source), events: 1);
        _queue.Add(new CountedWork { Then = static () => throw new InvalidOperationException("queued") }, []);
        Run(2);
        Assert.Equal(["queued", "a report"], _faults.Select(fault => fault.Message));
        Assert.False(_worker.IsBusy);
    }

    [Fact]
    public void A_report_for_a_source_that_is_gone_is_dropped()
    {
        var source = new Source();
        var token = _sources.Add(source);
        Report(token, events: 1);
        _sources.Remove(token);
        Run(1);
        Assert.Empty(source.Events);
    }

    [Fact]
    public void A_thread_that_serves_does_long_work_when_it_is_woken_and_no_thread_is_left_for_that()
    {
        var played = new PlayedCrew(1, 0, 1);
        var loop = new EventLoop(played.Workers[0], this, _queue, _sources, new WorkRunner(_waker, _faults.Add), played.System);
        var work = new CountedWork();
        played.Crew.PutAside(new PendingWork(work, default), WorkWeight.Waits);
        Report(LoopPoller.SignalToken, events: 1);
        Assert.True(loop.RunOnce());
        Assert.Equal(1, work.Runs);
    }

    [Fact]
    public void A_thread_that_lost_its_place_finishes_what_it_took_and_then_asks_what_to_do()
    {
        _played.Hold(_worker);
        var source = new Source();
        _worker.Batch.Fill([new ReadyReport(1, _sources.Add(source))], _played.System.Now);
        _worker.EndWork();
        Run(1);
        Assert.Single(source.Events);
        var work = new CountedWork();
        _played.Crew.PutAside(new PendingWork(work, default), WorkWeight.Waits);
        Run(1);
        Assert.Equal(1, work.Runs);
    }

    [Fact]
    public void It_goes_on_until_the_threads_are_to_end()
    {
        var source = new Source { Then = _ => _played.Crew.TryEnd() };
        Report(_sources.Add(source), events: 1);
        _loop.Run();
        Assert.Single(source.Events);
    }

    int IReportSource.Wait(Span<ReadyReport> reports, int milliseconds)
    {
        _waits.Add(milliseconds);
        var batch = _batches.Dequeue();
        batch.CopyTo(reports);
        return batch.Length;
    }

    private void Run(int times)
    {
        for (var i = 0; i < times; i++)
            Assert.True(_loop.RunOnce());
    }

    private void Report(ulong token, uint events) => _batches.Enqueue([new ReadyReport(events, token)]);

    private void LearnThatReportsAreBrief()
    {
        Report(_sources.Add(new Source()), events: 1);
        _batches.Enqueue([]);
        Run(2);
        _waits.Clear();
    }

    private sealed class Source : IReadiness
    {
        private WorkHistory _history;

        public Action<uint> Then { get; set; } = static _ => { };

        public List<uint> Events { get; } = [];

        public WorkWeight Weight => _history.Weight;

        public void Note(WorkWeight seen) => _history.Note(seen);

        public void OnReady(uint events)
        {
            Events.Add(events);
            Then(events);
        }
    }
}
