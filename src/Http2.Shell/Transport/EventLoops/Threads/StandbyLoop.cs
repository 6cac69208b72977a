using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// The thread that serves in an emergency: handlers hold all threads of the event loops, and no more can be had. It exists from the start, and
/// runs nothing of the user's, so it cannot be held up as well. It accepts, reads and keeps to the protocol, and new requests are
/// refused on connections that have no open ones; what might call the user's code is left to the others.
/// </summary>
/// <remarks>
/// While it serves, it looks for reports and queued work as the others do. It stops when one of them serves again: both may serve at the same
/// time, for a moment.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class StandbyLoop
{
    /// <summary>How long nobody must have served before it does, in milliseconds.</summary>
    internal const int After = 500;

    // Nobody wakes it for queued work, so it looks after so many milliseconds.
    private const int LookEach = 5;

    private readonly LoopCrew _crew;
    private readonly IReportSource _reports;
    private readonly RunQueue _queue;
    private readonly SourceTable _sources;
    private readonly Action<Exception> _onFault;
    private readonly AutoResetEvent _call = new(false);
    private long? _desertedSince;

    /// <summary>A loop that has no thread yet.</summary>
    /// <param name="crew">The threads that it stands in for.</param>
    /// <param name="reports">Where they wait for reports.</param>
    /// <param name="queue">What they are to do.</param>
    /// <param name="sources">Who is told of reports.</param>
    /// <param name="onFault">Told of what a piece of work throws; must not throw.</param>
    internal StandbyLoop(LoopCrew crew, IReportSource reports, RunQueue queue, SourceTable sources, Action<Exception> onFault) =>
        (_crew, _reports, _queue, _sources, _onFault) = (crew, reports, queue, sources, onFault);

    /// <summary>The watchdog's look: calls the thread when nobody has served for long.</summary>
    internal void Look(long now)
    {
        if (_crew.HasServing)
            _desertedSince = null;
        else if (now - (_desertedSince ??= now) >= After)
            _call.Set();
    }

    /// <summary>The loops end.</summary>
    internal void End() => _call.Set();

    /// <summary>What its thread does until the loops end.</summary>
    internal void Run()
    {
        while (!_crew.IsEnding)
        {
            _call.WaitOne();
            StandbyRuns.Begin();
            TakeLongWork();
            while (!_crew.IsEnding && !_crew.HasServing)
                RunOnce();
            StandbyRuns.End();
        }
    }

    // What was put aside before and waits for a thread: some of it may be done here.
    private void TakeLongWork()
    {
        var waiting = new List<PendingWork>();
        while (!_crew.HasServing && _crew.TryTakeLeft(out var pending))
            waiting.Add(pending);
        foreach (var pending in waiting)
        {
            if (pending.Work is { } work)
                Do(work);
            else
                Tell(pending.Report);
        }
    }

    private void RunOnce()
    {
        if (_queue.TryTake(out var work, []))
        {
            Do(work);
            return;
        }
        foreach (var other in _crew.Front)
        {
            if (!other.Batch.TryTake(out var left))
                continue;
            Tell(left);
            return;
        }
        Span<ReadyReport> reports = stackalloc ReadyReport[ReadyBatch.Most];
        foreach (var report in reports[.._reports.Wait(reports, LookEach)])
            Tell(report);
    }

    private void Do(IThreadPoolWorkItem work)
    {
        if (work is LoopTimer or IStandbyWork { MayRunOnStandby: true })
            Guarded(work.Execute);
        else
            _crew.PutAside(new PendingWork(work, default), WorkWeight.Waits);
    }

    private void Tell(ReadyReport report)
    {
        if (report.Token == LoopPoller.SignalToken)
            _queue.OnWoken();
        else if (_sources.Find(report.Token) is { } source)
            Guarded(() => source.OnReady(report.Events));
    }

    // Connections that it wakes are queued, so that each is asked whether it may run here.
    private void Guarded(Action work)
    {
        var begun = InlineRuns.Begin();
        try
        {
            work();
        }
        catch (Exception failure)
        {
            _onFault(failure);
        }
        InlineRuns.End(begun, here: false);
    }
}
