using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>
/// Gives memory back to the system once a great load has gone: the pools are emptied, the heap is collected and what is free is decommitted.
/// That takes the process tens of milliseconds, so it is done when it has been quiet for a while, once for each load, and never while the
/// process is busy. Nothing runs while nothing is to be given back.
/// </summary>
internal sealed partial class MemoryTrim : IDisposable
{
    // What is not worth a collection stays.
    private const long Worth = 8 * 1024 * 1024;

    // Each thread has used a stack, a part of the heap of its own, and memory of the C library.
    private const int WorthThreads = 32;

    // The load has gone when less than this part of its peak is held.
    private const int Gone = 4;

    // More of a core than this is work that must not be stopped for.
    private const double Quiet = 0.2;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(3);

    private readonly MemoryBudget _budget;
    private readonly BufferPool _pool;
    private readonly ILogger _logger;
    private readonly Func<TimeSpan> _processorTime;
    private readonly ITimer _timer;
    private readonly TimeProvider _clock;
    private int _threadsEnded;
    private int _armed;
    private long _lookedAt;
    private TimeSpan _usedThen;

    /// <summary>Watches a budget.</summary>
    /// <param name="budget">What is held.</param>
    /// <param name="pool">What is emptied.</param>
    /// <param name="logger">Where it is said.</param>
    /// <param name="clock">The time.</param>
    /// <param name="processorTime">How much of the processors the process has used so far; null asks the system.</param>
    public MemoryTrim(MemoryBudget budget, BufferPool pool, ILogger logger, TimeProvider clock, Func<TimeSpan>? processorTime = null)
    {
        (_budget, _pool, _logger, _clock) = (budget, pool, logger, clock);
        _processorTime = processorTime ?? (static () => Environment.CpuUsage.TotalTime);
        _timer = clock.CreateTimer(static trim => ((MemoryTrim)trim!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        budget.OnLess = Consider;
    }

    /// <summary>How often memory was given back.</summary>
    public int Count { get; private set; }

    private bool HasGone =>
        Volatile.Read(ref _threadsEnded) >= WorthThreads || (_budget.Peak >= Worth && _budget.Held < _budget.Peak / Gone);

    /// <summary>A thread that handlers had held has ended, since there is less to do. Any thread.</summary>
    public void ThreadEnded()
    {
        Interlocked.Increment(ref _threadsEnded);
        Consider();
    }

    /// <summary>Stops watching.</summary>
    public void Dispose() => _timer.Dispose();

    private void Consider()
    {
        if (!HasGone || Volatile.Read(ref _armed) == 1 || Interlocked.Exchange(ref _armed, 1) == 1)
            return;
        Wind();
    }

    private void Wind()
    {
        (_lookedAt, _usedThen) = (_clock.GetTimestamp(), _processorTime());
        _timer.Change(Wait, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        var used = (_processorTime() - _usedThen) / _clock.GetElapsedTime(_lookedAt);
        if (HasGone && used > Quiet)
        {
            // this stops nobody, and collections that come by themselves find more
            EmptyPools();
            Wind();
            return;
        }
        if (HasGone)
        {
            Trim();
            _budget.ForgetPeak();
            Volatile.Write(ref _threadsEnded, 0);
        }
        Volatile.Write(ref _armed, 0);
    }

    private void EmptyPools()
    {
        _pool.Empty();
        EffectPool.Empty();
    }

    private void Trim()
    {
        Count++;
        var began = Stopwatch.GetTimestamp();
        EmptyPools();
        // Aggressive: what is free after it goes back to the system at once, and not with collections to come.
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GiveBackNative();
        Log.MemoryGivenBack(_logger, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    // TLS has its memory from the C library, which keeps what was freed.
    private static void GiveBackNative()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = malloc_trim(0);
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, which has no such call.
        }
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
