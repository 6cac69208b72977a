namespace Http2.Shell;

/// <summary>
/// Closes a transport whose client does not come to speak HTTP/2. Octets that have come are read first, in case it is the server that was
/// stopped or starved. Under TLS a client that has sent its part, so that the server has answered, gets more time for the rest: it may be far
/// away, or stopped for a moment.
/// </summary>
internal sealed class HandshakeDeadline : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ITransport _transport;
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;
    private bool _wasPutOff, _hasMore;

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
        // Once: else a trickle of octets would buy time without end.
        if (!_wasPutOff && _transport.Report().Readable > 0)
        {
            _wasPutOff = true;
            _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
        else if (!_hasMore && _transport.Taken > 0)
        {
            (_hasMore, _wasPutOff) = (true, false);
            _timer.Change(2 * _timeout, Timeout.InfiniteTimeSpan);
        }
        else
            _transport.Close();
    }
}
