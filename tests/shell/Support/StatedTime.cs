namespace Http2.Shell.Tests;

/// <summary>A clock that stands where the test puts it, and whose timers never go off: what they were set to is looked at.</summary>
internal sealed class StatedTime : TimeProvider
{
    public long Milliseconds { get; set; }

    /// <summary>The timers that were made, in order.</summary>
    public List<StatedTimer> Timers { get; } = [];

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Milliseconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(Milliseconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new StatedTimer();
        timer.Change(dueTime, period);
        Timers.Add(timer);
        return timer;
    }

    /// <summary>A timer that remembers what it was set to.</summary>
    internal sealed class StatedTimer : ITimer
    {
        /// <summary>In how many milliseconds it was to go off, each time it was set.</summary>
        public List<double> Waits { get; } = [];

        public bool IsDisposed { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime.TotalMilliseconds);
            return true;
        }

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
