using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// Work that other threads want done on the event loops: connections with tasks, and timers. Whoever adds wakes a thread if one sleeps and
/// nobody has been woken for it yet. Thread-safe.
/// </summary>
/// <remarks>
/// What a thread of the pool adds waits at the end of the pool's line first: by then the handlers before it have answered too, and what they
/// answered goes out together. When its turn comes, that thread does what is brief itself, and leaves the rest to the loops. Should the pool
/// not come to it, the watchdog moves all to the loops.
/// </remarks>
/// <param name="wake">Wakes a thread of the loops.</param>
/// <param name="toPool">Puts something at the end of the pool's line; throws when the pool has no thread and gets none.</param>
[SupportedOSPlatform("linux")]
internal sealed class RunQueue(Action wake, Action<IThreadPoolWorkItem> toPool) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _work = new();
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _line = new();
    private int _isSignalled;
    private int _isInLine;
    private int _turns;
    private int _turnsSeen;

    /// <summary>Whether the loops have nothing to do here.</summary>
    internal bool IsEmpty => _work.IsEmpty;

    /// <summary>Adds work.</summary>
    /// <param name="work">The work.</param>
    /// <param name="threads">Those that look at this queue before they wait.</param>
    internal void Add(IThreadPoolWorkItem work, LoopWorker[] threads)
    {
        if (work is IBriefWork && Thread.CurrentThread.IsThreadPoolThread)
        {
            _line.Enqueue(work);
            if (Interlocked.Exchange(ref _isInLine, 1) == 1 || TryQueueToPool())
                return;
            MoveLine();
        }
        else
        {
            _work.Enqueue(work);
        }
        if (NeedsWaking(threads))
            wake();
    }

    /// <summary>Takes the next.</summary>
    /// <param name="work">The work.</param>
    /// <param name="threads">Those that look at this queue before they wait.</param>
    internal bool TryTake(out IThreadPoolWorkItem work, LoopWorker[] threads)
    {
        if (!_work.TryDequeue(out work!))
            return false;
        if (!_work.IsEmpty && NeedsWaking(threads))
            wake();
        return true;
    }

    /// <summary>The watchdog's look: what the pool has not come to since the last one is the loops' now, and somebody must be awake for it.</summary>
    /// <returns>Whether there is work.</returns>
    internal bool Look()
    {
        var turns = Volatile.Read(ref _turns);
        if (turns == _turnsSeen && !_line.IsEmpty)
            MoveLine();
        _turnsSeen = turns;
        if (_work.IsEmpty)
            return !_line.IsEmpty;
        wake();
        return true;
    }

    /// <summary>Moves what waits for the pool to where the loops look.</summary>
    internal void MoveLine()
    {
        while (_line.TryDequeue(out var work))
            _work.Enqueue(work);
    }

    /// <summary>A thread was woken for this queue and looks at it now.</summary>
    internal void OnWoken() => Interlocked.Exchange(ref _isSignalled, 0);

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Increment(ref _turns);
        // whoever adds from here on queues another turn
        Interlocked.Exchange(ref _isInLine, 0);
        var isLeft = false;
        while (_line.TryDequeue(out var work))
        {
            if (((IBriefWork)work).TryRunBriefly())
                continue;
            _work.Enqueue(work);
            isLeft = true;
        }
        if (isLeft)
            wake();
    }

    private bool TryQueueToPool()
    {
        try
        {
            toPool(this);
            return true;
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            Volatile.Write(ref _isInLine, 0);
            return false;
        }
    }

    // The fence is the counterpart of that between a thread's saying that it waits and its look at the queue: one of both sees the other.
    private bool NeedsWaking(LoopWorker[] threads)
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isSignalled) == 1)
            return false;
        foreach (var thread in threads)
        {
            if (thread.IsWaiting)
                return Interlocked.Exchange(ref _isSignalled, 1) == 0;
        }
        return false;
    }
}

/// <summary>Work that may be so little, and call nothing of the user's, that whoever comes by can do it.</summary>
internal interface IBriefWork : IThreadPoolWorkItem
{
    /// <summary>Does it, if that is so; nothing was done otherwise. What is left is scheduled again.</summary>
    bool TryRunBriefly();
}
