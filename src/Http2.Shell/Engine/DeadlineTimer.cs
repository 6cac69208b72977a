namespace Http2.Shell;

/// <summary>
/// The one timer of a connection, made when it is first needed. A deadline that moves away leaves it as it is: it finds nothing to do and is
/// armed again, which is cheaper than moving it with every batch. Belongs to the connection's owner.
/// </summary>
internal struct DeadlineTimer
{
    private ITimer? _timer;
    private long _armedFor;

    public DeadlineTimer() => _armedFor = long.MaxValue;

    /// <summary>Sees to it that a look is taken at <paramref name="due"/>, or before.</summary>
    /// <param name="due">When, in milliseconds; <see cref="long.MaxValue"/> for never.</param>
    /// <param name="connection">What is woken.</param>
    public void Arm(long due, Http2Connection connection)
    {
        if (due >= _armedFor)
            return;
        _armedFor = due;
        var host = connection.Host;
        // From now, not from when this run began: user code may have taken long.
        var wait = TimeSpan.FromMilliseconds(Math.Max(due - host.Now, 0));
        if (_timer is null)
        {
            host.Resources.TimerMade();
            _timer = host.Time.CreateTimer(
                static woken => ((ConnectionOwner)woken!).Wake(Signals.Timer, inline: true), connection.Owner, wait, Timeout.InfiniteTimeSpan);
        }
        else
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It has gone off.</summary>
    public void Fired() => _armedFor = long.MaxValue;

    /// <summary>It is not needed any more; called once.</summary>
    public readonly void Stop(EngineHost host)
    {
        if (_timer is null)
            return;
        _timer.Dispose();
        host.Resources.TimerGone();
    }
}
