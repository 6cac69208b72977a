using Http2.Pure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Http2.Shell;

/// <summary>How a server listens and bounds its clients. Immutable; the defaults are safe for a public server.</summary>
public sealed record Http2ServerOptions
{
    /// <summary>
    /// A host name or address, not empty, or null for all interfaces over IPv4 and IPv6. Ignored when <see cref="Endpoints"/> has entries.
    /// </summary>
    public string? Host { get; init; }

    /// <summary>The TCP port, 0 to 65535; 0 takes a free one. Ignored when <see cref="Endpoints"/> has entries.</summary>
    public int Port { get; init; }

    /// <summary>TLS, or null for cleartext with prior knowledge. Ignored when <see cref="Endpoints"/> has entries.</summary>
    public Http2Tls? Tls { get; init; }

    /// <summary>
    /// Where to listen, when one address is not enough. Default: none, so that <see cref="Host"/> and its companions count. The list is
    /// copied.
    /// </summary>
    /// <exception cref="ArgumentNullException">It, or an endpoint in it, is null.</exception>
    public IReadOnlyList<Http2Endpoint> Endpoints { get; init => field = OptionRules.Whole(value); } = [];

    /// <summary>What each connection announces and how it bounds its peer.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public ConnectionOptions Connection { get; init => field = OptionRules.Given(value, nameof(Connection)); } = ConnectionOptions.Default;

    /// <summary>
    /// Where the log goes. Default: errors only, to standard error, a line for each kind of failure at most every ten seconds. For no log at
    /// all give a <see cref="NullLoggerFactory"/> of your own.
    /// </summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public ILoggerFactory LoggerFactory { get; init => field = OptionRules.Given(value, nameof(LoggerFactory)); } = NullLoggerFactory.Instance;

    /// <summary>
    /// Makes the response to a request whose handler failed before it answered: given the request and what was thrown. It is called by the
    /// connection itself, so it may not wait. Null, the default, has status 500 and a line of text that tells nothing of the failure; so do
    /// requests for which this fails, answers null, or makes what cannot be sent.
    /// </summary>
    public Func<Http2Exchange, Exception, Http2Response?>? FailureResponse { get; init; }

    /// <summary>The clock for deadlines and for the <c>date</c> field.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public TimeProvider TimeProvider { get; init => field = OptionRules.Given(value, nameof(TimeProvider)); } = TimeProvider.System;

    /// <summary>The value of a <c>server</c> field for every response, or null for none. Default null.</summary>
    public string? ServerHeader { get; init; }

    /// <summary>Whether responses carry <c>date</c> (RFC 9110 §6.6.1). Default true.</summary>
    public bool SendDate { get; init; } = true;

    /// <summary>Which threads serve connections and run handlers. Default: event loops, where there are any.</summary>
    public Http2Scheduling Scheduling { get; init; }

    /// <summary>How many threads the event loops have, or null for as many as suit the machine. For tests.</summary>
    internal LoopSettings? Loops { get; init; }

    /// <summary>
    /// Connections at one time, 1 or more; those beyond are closed at once. Default 16,384. Fewer are taken where the process may open fewer
    /// descriptors (<see cref="Http2ProcessLimits.Connections"/>).
    /// </summary>
    public int MaxConnections { get; init; } = 16384;

    /// <summary>
    /// Octets of a response body that are kept ready for each stream beyond what is on its way, 4,096 or more. Default 64 KiB.
    /// </summary>
    public int MaxUnsentPerStream { get; init; } = 64 * 1024;

    /// <summary>
    /// Octets that the buffers of all response bodies of a connection may hold together before further bodies get the smallest buffers
    /// there are, two of 4 KiB; 8,192 or more. Bodies of fixed octets need none. Default 1 MiB.
    /// </summary>
    public int MaxBodyBuffersPerConnection { get; init; } = 1024 * 1024;

    /// <summary>
    /// Octets encoded but not yet taken by the transport, for each connection; reading stops above it. At least 16,384. Default 96 KiB:
    /// small responses go out together until it is reached, and fewer, larger writes cost the kernel less.
    /// </summary>
    public int MaxUnsentPerConnection { get; init; } = 96 * 1024;

    /// <summary>
    /// Octets that all connections may hold in memory together, 1 MiB or more: themselves, buffers, output that waits for clients, streams that
    /// are not done, octets that handlers have not read. When it comes to its end less is kept ready, then connections that hold more than their
    /// share get no new streams, then those that hold most and move least are ended. Null, the default, is a quarter of what the process may
    /// use by the machine, its control group and the collector's limit.
    /// </summary>
    public long? MaxMemory { get; init; }

    /// <summary>
    /// How long a client may take to say something: in cleartext its first octets, under TLS its part of the handshake up to the server's
    /// answer; the rest of a handshake may then take twice as long again. Default 10 s.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// TLS records without application data (empty ones, KeyUpdate, other messages behind the handshake) that a client may send on a
    /// connection before it is closed. Clients that pad their records may seem to send some. Default 1,000 at once and 10 a second.
    /// </summary>
    public RateLimit EmptyTlsRecordLimit { get; init; } = new(1000, 10);

    /// <summary>
    /// How long a client may take nothing of what is sent to it before the connection is cut. What it takes earns it time: octets that the
    /// transport took, and octets that the client's TCP acknowledged; 240 of them are worth a second, up to twice this in all. One that took
    /// megabytes at once may be busy with them as long as a line of 64 kbit/s would need, up to 40 times this. Default 30 s.
    /// </summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The same for a client that makes the server answer its frames (PING, SETTINGS, faulty ones) and reads none of the answers, so that reading
    /// from it has stopped. Default 8 s.
    /// </summary>
    public TimeSpan UnreadTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// The same for a client whose host does not answer at all, such as a laptop that sleeps or a phone in a tunnel, where the system tells so
    /// (TCP on Linux). Default 2 min.
    /// </summary>
    public TimeSpan UnreachableTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long nothing may be sent to a client that has ended its side of the connection (TCP's half-close) and waits for answers; it cannot
    /// be asked whether it still wants them. Default 2 min.
    /// </summary>
    public TimeSpan HalfClosedTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long <see cref="Http2Server.StopAsync"/> waits for requests in flight. Default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the rest of a request is taken and thrown away when its delegate answered without reading it; then the client is told to
    /// stop (RST_STREAM, NO_ERROR). Default 1 s.
    /// </summary>
    public TimeSpan UnreadBodyTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Octets of such a rest that are taken before the client is told to stop, 0 or more. Default 64 KiB.</summary>
    public int MaxUnreadBody { get; init; } = 64 * 1024;

    /// <summary>
    /// The most octets that the body of a request may have, 0 or more, or null for no limit; beyond it the client gets 413 (RFC 9110
    /// §15.5.14), at once when it declares as much. <see cref="Http2Exchange.MaxRequestBodySize"/> changes it for one request. Tunnels
    /// (CONNECT) have no limit. Default null: bodies are handed on as they come and cost no memory, so what is too much only the handler knows.
    /// </summary>
    public long? MaxRequestBodySize { get; init; }

    /// <summary>
    /// Octets of a request's body that its reader may have looked at without taking them (<c>PipeReader.AdvanceTo(consumed, examined)</c>),
    /// 16,384 or more: the largest message that can be waited for until it is whole. The client gets credit for them as if they were taken;
    /// beyond, reading fails with <see cref="Http2BodyBufferException"/>. Default 8 MiB, so that a gRPC message of 4 MiB fits with its prefix.
    /// </summary>
    public int MaxExaminedPerRequest { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// The same for all requests of a connection together, 16,384 or more. Default 256 MiB: 64 messages of 4 MiB on their way at a time.
    /// </summary>
    public int MaxExaminedPerConnection { get; init; } = 256 * 1024 * 1024;

    /// <summary>
    /// How long a connection that is over still reads, so that the last octets are not lost to a TCP reset; and as long again as long as some of
    /// them are on their way. Default 1 s.
    /// </summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether all clients are gateways that are trusted to say what scheme and host a request is for: a proxy that ends TLS in front of
    /// this server and forwards over cleartext, or over TLS of its own. When false, a request whose scheme is not that of the connection, or
    /// whose host was neither named in the TLS handshake nor is in the certificate, is answered with 421 and reaches no handler (RFC 9110
    /// §7.4). Connections that are handed to <see cref="Http2Server.ServeAsync(Stream, System.Net.EndPoint)"/> are not judged. Default false.
    /// </summary>
    public bool TrustGateway { get; init; }

    /// <summary>
    /// Whether handlers get CONNECT (RFC 9113 §8.5), which a final status of 200 to 299 turns into a tunnel; else it is answered with 501.
    /// Extended CONNECT (RFC 8441) has an option of its own, <see cref="ConnectionOptions.EnableConnectProtocol"/>. Default false.
    /// </summary>
    public bool AllowConnect { get; init; }

    /// <summary>
    /// The text of the 426 response for an HTTP/1.x request on a cleartext port; null has one that names the ways to ask.
    /// </summary>
    public string? UpgradeRequiredText { get; init; }

    /// <summary>Sees all octets of all connections; for traces. Default none.</summary>
    public Http2FrameTap? FrameTap { get; init; }
}
