namespace Http2.Shell;

/// <summary>
/// Watches a connection until HTTP/2 is spoken on it, for which the client has a certain time. When the server stops, a client that has said
/// nothing gets a moment for what may be on its way, and is then told to go; when the server cuts what is left, the connection is closed.
/// Thread-safe.
/// </summary>
internal sealed class HandshakeWatch : IDisposable
{
    private readonly ITransport _transport;
    private readonly TransportStream? _tls;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _moment;
    private readonly TimeSpan _linger;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _stopping;
    private readonly CancellationTokenRegistration _cutting;
    private int _state;
    private HandshakePatience _patience;

    /// <summary>Begins to watch.</summary>
    /// <param name="host">The server.</param>
    /// <param name="transport">What is closed when it is late.</param>
    /// <param name="tls">What TLS reads from, or null for cleartext.</param>
    public HandshakeWatch(ServerHost host, ITransport transport, TransportStream? tls)
    {
        (_transport, _tls) = (transport, tls);
        _timeout = host.Options.HandshakeTimeout;
        _patience = new(_timeout);
        _moment = host.Options.Connection.ShutdownPingTimeout;
        _linger = host.Options.LingerTimeout;
        _timer = host.Time.CreateTimer(
            static watch => ((HandshakeWatch)watch!).OnTimer(), this, _patience.Step, Timeout.InfiniteTimeSpan);
        _stopping = host.Stopping.UnsafeRegister(static watch => ((HandshakeWatch)watch!).OnStopping(), this);
        _cutting = host.Drain.Cutting.UnsafeRegister(static watch => ((HandshakeWatch)watch!).Close(), this);
    }

    private enum State
    {
        Waiting,

        /// <summary>The server stops.</summary>
        Hurrying,

        /// <summary>The client was told to go: what comes now is too late.</summary>
        Told,

        /// <summary>HTTP/2 is spoken.</summary>
        Open,
    }

    /// <summary>HTTP/2 can be spoken; answers false when the client was told to go meanwhile.</summary>
    public bool TryOpen() => Interlocked.CompareExchange(ref _state, (int)State.Open, (int)State.Waiting) == (int)State.Waiting
        || Interlocked.CompareExchange(ref _state, (int)State.Open, (int)State.Hurrying) == (int)State.Hurrying;

    public void Dispose()
    {
        _timer.Dispose();
        _stopping.Unregister();
        _cutting.Unregister();
    }

    private void OnStopping()
    {
        if (_tls is not { HasReceived: true }
            && Interlocked.CompareExchange(ref _state, (int)State.Hurrying, (int)State.Waiting) == (int)State.Waiting)
            _timer.Change(_moment, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        if (Volatile.Read(ref _state) == (int)State.Hurrying)
        {
            // A client in the midst of its TLS handshake would not understand a farewell in cleartext; it has its time.
            if (_tls is { HasReceived: true })
            {
                Interlocked.CompareExchange(ref _state, (int)State.Waiting, (int)State.Hurrying);
                _patience = new(_timeout);
                _timer.Change(_patience.Step, Timeout.InfiniteTimeSpan);
                return;
            }
            if (_tls is null && Interlocked.CompareExchange(ref _state, (int)State.Told, (int)State.Hurrying) == (int)State.Hurrying)
            {
                _ = TellAsync();
                return;
            }
        }
        var state = (State)Volatile.Read(ref _state);
        if (state == State.Waiting && _patience.Pass(_transport) is { } more)
            _timer.Change(more, Timeout.InfiniteTimeSpan);
        else if (state != State.Open)
            Close();
    }

    // RFC 9113 §6.8: nothing was taken, so whatever the client has sent meanwhile it may send again elsewhere.
    private async Task TellAsync()
    {
        try
        {
            await _transport.SendAsync(Farewell).ConfigureAwait(false);
            await _transport.FinishSendingAsync().ConfigureAwait(false);
            _timer.Change(_linger, Timeout.InfiniteTimeSpan);
        }
        catch (Exception)
        {
            // Gone, or closed meanwhile.
            Close();
        }
    }

    private void Close()
    {
        try
        {
            _transport.Close();
        }
        catch (Exception)
        {
            // A transport of the user's may throw; whoever waits for octets of it gives it up.
        }
    }

    /// <summary>SETTINGS without entries and GOAWAY with last stream 0 and NO_ERROR.</summary>
    private static ReadOnlyMemory<byte> Farewell { get; } = (byte[])
    [
        0, 0, 0, 4, 0, 0, 0, 0, 0,
        0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
}
