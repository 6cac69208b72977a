using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// What one thread of the event loops does: it takes a few reports and queued pieces of work, runs one after the other to the end, looks at what
/// others have taken and not begun, and waits for more. Belongs to its thread.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class EventLoop
{
    // Pieces of queued work in a row before a thread looks for reports: neither may starve the other.
    internal const int MostQueuedInARow = 16;

    private readonly LoopWorker _worker;
    private readonly LoopCrew _crew;
    private readonly IReportSource _reports;
    private readonly RunQueue _queue;
    private readonly SourceTable _sources;
    private readonly WorkRunner _runner;
    private readonly LoopSystem _system;
    private BatchSize _size;

    // When the last batch came, in ticks, and how many reports were worked through since.
    private long _began;
    private int _done;

    // How many queued pieces of work were done since the thread last looked for reports.
    private int _queuedInARow;

    /// <summary>The loop of a thread.</summary>
    /// <param name="worker">The thread, as others see it.</param>
    /// <param name="reports">Where it waits for reports.</param>
    /// <param name="queue">What other threads want done.</param>
    /// <param name="sources">Who is told of reports.</param>
    /// <param name="runner">Runs each piece of work.</param>
    /// <param name="system">The time.</param>
    internal EventLoop(
        LoopWorker worker, IReportSource reports, RunQueue queue, SourceTable sources, WorkRunner runner, LoopSystem system)
    {
        (_worker, _crew, _reports, _queue) = (worker, worker.Crew, reports, queue);
        (_sources, _runner, _system) = (sources, runner, system);
    }

    /// <summary>Goes on until the loops end, or there is no use for the thread any more.</summary>
    internal void Run()
    {
        while (!_crew.IsEnding && RunOnce())
        {
        }
    }

    /// <summary>Does one piece of work, or waits for one.</summary>
    /// <returns>False when there is no use for the thread any more.</returns>
    internal bool RunOnce()
    {
        // what this thread took it finishes, even if another has taken its place: nobody else may come to look for it
        if (_worker.Batch.TryTake(out var report))
            OnReport(report);
        else if (_worker.State != LoopState.Serving)
            return GoOn();
        else if (TryTakeQueued(out var work))
            _runner.Run(_worker, work);
        else if (TakeFromOthers(out report) || Wait(out report))
            OnReport(report);
        return true;
    }

    // What a thread does that does not serve.
    private bool GoOn()
    {
        switch (_crew.Next(_worker, out var work))
        {
            case NextDuty.End:
                return false;
            case NextDuty.Sleep:
                _crew.Sleep(_worker);
                break;
            case NextDuty.DoLongWork:
                RunPending(work);
                break;
        }
        return true;
    }

    private void OnReport(ReadyReport report)
    {
        _done++;
        if (_sources.Find(report.Token) is not { } source)
        {
            if (report.Token == LoopPoller.SignalToken)
                OnSignal();
            return;
        }
        if (source.Weight != WorkWeight.Light)
            _crew.PutAside(new PendingWork(null, report), source.Weight);
        else if (_runner.Tell(_worker, source, report.Events) is var weight && weight != WorkWeight.Light)
            source.Note(weight);
    }

    private void OnSignal()
    {
        _queue.OnWoken();
        if (!_crew.IsShort || !_crew.TryTakeWithoutThreads(_worker, out var work))
            return;
        RunPending(work);
        _crew.OnDoneWithoutThreads(_worker);
    }

    // Does a piece that was put aside.
    private void RunPending(PendingWork pending)
    {
        if (pending.Work is { } work)
            _runner.Run(_worker, work);
        else if (_sources.Find(pending.Report.Token) is { } source)
            source.Note(_runner.Tell(_worker, source, pending.Report.Events));
    }

    private bool TryTakeQueued(out IThreadPoolWorkItem work)
    {
        work = null!;
        if (_queue.IsEmpty || _queuedInARow == MostQueuedInARow || !_queue.TryTake(out work, _crew.Front))
            return false;
        _queuedInARow++;
        return true;
    }

    /// <summary>Takes what lies behind the work of another thread, which may be stuck in it.</summary>
    private bool TakeFromOthers(out ReadyReport report)
    {
        foreach (var other in _crew.Front)
        {
            if (other != _worker && other.Batch.TryTake(out report))
                return true;
        }
        report = default;
        return false;
    }

    /// <summary>Waits for a batch, unless there is other work, and takes the first of it.</summary>
    private bool Wait(out ReadyReport report)
    {
        _size.Learn(_done, _system.Ticks - _began);
        _queuedInARow = 0;
        Span<ReadyReport> reports = stackalloc ReadyReport[ReadyBatch.Most];
        _worker.IsWaiting = true;
        // the counterpart of the fence in RunQueue: whoever adds to the queue sees that this thread waits, or this thread sees what was added
        Interlocked.MemoryBarrier();
        var count = _reports.Wait(reports[.._size.Next], _queue.IsEmpty && _worker.State == LoopState.Serving ? -1 : 0);
        _worker.IsWaiting = false;
        _began = _system.Ticks;
        _done = 0;
        report = reports[0];
        if (count > 1)
            _worker.Batch.Fill(reports[1..count], LoopSystem.ToMilliseconds(_began));
        return count > 0;
    }
}
