using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Http2.Shell;

/// <summary>
/// An HTTP/2 server in cleartext (with prior knowledge, RFC 9113 §3.3) and over TLS. Requests are handled by the callbacks of a class
/// (<see cref="Http2RequestHandler"/>, one instance for each stream) or by a delegate. Thread-safe. A server is started once.
/// </summary>
public sealed partial class Http2Server : IAsyncDisposable
{
    private readonly Http2ServerOptions _options;
    private readonly ServerHost _host;
    private readonly ConnectionStarter _starter;
    private readonly Lock _gate = new();
    private List<Listener>? _listeners;
    private Task? _starting;

    /// <summary>A server whose streams are each handled by an instance of a handler class.</summary>
    /// <param name="options">Where to listen and what to allow.</param>
    /// <param name="handlerFactory">Makes a handler; it is called once for each stream, on any thread.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Http2Server(Http2ServerOptions options, Func<Http2RequestHandler> handlerFactory)
        : this(options, new ServerHost(Judged(options), Checked(handlerFactory)))
    {
    }

    /// <summary>A server whose requests are each answered by a call of a delegate.</summary>
    /// <param name="options">Where to listen and what to allow.</param>
    /// <param name="handler">
    /// Answers a request. Its token is <see cref="Http2Stream.Aborted"/>, which is cancelled when the stream is closed before the response has been
    /// sent. It may block, and may read its body synchronously: its connection then goes on without it on another thread, which costs the thread
    /// that it holds.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Http2Server(Http2ServerOptions options, Func<Http2Request, CancellationToken, ValueTask<Http2Response>> handler)
        : this(options, new ServerHost(Judged(options), NewRequest) { AbortedHandler = Checked(handler) })
    {
    }

    /// <summary>
    /// A server whose requests are each answered by a call of a delegate that takes no token. It saves an object for each request; a delegate that
    /// needs a token for some requests finds it in <see cref="Http2Stream.Aborted"/>.
    /// </summary>
    /// <param name="options">Where to listen and what to allow.</param>
    /// <param name="handler">Answers a request.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Http2Server(Http2ServerOptions options, Func<Http2Request, ValueTask<Http2Response>> handler)
        : this(options, new ServerHost(Judged(options), NewRequest) { Handler = Checked(handler) })
    {
    }

    private Http2Server(Http2ServerOptions options, ServerHost host)
    {
        _options = options;
        _host = host;
        _starter = new ConnectionStarter(_host);
    }

    /// <summary>Where the server listens, in the order of its options; empty before it was started.</summary>
    public IReadOnlyList<Http2BoundEndpoint> Endpoints => _listeners is { } listeners ? [.. listeners.Select(l => l.Bound)] : [];

    /// <summary>The TCP port of the first endpoint, 0 before the server was started.</summary>
    public int Port => Endpoints.Select(e => e.Address).OfType<IPEndPoint>().FirstOrDefault()?.Port ?? 0;

    /// <summary>How many connections are open now.</summary>
    public int ConnectionCount => _host.Connections.Count;

    /// <summary>
    /// What the server holds now: connections, streams, handlers, buffers, timers, unread octets, memory. Thread-safe; the cost grows with the
    /// number of open connections.
    /// </summary>
    public Http2ServerLoad Load => new()
    {
        Connections = _host.Connections.Count,
        Streams = _host.Connections.Open.Sum(connection => connection.StreamCount),
        Handlers = _host.Engine.Resources.UserWork,
        Buffers = _host.Engine.Resources.Buffers,
        Timers = _host.Engine.Resources.Timers,
        UnreadOctets = _host.Connections.Open.Sum(connection => connection.Share.Unread),
        HeldThreads = OperatingSystem.IsLinux() ? _host.Loops?.HeldThreads ?? 0 : 0,
        Memory = _host.Engine.Memory.Held,
    };

    /// <summary>How many octets of memory all connections may hold together; see <see cref="Http2ServerOptions.MaxMemory"/>.</summary>
    public long MemoryLimit => _host.Engine.Memory.Limit;

    /// <summary>How many connections were ended so far because memory was short.</summary>
    public long EndedForMemory => _host.Engine.Relief.Ended;

    /// <summary>The connections that are open.</summary>
    internal ICollection<Http2Connection> Connections => _host.Connections.Open;

    /// <summary>A server at one address with a handler class.</summary>
    /// <typeparam name="THandler">The handler class; one instance is made for each stream.</typeparam>
    /// <param name="host">A host name or address, or null for all interfaces.</param>
    /// <param name="port">The TCP port; 0 takes a free one.</param>
    /// <param name="tls">TLS, or null for cleartext.</param>
    public static Http2Server Create<THandler>(string? host, int port, Http2Tls? tls = null)
        where THandler : Http2RequestHandler, new() =>
        new(new Http2ServerOptions { Host = host, Port = port, Tls = tls }, static () => new THandler());

    /// <summary>A server at one address with a delegate.</summary>
    /// <param name="host">A host name or address, or null for all interfaces.</param>
    /// <param name="port">The TCP port; 0 takes a free one.</param>
    /// <param name="handler">Answers a request.</param>
    /// <param name="tls">TLS, or null for cleartext.</param>
    public static Http2Server Create(
        string? host, int port, Func<Http2Request, CancellationToken, ValueTask<Http2Response>> handler, Http2Tls? tls = null) =>
        new(new Http2ServerOptions { Host = host, Port = port, Tls = tls }, handler);

    /// <summary>A server at one address with a delegate that takes no token.</summary>
    /// <param name="host">A host name or address, or null for all interfaces.</param>
    /// <param name="port">The TCP port; 0 takes a free one.</param>
    /// <param name="handler">Answers a request.</param>
    /// <param name="tls">TLS, or null for cleartext.</param>
    public static Http2Server Create(string? host, int port, Func<Http2Request, ValueTask<Http2Response>> handler, Http2Tls? tls = null) =>
        new(new Http2ServerOptions { Host = host, Port = port, Tls = tls }, handler);

    /// <summary>Listens and begins to serve.</summary>
    /// <param name="cancellationToken">Cancels starting; a server that has started is not stopped by it.</param>
    /// <exception cref="Http2ListenException">An address is in use, is not one of this machine, or is not permitted.</exception>
    /// <exception cref="Http2ShortageException">The system gives no thread or no descriptor to serve with.</exception>
    /// <exception cref="InvalidOperationException">
    /// The server was started before, which is not disturbed by that, or was stopped. A start that failed may be tried again.
    /// </exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_starting is not null)
                throw new InvalidOperationException("The server was started before: each server is started once.");
            return BeginStarting(cancellationToken);
        }
    }

    /// <summary>
    /// Ends the server gracefully. Connections that clients have opened already are still accepted; then the server stops listening, tells clients
    /// with GOAWAY (RFC 9113 §6.8), lets open requests finish for <see cref="Http2ServerOptions.DrainTimeout"/>, and cuts the connections that
    /// are left. Further calls wait for the same end. A handler may await it; then all requests but its own are waited for.
    /// </summary>
    /// <param name="cancellationToken">Cuts the connections that are left at once, whichever call it was given to.</param>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        var stopped = _host.Drain.WaitAsync(_host.Engine.UserCode.Caller is not null, cancellationToken);
        if (_host.Drain.TryBegin())
            _ = DrainAsync();
        return stopped;
    }

    /// <summary>
    /// Starts the server unless it was started, serves until the token is cancelled or the server is stopped, and then ends it gracefully.
    /// </summary>
    /// <param name="cancellationToken">Ends serving.</param>
    /// <exception cref="Http2ListenException">An address is in use, is not one of this machine, or is not permitted.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        Task starting;
        lock (_gate)
            starting = _starting ?? BeginStarting(cancellationToken);
        await starting.ConfigureAwait(false);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancellationToken.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), end))
        using (_host.Stopping.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), end))
            await end.Task.ConfigureAwait(false);
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts the server unless it was started, and blocks until it is stopped or the process gets SIGINT or SIGTERM; then ends it gracefully. A
    /// second signal ends the process at once.
    /// </summary>
    /// <exception cref="Http2ListenException">An address is in use, is not one of this machine, or is not permitted.</exception>
    public void ServeForever()
    {
        using var end = new CancellationTokenSource();
        void Handle(PosixSignalContext signal)
        {
            signal.Cancel = !end.IsCancellationRequested;
            end.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        RunAsync(end.Token).GetAwaiter().GetResult();
    }

    /// <summary>
    /// Serves one connection over a stream that is connected already, for example one of another transport. The server need not be started.
    /// </summary>
    /// <param name="stream">A duplex stream; it is disposed of at the end.</param>
    /// <param name="clientAddress">The client's address, or null.</param>
    /// <returns>Completes when the connection has ended.</returns>
    public Task ServeAsync(Stream stream, EndPoint? clientAddress = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return _starter.ServeAsync(new StreamTransport(stream, _host.Time), null, clientAddress);
    }

    /// <summary>Serves one connection over a pair of pipes that is connected already. The server need not be started.</summary>
    /// <param name="pipe">The pipes; both are completed at the end.</param>
    /// <param name="clientAddress">The client's address, or null.</param>
    /// <returns>Completes when the connection has ended.</returns>
    public Task ServeAsync(IDuplexPipe pipe, EndPoint? clientAddress = null)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return _starter.ServeAsync(new PipeTransport(pipe, _host.Time), null, clientAddress);
    }

    /// <summary>Ends the server gracefully, as <see cref="StopAsync"/> does.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private static Http2Exchange NewRequest() => new Http2Request();

    private static Http2ServerOptions Judged(Http2ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionRules.Judge(options);
        return options;
    }

    private static T Checked<T>(T handler, [CallerArgumentExpression(nameof(handler))] string name = "")
        where T : Delegate
    {
        ArgumentNullException.ThrowIfNull(handler, name);
        return handler;
    }

    // Called with the gate taken.
    private Task BeginStarting(CancellationToken cancellationToken)
    {
        if (_host.IsStopping)
            throw new InvalidOperationException("The server was stopped: make another one to start.");
        var starting = ListenAsync(cancellationToken);
        // One that has failed already said so, and may be tried again.
        _starting = starting.IsFaulted || starting.IsCanceled ? null : starting;
        return starting;
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        List<Listener> listeners = [];
        try
        {
            listeners = await Listener.OpenAllAsync(_options, _host, _starter, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                if (_host.IsStopping)
                    throw new InvalidOperationException("The server was stopped while it was started.");
                foreach (var endpoint in OptionRules.Endpoints(_options))
                    endpoint.Tls?.WarnOfDates(_host.Logger, _host.Time.GetUtcNow());
                _host.StartLoops();
                foreach (var listener in listeners)
                {
                    ServerLog.Listening(_host.Logger, listener.Bound.Uri);
                    listener.Accept();
                }
                _listeners = listeners;
            }
        }
        catch
        {
            listeners.ForEach(l => l.Close());
            lock (_gate)
                _starting = null;
            throw;
        }
    }

    private async Task DrainAsync()
    {
        try
        {
            ServerLog.Stopping(_host.Logger, ConnectionCount);
            await EndListeningAsync().ConfigureAwait(false);
            foreach (var connection in _host.Connections.Open)
                connection.Stop.Gracefully();
            await _host.WhenEmptyOrCutAsync().ConfigureAwait(false);
        }
        finally
        {
            _host.StopLoops();
            _host.Drain.End();
        }
    }

    private async Task EndListeningAsync()
    {
        List<Listener> listeners;
        _host.BeginStopping();
        lock (_gate)
            listeners = _listeners ?? [];
        await Task.WhenAll(listeners.Select(l => l.FinishAsync())).ConfigureAwait(false);
        listeners.ForEach(l => l.Close());
    }
}
