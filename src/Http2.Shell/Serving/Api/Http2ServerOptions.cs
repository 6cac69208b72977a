using Http2.Pure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Http2.Shell;

/// <summary>
/// Where a server listens and how it bounds its clients. Immutable, thread-safe; the defaults are safe for a public server. Values are judged
/// when the server is made, which then throws an <see cref="ArgumentException"/> that names the option. Times are more than zero and at most a
/// day. docs/limits.md lists all limits with what each is for.
/// </summary>
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
    /// Where to listen, when one address is not enough. Default: an empty list; then the server listens at <see cref="Host"/> and <see
    /// cref="Port"/> with <see cref="Tls"/>. The list is copied.
    /// </summary>
    /// <exception cref="ArgumentNullException">The list, or an endpoint in it, is null.</exception>
    public IReadOnlyList<Http2Endpoint> Endpoints { get; init => field = OptionRules.Whole(value); } = [];

    /// <summary>What the server announces on each connection, and how it bounds the client there.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ConnectionOptions Connection { get; init => field = OptionRange.Given(value, nameof(Connection)); } = ConnectionOptions.Default;

    /// <summary>
    /// Where the log goes. By default only errors are logged, to standard error, with at most one line in ten seconds for each kind of failure.
    /// For no log at all, make a <see cref="NullLoggerFactory"/> and give that.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ILoggerFactory LoggerFactory { get; init => field = OptionRange.Given(value, nameof(LoggerFactory)); } = NullLoggerFactory.Instance;

    /// <summary>
    /// Makes the response to a request whose handler failed before it answered. It is given the request and the exception. The connection
    /// calls it on its own thread, so it must not wait. Without it (null, the default), and when it throws, returns null, or makes a response
    /// that cannot be sent, the client gets status 500 and a line of text that says nothing of the failure.
    /// </summary>
    public Func<Http2Exchange, Exception, Http2Response?>? FailureResponse { get; init; }

    /// <summary>The clock for deadlines and for the <c>date</c> field. Default: the system's.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider { get; init => field = OptionRange.Given(value, nameof(TimeProvider)); } = TimeProvider.System;

    /// <summary>The value of a <c>server</c> field for every response, or null for none. Default null.</summary>
    public string? ServerHeader { get; init; }

    /// <summary>Whether responses carry <c>date</c> (RFC 9110 §6.6.1). Default true.</summary>
    public bool SendDate { get; init; } = true;

    /// <summary>Which threads serve connections and run handlers. Default: <see cref="Http2Scheduling.EventLoops"/>.</summary>
    public Http2Scheduling Scheduling { get; init; }

    /// <summary>How many threads the event loops have, or null for as many as suit the machine. For tests.</summary>
    internal LoopSettings? Loops { get; init; }

    /// <summary>
    /// How many connections may be open at one time, 1 or more; further ones are closed at once. Default 16,384. Where the process may open
    /// fewer descriptors, fewer are accepted (<see cref="Http2ProcessLimits.Connections"/>).
    /// </summary>
    public int MaxConnections { get; init; } = 16384;

    /// <summary>
    /// How many octets of a response's body are read ahead for each stream while the client has no room for them, 4,096 or more. Default 64 KiB.
    /// </summary>
    public int MaxUnsentPerStream { get; init; } = 64 * 1024;

    /// <summary>
    /// How many octets the buffers of all response bodies of a connection may have together, 8,192 or more. Bodies beyond that get the smallest
    /// buffers, two of 4 KiB each. Bodies of fixed octets need no buffers. Default 1 MiB.
    /// </summary>
    public int MaxBodyBuffersPerConnection { get; init; } = 1024 * 1024;

    /// <summary>
    /// How many octets of frames may wait for the transport of a connection, 16,384 or more; above that the server reads nothing from it until
    /// the client takes some. Small responses go out together until the bound is reached, since a few large writes cost less than many small
    /// ones. Default 96 KiB.
    /// </summary>
    public int MaxUnsentPerConnection { get; init; } = 96 * 1024;

    /// <summary>
    /// How many octets of memory all connections may hold together, 1 MiB or more. Connections themselves count, and their buffers, output that
    /// waits for clients, streams that are not finished, and octets that handlers have not read. When memory is nearly used up, less is read
    /// ahead; then connections that hold more than their share get no new streams; then those that hold most and move least are ended. The
    /// default, null, is a quarter of the memory that the process may use: the least of the machine's, its control group's, and the limit of
    /// the garbage collector.
    /// </summary>
    public long? MaxMemory { get; init; }

    /// <summary>
    /// How long a new client may take to say something: its first octets in cleartext, its first message of the handshake under TLS. The rest of
    /// a TLS handshake may take twice that time. Default 10 s.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many TLS records without application data (empty ones, KeyUpdate, other messages after the handshake) a client may send before its
    /// connection is closed. Some clients pad their records in a way that counts as empty records. Default 1,000 at once and 10 a second.
    /// </summary>
    public RateLimit EmptyTlsRecordLimit { get; init; } = new(1000, 10);

    /// <summary>
    /// How long a client may take nothing of what is sent to it before its connection is cut. Octets that it takes earn it more time: each 240
    /// octets that the transport took, or that the client's TCP acknowledged, are worth a second, up to twice this time in all. A client that
    /// took megabytes at once may be silent as long as a line of 64 kbit/s needs for them, up to 40 times this time. Default 30 s.
    /// </summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a client may take nothing of what is sent to it, as <see cref="SendTimeout"/> counts, when the server reads nothing from it any
    /// more: the client makes the server answer its frames (PING, SETTINGS, faulty ones) and does not read the answers. Default 8 s.
    /// </summary>
    public TimeSpan UnreadTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long a client may take nothing of what is sent to it, as <see cref="SendTimeout"/> counts, when its host does not answer at all: a
    /// laptop that sleeps, a phone in a tunnel. Only where the system tells that (TCP on Linux); elsewhere SendTimeout holds. Default 2 min.
    /// </summary>
    public TimeSpan UnreachableTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a connection may wait for its handlers when the client has ended its side of it (TCP's half-close) and nothing is sent to it:
    /// such a client cannot be asked whether it still wants the answers. Default 2 min.
    /// </summary>
    public TimeSpan HalfClosedTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long <see cref="Http2Server.StopAsync"/> waits for open requests before it cuts their connections. Default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the rest of a request's body is received and thrown away when the handler answered without reading it: after an error at most
    /// this long, as a rule only until the client has read the answer; after a successful answer until nothing has come for this long. Then the
    /// client is told to stop sending it (RST_STREAM with NO_ERROR, RFC 9113 §8.1). Default 1 s.
    /// </summary>
    public TimeSpan UnreadBodyTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how many octets of a request's body the client still gets credit when the handler answered with an error (a status of 300 or above)
    /// without reading it, 0 or more. Beyond that the client is left to its window until it is told to stop. Default 64 KiB.
    /// </summary>
    public int MaxUnreadBody { get; init; } = 64 * 1024;

    /// <summary>
    /// How many octets the body of a request may have, 0 or more, or null for no limit. For a larger one the client gets 413 (RFC 9110
    /// §15.5.14), at once when <c>content-length</c> declares it. <see cref="Http2Exchange.MaxRequestBodySize"/> sets the limit of one request.
    /// Tunnels (CONNECT) have no limit. Default null: a body is handed to its handler as it comes and costs no memory, so only the handler knows
    /// what is too much.
    /// </summary>
    public long? MaxRequestBodySize { get; init; }

    /// <summary>
    /// How many octets of a request's body its reader may have examined without consuming them (<c>PipeReader.AdvanceTo(consumed,
    /// examined)</c>), 16,384 or more. This is the largest message that a reader can wait for until it is whole; the client gets window credit
    /// for examined octets as for consumed ones. A reader that examines more gets <see cref="Http2BodyBufferException"/>. Default 8 MiB, so that
    /// a gRPC message of 4 MiB fits with its prefix.
    /// </summary>
    public int MaxExaminedPerRequest { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// How many octets the readers of all request bodies of a connection together may have examined without consuming them, 16,384 or more; see
    /// <see cref="MaxExaminedPerRequest"/>. Default 256 MiB: 64 messages of 4 MiB at a time.
    /// </summary>
    public int MaxExaminedPerConnection { get; init; } = 256 * 1024 * 1024;

    /// <summary>
    /// How long the server still reads from a connection that it has ended, so that a TCP reset does not destroy the last octets that it sent.
    /// The time begins anew as long as some of these octets are still on their way. Default 1 s.
    /// </summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether all clients are gateways that are trusted to say for which scheme and host a request is: proxies that end TLS in front of this
    /// server and forward requests in cleartext or over TLS of their own. When false, a request is answered with 421 and reaches no handler if
    /// its scheme is not that of the connection, or if its host was neither named in the TLS handshake nor stands in the certificate (RFC 9110
    /// §7.4). Connections that are handed to <see cref="Http2Server.ServeAsync(Stream, System.Net.EndPoint)"/> are not judged. Default false.
    /// </summary>
    public bool TrustGateway { get; init; }

    /// <summary>
    /// Whether CONNECT (RFC 9113 §8.5) reaches handlers; a final status of 200 to 299 then turns its stream into a tunnel. When false, CONNECT
    /// is answered with 501.
    /// Extended CONNECT (RFC 8441) has an option of its own, <see cref="ConnectionOptions.EnableConnectProtocol"/>. Default false.
    /// </summary>
    public bool AllowConnect { get; init; }

    /// <summary>
    /// How many octets of content a request of HTTP/1.1 may have that asks for HTTP/2 by Upgrade on a cleartext port (RFC 7540 §3.2), 0 or more. More
    /// is answered with 413, as is more than <see cref="Http2Limits.InitialStreamWindow"/>. All of the content must come within
    /// <see cref="HandshakeTimeout"/>. Default 64 KiB less one octet.
    /// </summary>
    public int MaxUpgradeContent { get; init; } = 65535;

    /// <summary>
    /// The text of the 426 response to an HTTP/1.x request on a cleartext port. Default null: a text that names clients and how they ask for
    /// HTTP/2.
    /// </summary>
    public string? UpgradeRequiredText { get; init; }

    /// <summary>Sees all octets of all connections, for traces and recordings. Default null: nobody does.</summary>
    public Http2FrameTap? FrameTap { get; init; }
}
