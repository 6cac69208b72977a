using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Http2.Shell;

/// <summary>
/// An HTTP/2 server over cleartext (prior knowledge) and TLS. Handlers are callbacks (<see cref="Http2RequestHandler"/>, one instance a
/// stream) or a delegate. Thread-safe; started once.
/// </summary>
public sealed partial class Http2Server : IAsyncDisposable
{
    private readonly Http2ServerOptions _options;
    private readonly ConnectionHost _host;
    private readonly ConnectionStarter _starter;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private List<Listener>? _listeners;
    private Task? _stopped;

    /// <summary>A server whose streams are each handled by an instance of a handler class.</summary>
    /// <param name="options">Where to listen and what to allow.</param>
    /// <param name="handlerFactory">Makes a handler; called for each stream, any thread.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Http2Server(Http2ServerOptions options, Func<Http2RequestHandler> handlerFactory)
        : this(options, Checked(handlerFactory), handler: null)
    {
    }

    /// <summary>A server whose requests are each answered by a call of a delegate.</summary>
    /// <param name="options">Where to listen and what to allow.</param>
    /// <param name="handler">
    /// Answers a request. Its token is cancelled when the stream is closed before the response is out. It may block, and read its body
    /// synchronously: its connection goes on without it on another thread, at the cost of the thread that it keeps.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Http2Server(Http2ServerOptions options, Func<Http2Request, CancellationToken, ValueTask<Http2Response>> handler)
        : this(options, static () => new Http2Request(), Checked(handler))
    {
    }

    private Http2Server(
        Http2ServerOptions options, Func<Http2Exchange> exchanges, Func<Http2Request, CancellationToken, ValueTask<Http2Response>>? handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionRules.Judge(options);
        _options = options;
        _host = new ConnectionHost(options, exchanges, handler);
        _starter = new ConnectionStarter(_host, _stopping.Token);
    }

    /// <summary>Where the server listens; empty before it was started.</summary>
    public IReadOnlyList<Http2BoundEndpoint> EndPoints => _listeners is { } listeners ? [.. listeners.Select(l => l.Bound)] : [];

    /// <summary>The TCP port of the first endpoint, 0 before the server was started.</summary>
    public int Port => EndPoints.Select(e => e.EndPoint).OfType<IPEndPoint>().FirstOrDefault()?.Port ?? 0;

    /// <summary>How many connections are open now.</summary>
    public int ConnectionCount => _host.Connections.Count;

    /// <summary>
    /// What the server holds now: connections, streams, handlers, buffers, timers, unread octets, memory. Any thread; visits every connection.
    /// </summary>
    public Http2ServerLoad Load => new(
        _host.Connections.Count, _host.Connections.Open.Sum(connection => connection.StreamCount), _host.Holdings.Handlers,
        _host.Holdings.Buffers, _host.Holdings.Timers, _host.Connections.Open.Sum(connection => connection.UnreadOctets),
        OperatingSystem.IsLinux() ? _host.Loops?.HeldThreads ?? 0 : 0, _host.Memory.Held);

    /// <summary>Octets that all connections may hold in memory together; see <see cref="Http2ServerOptions.MaxMemory"/>.</summary>
    public long MemoryLimit => _host.Memory.Limit;

    /// <summary>How many connections were ended so far because memory was short.</summary>
    public long EndedForMemory => _host.Relief.Ended;

    /// <summary>The connections that are open.</summary>
    internal ICollection<Http2Connection> Connections => _host.Connections.Open;

    /// <summary>A server at one address with a handler class.</summary>
    /// <typeparam name="THandler">The handler class; one instance a stream.</typeparam>
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

    /// <summary>Listens and begins to serve.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="Http2ListenException">An address is taken, is not ours, or is not permitted.</exception>
    /// <exception cref="Http2ShortageException">The system gives no thread or no descriptor to serve with.</exception>
    /// <exception cref="InvalidOperationException">The server was started before, or stopped.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var listeners = await Listener.OpenAllAsync(_options, _host, _starter, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_listeners is not null || _stopping.IsCancellationRequested)
            {
                listeners.ForEach(l => l.Close());
                throw new InvalidOperationException("A server is started once.");
            }
            _listeners = listeners;
        }
        foreach (var endpoint in OptionRules.Endpoints(_options))
            endpoint.Tls?.WarnOfDates(_host.Logger, _options.TimeProvider.GetUtcNow());
        try
        {
            _host.StartLoops();
            foreach (var listener in listeners)
            {
                Log.Listening(_host.Logger, listener.Bound.Uri);
                listener.Accept();
            }
        }
        catch (Http2ShortageException)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Ends gracefully: listens no more, tells clients with GOAWAY (RFC 9113 §6.8), lets requests in flight finish for
    /// <see cref="Http2ServerOptions.DrainTimeout"/>, then cuts what is left. Further calls wait for the same end.
    /// </summary>
    /// <param name="cancellationToken">Cuts what is left at once.</param>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return _stopped ??= DrainAsync(cancellationToken);
    }

    /// <summary>Starts unless started, serves until the token is cancelled or the server is stopped, then ends gracefully.</summary>
    /// <param name="cancellationToken">Ends serving.</param>
    /// <exception cref="Http2ListenException">An address is taken, is not ours, or is not permitted.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_listeners is null)
            await StartAsync(cancellationToken).ConfigureAwait(false);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancellationToken.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), end))
        using (_stopping.Token.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), end))
            await end.Task.ConfigureAwait(false);
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts unless started and blocks until the server is stopped or the process gets SIGINT or SIGTERM; then ends gracefully. A second
    /// signal ends the process at once.
    /// </summary>
    /// <exception cref="Http2ListenException">An address is taken, is not ours, or is not permitted.</exception>
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
    /// Serves one connection over a stream that is connected already, such as one of another transport. No listening is needed.
    /// </summary>
    /// <param name="stream">A duplex stream; disposed of at the end.</param>
    /// <param name="remote">The client's address, or null.</param>
    /// <returns>Completes when the connection has ended.</returns>
    public Task ServeAsync(Stream stream, EndPoint? remote = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return _starter.ServeAsync(new StreamTransport(stream, _options.TimeProvider), null, remote);
    }

    /// <summary>Serves one connection over a pair of pipes that is connected already. No listening is needed.</summary>
    /// <param name="pipe">The pipes; completed at the end.</param>
    /// <param name="remote">The client's address, or null.</param>
    /// <returns>Completes when the connection has ended.</returns>
    public Task ServeAsync(IDuplexPipe pipe, EndPoint? remote = null)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return _starter.ServeAsync(new PipeTransport(pipe, _options.TimeProvider), null, remote);
    }

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private static T Checked<T>(T handler, [CallerArgumentExpression(nameof(handler))] string name = "")
        where T : Delegate
    {
        ArgumentNullException.ThrowIfNull(handler, name);
        return handler;
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        Log.Stopping(_host.Logger, ConnectionCount);
        _listeners?.ForEach(l => l.Close());
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var connection in _host.Connections.Open)
            connection.BeginShutdown();
        var empty = _host.Connections.WhenEmpty();
        try
        {
            await empty.WaitAsync(_options.DrainTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            var left = _host.Connections.Open;
            Log.Cut(_host.Logger, left.Count);
            foreach (var connection in left)
                connection.Cut();
        }
        _host.StopLoops();
    }
}
