using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// Work that other threads want done on the event loops: connections with mail, and timers. Whoever adds wakes a thread if one sleeps and
/// nobody has been woken for it yet. Thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RunQueue
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _work = new();
    private int _isSignalled;

    internal bool IsEmpty => _work.IsEmpty;

    /// <summary>Adds work.</summary>
    /// <param name="work">The work.</param>
    /// <param name="threads">Those that look at this queue before they wait.</param>
    /// <returns>Whether a thread must be woken; it says so with <see cref="OnWoken"/>.</returns>
    internal bool Add(IThreadPoolWorkItem work, LoopWorker[] threads)
    {
        _work.Enqueue(work);
        return NeedsWaking(threads);
    }

    /// <summary>Takes the next.</summary>
    /// <param name="work">The work.</param>
    /// <param name="threads">Those that look at this queue before they wait.</param>
    /// <param name="wakeAnother">Whether another thread must be woken for what is left.</param>
    internal bool TryTake(out IThreadPoolWorkItem work, LoopWorker[] threads, out bool wakeAnother)
    {
        wakeAnother = false;
        if (!_work.TryDequeue(out work!))
            return false;
        wakeAnother = !_work.IsEmpty && NeedsWaking(threads);
        return true;
    }

    /// <summary>A thread was woken for this queue and looks at it now.</summary>
    internal void OnWoken() => Interlocked.Exchange(ref _isSignalled, 0);

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
