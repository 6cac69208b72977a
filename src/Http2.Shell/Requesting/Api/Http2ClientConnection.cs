using System.IO.Pipelines;
using System.Net;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// One connection of a client (RFC 9113). Requests may be sent from any thread at the same time. All members are thread-safe. Whoever has done with
/// it disposes of it, which ends it; <see cref="ShutdownAsync"/> first lets the requests that are open come to their end.
/// </summary>
public sealed class Http2ClientConnection : IAsyncDisposable
{
    private readonly Http2Connection _engine;
    private readonly RequestingRole _role;

    private Http2ClientConnection(Http2Connection engine, RequestingRole role) => (_engine, _role) = (engine, role);

    /// <summary>What is known of the connection: its addresses, TLS, the settings that the server has announced.</summary>
    public Http2ConnectionInfo Info => _engine.Info;

    /// <summary>What this end has announced and bounds.</summary>
    public ConnectionOptions Settings => _role.Host.Options.Connection;

    /// <summary>What the server said with GOAWAY (RFC 9113 §6.8), or null as long as it has said nothing.</summary>
    public Http2GoAway? GoAway => _role.GoAway;

    /// <summary>Whether requests can be sent: neither end goes away. A moment later it may be otherwise.</summary>
    public bool IsOpen => _engine.End.IsOpen && GoAway is null && !_role.IsLeaving;

    /// <summary>How many streams are open; requests that wait for a place are not counted.</summary>
    public int OpenStreams => _engine.Exchanges.Count;

    /// <summary>How many requests wait for a place, because as many streams are open as the server allows (RFC 9113 §5.1.2).</summary>
    public int WaitingRequests => _role.Waiting;

    /// <summary>Completes when the connection has ended and everybody has been told. It never fails.</summary>
    public Task Ended => _engine.End.Ended;

    internal Http2Connection Engine => _engine;

    internal RequestingRole Role => _role;

    /// <summary>
    /// Connects to a server: over TLS for an <c>https</c> address, in cleartext with prior knowledge (RFC 9113 §3.3) for an <c>http</c> address.
    /// </summary>
    /// <param name="origin">The address; its path is of no matter.</param>
    /// <param name="options">How to connect and what to allow, or null for the defaults.</param>
    /// <param name="cancellationToken">Cancels connecting; it has no effect later.</param>
    /// <exception cref="Http2ConnectException">The server cannot be reached, does not speak HTTP/2, or took too long.</exception>
    /// <exception cref="ArgumentException">The address is not one, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<Http2ClientConnection> ConnectAsync(
        Uri origin, Http2ClientOptions? options = null, CancellationToken cancellationToken = default) =>
        new Connector(ClientHost.Of(options ?? Http2ClientOptions.Default)).ConnectAsync(origin, cancellationToken);

    /// <summary>A connection over a pair of pipes that is connected already.</summary>
    /// <param name="pipe">The pipes; both are completed at the end.</param>
    /// <param name="options">What to allow, or null for the defaults.</param>
    /// <param name="origin">What requests are for unless they say otherwise; null for <c>http://localhost</c>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static Http2ClientConnection Over(IDuplexPipe pipe, Http2ClientOptions? options = null, Uri? origin = null)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        var host = ClientHost.Of(options ?? Http2ClientOptions.Default);
        return Over(host, new PipeTransport(pipe, host.Engine.Time), origin);
    }

    /// <summary>A connection over a stream that is connected already.</summary>
    /// <param name="stream">A duplex stream; it is disposed of at the end.</param>
    /// <param name="options">What to allow, or null for the defaults.</param>
    /// <param name="origin">What requests are for unless they say otherwise; null for <c>http://localhost</c>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static Http2ClientConnection Over(Stream stream, Http2ClientOptions? options = null, Uri? origin = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var host = ClientHost.Of(options ?? Http2ClientOptions.Default);
        return Over(host, new StreamTransport(stream, host.Engine.Time), origin);
    }

    /// <summary>
    /// Sends a request and answers when it has a stream: at once, or when the server allows one more (RFC 9113 §5.1.2). The response is waited for
    /// with <see cref="Http2ClientStream.Response"/>.
    /// </summary>
    /// <param name="request">The request. A body that is read is disposed of after use, whatever becomes of the request.</param>
    /// <param name="cancellationToken">Gives the request up at any time: its stream is reset with CANCEL.</param>
    /// <exception cref="Http2NotProcessedException">The connection goes away or has ended; the request may be sent on another one.</exception>
    /// <exception cref="Http2MisuseException">A field of the request may not be sent.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<Http2ClientStream> SendAsync(Http2ClientRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var stream = new Http2ClientStream();
        stream.Attach(_engine, request.Settled());
        var opened = stream.WaitOpened();
        _role.Queue.TakePlace();
        stream.CancelWith(cancellationToken);
        _role.Commands.SendInPlace(stream);
        await opened.ConfigureAwait(false);
        return stream;
    }

    /// <summary>
    /// Sends a request without waiting for a stream, which it gets later when the server allows no more now. What goes wrong shows when the
    /// response is waited for.
    /// </summary>
    /// <param name="request">The request. A body that is read is disposed of after use, whatever becomes of the request.</param>
    /// <param name="cancellationToken">Gives the request up at any time: its stream is reset with CANCEL.</param>
    public Http2ClientStream Send(Http2ClientRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        _role.Queue.TakePlace();
        return SendInPlace(request, cancellationToken);
    }

    /// <summary>
    /// Sends a request whose response a handler is told of by callbacks; without waiting for a stream, as the other overload does.
    /// </summary>
    /// <param name="request">The request. A body that is read is disposed of after use, whatever becomes of the request.</param>
    /// <param name="handler">The handler, one for each request.</param>
    /// <exception cref="InvalidOperationException">The handler has a request already.</exception>
    public void Send(Http2ClientRequest request, Http2ResponseHandler handler)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(handler);
        Send(request, (Http2ClientExchange)handler);
    }

    /// <summary>Sends a request whose response an exchange is told of.</summary>
    internal void Send(Http2ClientRequest request, Http2ClientExchange exchange)
    {
        exchange.Attach(_engine, request.Settled());
        _role.Commands.Send(exchange);
    }

    /// <summary>Opens a tunnel to a host through the server, which is a proxy (CONNECT, RFC 9113 §8.5).</summary>
    /// <param name="authority">Host and port of the other end, for example <c>example.org:443</c>.</param>
    /// <param name="headers">The header fields of the request, or null for none.</param>
    /// <param name="cancellationToken">Gives the request up; it has no effect once the tunnel is there.</param>
    /// <exception cref="Http2ConnectException">The server refused the tunnel.</exception>
    public Task<Http2TunnelStream> OpenTunnelAsync(
        string authority, Http2Headers? headers = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(authority);
        _role.Queue.TakePlace();
        return new Tunnels(this).OpenAsync(body => new("CONNECT", "", headers, body) { Authority = authority }, cancellationToken);
    }

    /// <summary>Opens a tunnel of another protocol to the server (extended CONNECT, RFC 8441), once the server has said that it takes them.</summary>
    /// <param name="protocol">The value of <c>:protocol</c>, for example <c>websocket</c>.</param>
    /// <param name="target">The path with its query.</param>
    /// <param name="headers">The header fields of the request, or null for none.</param>
    /// <param name="cancellationToken">Gives the request up; it has no effect once the tunnel is there.</param>
    /// <exception cref="Http2ConnectException">The server refused the tunnel, or takes no extended CONNECT.</exception>
    public Task<Http2TunnelStream> OpenProtocolAsync(
        string protocol, string target, Http2Headers? headers = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(protocol);
        ArgumentException.ThrowIfNullOrEmpty(target);
        _role.Queue.TakePlace();
        return new Tunnels(this).OpenAsync(body => new("CONNECT", target, headers, body) { Protocol = protocol }, cancellationToken);
    }

    /// <summary>Sends a PING (RFC 9113 §6.7) and waits for its answer.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How long the answer took.</returns>
    /// <exception cref="Http2StreamClosedException">The connection ended before the answer came.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default) => _role.Commands.PingAsync().WaitAsync(cancellationToken);

    /// <summary>
    /// Ends the connection gracefully: GOAWAY is sent (RFC 9113 §6.8), no request is taken any more, and the open ones come to their end within
    /// <see cref="Http2Limits.ShutdownTimeout"/>.
    /// </summary>
    /// <param name="cancellationToken">Cuts the connection.</param>
    /// <returns>Completes when the connection has ended.</returns>
    public async Task ShutdownAsync(CancellationToken cancellationToken = default)
    {
        _role.Leave("the connection is being shut down");
        await using var cut = cancellationToken.UnsafeRegister(static engine => ((Http2Connection)engine!).Stop.AtOnce(), _engine).ConfigureAwait(false);
        _engine.Stop.Gracefully();
        await Ended.ConfigureAwait(false);
    }

    /// <summary>Ends the connection at once: GOAWAY is sent, and the streams that are open are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        _role.Leave("the connection was disposed of");
        _engine.Stop.Now();
        await Ended.ConfigureAwait(false);
    }

    /// <summary>Where the connection leads, and how.</summary>
    public override string ToString() => $"connection {Info.Id} to {_role.Origin}";

    /// <summary>Sends a request whose place was taken; it is given up when the request cannot be sent.</summary>
    internal Http2ClientStream SendInPlace(Http2ClientRequest request, CancellationToken cancellation)
    {
        var stream = new Http2ClientStream();
        try
        {
            stream.Attach(_engine, request.Settled());
            stream.CancelWith(cancellation);
        }
        catch
        {
            _role.Queue.LeavePlace();
            throw;
        }
        _role.Commands.SendInPlace(stream);
        return stream;
    }

    internal static Http2ClientConnection Begin(ClientHost host, ITransport transport, Http2ConnectionInfo info, Origin origin)
    {
        if (!host.Engine.Connections.TryReserve(int.MaxValue))
        {
            transport.Close();
            throw new Http2ConnectException($"cannot connect to {origin}: connections hold all of the memory that {nameof(Http2ClientOptions.MaxMemory)} allows");
        }
        var engine = new Http2Connection(host.Engine, transport, info);
        var role = new RequestingRole(engine, host, origin);
        engine.Start(role, default);
        return new Http2ClientConnection(engine, role);
    }

    private static Http2ClientConnection Over(ClientHost host, ITransport transport, Uri? origin)
    {
        var info = new Http2ConnectionInfo(host.Engine.NextConnectionId(), null, null);
        return Begin(host, transport, info, origin is null ? new Origin("http", "localhost") : Origin.Of(origin));
    }
}
