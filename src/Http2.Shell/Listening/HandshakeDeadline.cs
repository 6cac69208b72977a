namespace Http2.Shell;

/// <summary>Closes a transport whose client does not come to speak what it was asked for within <see cref="HandshakePatience"/>.</summary>
internal sealed class HandshakeDeadline : IDisposable
{
    private readonly ITransport _transport;
    private readonly ITimer _timer;
    private HandshakePatience _patience;

    /// <summary>Time begins to run.</summary>
    /// <param name="transport">What is closed.</param>
    /// <param name="options">The clock and the time there is.</param>
    public HandshakeDeadline(ITransport transport, Http2ServerOptions options)
    {
        (_transport, _patience) = (transport, new(options.HandshakeTimeout));
        // A timer alone: a source of cancellation for each connection, and one that joins it to the server's, would be the most of what it costs.
        _timer = options.TimeProvider.CreateTimer(
            static late => ((HandshakeDeadline)late!).Pass(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_patience.Step, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Pass()
    {
        if (_patience.Pass(_transport) is { } more)
            _timer.Change(more, Timeout.InfiniteTimeSpan);
        else
            _transport.Close();
    }
}

/// <summary>
/// How long a client may take until it speaks HTTP/2. Under TLS a client that has sent its part, so that the server has answered, gets more
/// time for the rest: it may be far away, or stopped for a moment. Time is counted in steps that the server was running for: while it is
/// stopped itself, or starved, what the client has sent lies in the kernel or half-read, and no time passes. What lies in the kernel when
/// the time is over is read first, however long the server takes to come to it.
/// </summary>
/// <param name="timeout">The time for the client's part.</param>
internal struct HandshakePatience(TimeSpan timeout)
{
    private const int Steps = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private int _left = Steps;
    private long _received = -1;
    private bool _hasMore, _isServerLate;
    private InputFirst _input;

    /// <summary>How long a step is.</summary>
    public readonly TimeSpan Step => timeout / Steps;

    /// <summary>A step is over.</summary>
    /// <param name="transport">The client's.</param>
    /// <returns>How long the next one is; null when there is none left.</returns>
    public TimeSpan? Pass(ITransport transport)
    {
        if (_left > 0)
            _left--;
        if (_left == 0 && !_hasMore && transport.Taken > 0)
            (_hasMore, _left) = (true, 2 * Steps);
        if (_left > 0)
            return Step;
        var report = transport.Report();
        if (_input.MayJudge(report))
            return AnswerLate();
        // Octets that nobody reads for a whole pause are not a trickle: that would be read as it comes, and buys no time.
        _isServerLate |= report.Received == _received;
        _received = report.Received;
        return Pause;
    }

    // Where the server was late, what the client sends next has its time, once each.
    private TimeSpan? AnswerLate()
    {
        if (!_isServerLate)
            return null;
        (_isServerLate, _received) = (false, -1);
        return Step;
    }
}
