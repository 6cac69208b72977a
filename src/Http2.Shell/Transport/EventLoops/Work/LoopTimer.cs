using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>A timer of <see cref="EventLoops"/>. Its callback runs on a thread of theirs and may block. Thread-safe.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopTimer(EventLoops loops, TimerCallback callback, object? state) : ITimer, IThreadPoolWorkItem
{
    private int _isQueued;
    private bool _isDisposed;

    /// <summary>When it is due. Under the lock of the heap, as what follows.</summary>
    internal long Due { get; set; } = long.MaxValue;

    /// <summary>Milliseconds between two calls, or 0 for one call.</summary>
    internal long Period { get; set; }

    /// <summary>Where it is in the heap, or -1.</summary>
    internal int Place { get; set; } = -1;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (Volatile.Read(ref _isDisposed))
            return false;
        Period = period <= TimeSpan.Zero ? 0 : Milliseconds(period);
        loops.SetTimer(this, dueTime < TimeSpan.Zero ? -1 : Milliseconds(dueTime));
        return true;
    }

    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        loops.SetTimer(this, -1);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    /// <summary>Whether a call is to be queued now: not while one waits already.</summary>
    internal bool TryQueue() => Interlocked.Exchange(ref _isQueued, 1) == 0;

    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _isQueued, 0);
        if (!Volatile.Read(ref _isDisposed))
            callback(state);
    }

    // Never early.
    private static long Milliseconds(TimeSpan time) => (time.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
}

/// <summary>
/// The system's clock, whose timers are those of the event loops as long as there are any: so no deadline waits for a thread of the pool,
/// which handlers may hold.
/// </summary>
internal sealed class LoopTime : TimeProvider
{
    private EventLoops? _loops;

    /// <summary>From now on timers are theirs.</summary>
    [SupportedOSPlatform("linux")]
    internal void Use(EventLoops loops) => Volatile.Write(ref _loops, loops);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (!OperatingSystem.IsLinux() || Volatile.Read(ref _loops) is not { IsServing: true } loops)
            return System.CreateTimer(callback, state, dueTime, period);
        var timer = new LoopTimer(loops, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
