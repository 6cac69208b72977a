using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>A piece of work that waits for a thread: something to run, or else a report.</summary>
/// <param name="Work">What to run, or null.</param>
/// <param name="Report">What to tell its source.</param>
internal readonly record struct PendingWork(IThreadPoolWorkItem? Work, ReadyReport Report);

/// <summary>
/// Work that is known to take long and is done by threads beside those that serve, in order; and how many threads are on their way to it. What
/// blocks may go on as soon as there is a thread for it. Of what computes only so many pieces go on at a time as there are cores, each in a
/// lane: more of them would take longer all together, and threads that serve would wait for a core. Not thread-safe.
/// </summary>
/// <param name="lanes">How many pieces may compute at a time.</param>
[SupportedOSPlatform("linux")]
internal sealed class LongWork(int lanes)
{
    private readonly Queue<PendingWork> _waits = new();
    private readonly Queue<PendingWork> _computes = new();
    private int _freeLanes = lanes;
    private int _called;

    /// <summary>Whether more pieces could go on now than threads were called for.</summary>
    internal bool NeedsThread => _waits.Count + Math.Min(_freeLanes, _computes.Count) > _called;

    /// <summary>Whether a thread that was called is still on its way.</summary>
    internal bool IsThreadComing => _called > 0;

    /// <summary>Puts a piece behind those that are like it.</summary>
    internal void Add(PendingWork work, WorkWeight weight) => (weight == WorkWeight.Computes ? _computes : _waits).Enqueue(work);

    /// <summary>A parked thread is called for the next piece.</summary>
    internal void OnCalled(LoopWorker worker)
    {
        _called++;
        worker.IsCalled = true;
    }

    /// <summary>A thread is through with its piece, if it had one, and is here, if it was called.</summary>
    internal void OnArrived(LoopWorker worker)
    {
        ReturnLane(worker);
        if (!worker.IsCalled)
            return;
        worker.IsCalled = false;
        _called--;
    }

    /// <summary>Takes the next piece that may go on, and for one that computes a lane, which <see cref="ReturnLane"/> gives back.</summary>
    /// <returns>False when there is none.</returns>
    internal bool TryTake(LoopWorker worker, out PendingWork work)
    {
        var isTaken = TryTake(out work, out var takesLane);
        worker.HasLane |= takesLane;
        return isTaken;
    }

    /// <summary>Takes the next piece that may go on, to be done by other threads than those of the loops.</summary>
    internal bool TryTake(out PendingWork work)
    {
        var isTaken = TryTake(out work, out var takesLane);
        if (takesLane)
            _freeLanes++;
        return isTaken;
    }

    /// <summary>The piece of a thread has ended, or has turned out to be so long that others may go on beside it.</summary>
    internal void ReturnLane(LoopWorker worker)
    {
        if (!worker.HasLane)
            return;
        worker.HasLane = false;
        _freeLanes++;
    }

    private bool TryTake(out PendingWork work, out bool takesLane)
    {
        // those that compute first: they are few at a time, the others might leave them no thread
        takesLane = _freeLanes > 0 && _computes.Count > 0;
        if (!takesLane)
            return _waits.TryDequeue(out work);
        _freeLanes--;
        work = _computes.Dequeue();
        return true;
    }
}
