namespace Http2.Shell;

/// <summary>
/// Closes a transport whose client does not come to speak HTTP/2. Under TLS a client that has sent its part, so that the server has answered, gets
/// more time for the rest: it may be far away, or stopped for a moment. Time is counted in steps that the server was running for: while it is
/// stopped itself, or starved, what the client has sent lies in the kernel or half-read, and no time passes.
/// </summary>
internal sealed class HandshakeDeadline : IDisposable
{
    private const int Steps = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ITransport _transport;
    private readonly TimeSpan _step;
    private readonly ITimer _timer;
    private int _left = Steps;
    private bool _wasPutOff, _hasMore;

    /// <summary>Time begins to run.</summary>
    /// <param name="transport">What is closed.</param>
    /// <param name="options">The clock and the time there is.</param>
    public HandshakeDeadline(ITransport transport, Http2ServerOptions options)
    {
        (_transport, _step) = (transport, options.HandshakeTimeout / Steps);
        // A timer alone: a source of cancellation for each connection, and one that joins it to the server's, would be the most of what it costs.
        _timer = options.TimeProvider.CreateTimer(
            static late => ((HandshakeDeadline)late!).Pass(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_step, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Pass()
    {
        if (_left > 0)
            _left--;
        if (_left == 0 && !_hasMore && _transport.Taken > 0)
            (_hasMore, _left) = (true, 2 * Steps);
        if (_left > 0)
            _timer.Change(_step, Timeout.InfiniteTimeSpan);
        else if (!_wasPutOff && _transport.Report().Readable > 0)
        {
            // Once: else a trickle of octets would buy time without end.
            _wasPutOff = true;
            _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
        else
            _transport.Close();
    }
}
