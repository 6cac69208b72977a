namespace Http2.Shell;

/// <summary>
/// A clock of the user's: when it throws, the system's clock takes its place, which costs no connection anything and is told once.
/// Thread-safe.
/// </summary>
internal sealed class GuardedTime : TimeProvider
{
    private readonly TimeProvider _provider;
    private readonly Action<Exception> _onFailure;
    private readonly long _origin;
    private readonly long _madeAt = System.GetTimestamp();
    private int _failed;

    private GuardedTime(TimeProvider provider, Action<Exception> onFailure)
    {
        (_provider, _onFailure) = (provider, onFailure);
        TimestampFrequency = provider.TimestampFrequency;
        _origin = provider.GetTimestamp();
    }

    public override long TimestampFrequency { get; }

    public override TimeZoneInfo LocalTimeZone => _provider.LocalTimeZone;

    /// <summary>The provider, guarded unless it is the system's, which does not throw.</summary>
    /// <param name="provider">The provider; what it throws here comes out.</param>
    /// <param name="onFailure">Is told of the first failure.</param>
    public static TimeProvider Of(TimeProvider provider, Action<Exception> onFailure) =>
        provider == System ? provider : new GuardedTime(provider, onFailure);

    public override long GetTimestamp()
    {
        try
        {
            return _provider.GetTimestamp();
        }
        catch (Exception failure)
        {
            Tell(failure);
            return _origin + (long)(System.GetElapsedTime(_madeAt).TotalSeconds * TimestampFrequency);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        try
        {
            return _provider.GetUtcNow();
        }
        catch (Exception failure)
        {
            Tell(failure);
            return System.GetUtcNow();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new GuardedTimer(this, () => callback(state), dueTime, period);

    private void Tell(Exception failure)
    {
        if (Interlocked.Exchange(ref _failed, 1) == 0)
            _onFailure(failure);
    }

    private sealed class GuardedTimer : ITimer
    {
        private readonly GuardedTime _time;
        private readonly Action _callback;
        private ITimer _timer;

        public GuardedTimer(GuardedTime time, Action callback, TimeSpan dueTime, TimeSpan period)
        {
            (_time, _callback) = (time, callback);
            try
            {
                _timer = Make(time._provider, dueTime, period);
            }
            catch (Exception failure)
            {
                time.Tell(failure);
                _timer = Make(System, dueTime, period);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            try
            {
                return _timer.Change(dueTime, period);
            }
            catch (Exception failure)
            {
                _time.Tell(failure);
                _timer = Make(System, dueTime, period);
                return true;
            }
        }

        public void Dispose()
        {
            try
            {
                _timer.Dispose();
            }
            catch (Exception failure)
            {
                _time.Tell(failure);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private ITimer Make(TimeProvider provider, TimeSpan dueTime, TimeSpan period) =>
            provider.CreateTimer(static callback => ((Action)callback!)(), _callback, dueTime, period);
    }
}
