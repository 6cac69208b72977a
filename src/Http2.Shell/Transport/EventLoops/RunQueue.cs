using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// Work that other threads want done on the event loops: connections with mail, and timers. Whoever adds wakes a thread if one sleeps and
/// nobody has been woken for it yet. Thread-safe.
/// </summary>
/// <remarks>
/// A thread of the pool leaves the waking to a piece of work at the end of the pool's line: by then the handlers before it have answered too,
/// and what they answered goes out together. Should the pool not come to it, the watchdog wakes.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class RunQueue(Action wake) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _work = new();
    private int _isSignalled;

    internal bool IsEmpty => _work.IsEmpty;

    /// <summary>Adds work.</summary>
    /// <param name="work">The work.</param>
    /// <param name="threads">Those that look at this queue before they wait.</param>
    internal void Add(IThreadPoolWorkItem work, LoopWorker[] threads)
    {
        _work.Enqueue(work);
        if (!NeedsWaking(threads))
            return;
        if (!Thread.CurrentThread.IsThreadPoolThread || !TryWakeFromPool())
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

    /// <summary>Wakes a thread when there is work, whoever should have done so.</summary>
    /// <returns>Whether there is work.</returns>
    internal bool WakeIfAny()
    {
        if (_work.IsEmpty)
            return false;
        wake();
        return true;
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Somebody may have come to it already; whoever adds from here on wakes again, or is seen here.
        if (_work.IsEmpty)
            OnWoken();
        if (!_work.IsEmpty)
            wake();
    }

    /// <summary>A thread was woken for this queue and looks at it now.</summary>
    internal void OnWoken() => Interlocked.Exchange(ref _isSignalled, 0);

    private bool TryWakeFromPool()
    {
        try
        {
            return ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            // The pool has no thread and gets none.
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
