namespace Http2.Shell;

/// <summary>
/// Closes a transport whose client does not come to speak HTTP/2. Octets that have come are read first, in case it is the server that was
/// stopped or starved. Under TLS a client that has sent its part, so that the server has answered, gets more time for the rest: it may be far
/// away, or stopped for a moment.
/// </summary>
internal sealed class HandshakeDeadline : IDisposable
{
    private readonly ITransport _transport;
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;
    private HandshakePatience _patience;

    /// <summary>Time begins to run.</summary>
    /// <param name="transport">What is closed.</param>
    /// <param name="options">The clock and the time there is.</param>
    public HandshakeDeadline(ITransport transport, Http2ServerOptions options)
    {
        (_transport, _timeout) = (transport, options.HandshakeTimeout);
        // A timer alone: a source of cancellation for each connection, and one that joins it to the server's, would be the most of what it costs.
        _timer = options.TimeProvider.CreateTimer(
            static late => ((HandshakeDeadline)late!).Judge(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Judge()
    {
        if (_patience.More(_transport, _timeout) is { } more)
            _timer.Change(more, Timeout.InfiniteTimeSpan);
        else
            _transport.Close();
    }
}

/// <summary>How much longer a client may take that has not come to speak HTTP/2 when its time is over.</summary>
internal struct HandshakePatience
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private bool _wasPutOff, _hasMore;

    /// <summary>The time that it gets on top; null when there is no more.</summary>
    /// <param name="transport">The client's.</param>
    /// <param name="timeout">The time that it had at first.</param>
    public TimeSpan? More(ITransport transport, TimeSpan timeout)
    {
        // Once: else a trickle of octets would buy time without end.
        if (!_wasPutOff && transport.Report().Readable > 0)
        {
            _wasPutOff = true;
            return Pause;
        }
        if (_hasMore || transport.Taken == 0)
            return null;
        (_hasMore, _wasPutOff) = (true, false);
        return 2 * timeout;
    }
}
