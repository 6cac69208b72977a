using Http2.Pure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Http2.Shell;

/// <summary>How a server listens and bounds its clients. Immutable; the defaults are safe for a public server.</summary>
public sealed record Http2ServerOptions
{
    /// <summary>
    /// A host name or address, or null for all interfaces over IPv4 and IPv6. Ignored when <see cref="Endpoints"/> has entries.
    /// </summary>
    public string? Host { get; init; }

    /// <summary>The TCP port, 0 to 65535; 0 takes a free one. Ignored when <see cref="Endpoints"/> has entries.</summary>
    public int Port { get; init; }

    /// <summary>TLS, or null for cleartext with prior knowledge. Ignored when <see cref="Endpoints"/> has entries.</summary>
    public Http2Tls? Tls { get; init; }

    /// <summary>
    /// Where to listen, when one address is not enough. Default: none, so that <see cref="Host"/> and its companions count.
    /// </summary>
    public IReadOnlyList<Http2Endpoint> Endpoints { get; init; } = [];

    /// <summary>What each connection announces and how it bounds its peer.</summary>
    public ConnectionOptions Connection { get; init; } = ConnectionOptions.Default;

    /// <summary>Where the log goes. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock for deadlines and for the <c>date</c> field.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The value of a <c>server</c> field for every response, or null for none. Default null.</summary>
    public string? ServerHeader { get; init; }

    /// <summary>Whether responses carry <c>date</c> (RFC 9110 §6.6.1). Default true.</summary>
    public bool SendDate { get; init; } = true;

    /// <summary>Which threads serve connections and run handlers. Default: event loops, where there are any.</summary>
    public Http2Scheduling Scheduling { get; init; }

    /// <summary>Connections at one time, 1 or more; those beyond are closed at once. Default 16,384.</summary>
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
    /// How long a client may take to say something: in cleartext its first octets, under TLS its part of the handshake up to the server's
    /// answer; the rest of a handshake may then take twice as long again. Default 10 s.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

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
    /// How long a connection that is over still reads, so that the last octets are not lost to a TCP reset; and as long again as long as some of
    /// them are on their way. Default 1 s.
    /// </summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The text of the 426 response for an HTTP/1.x request on a cleartext port; null has one that names the ways to ask.
    /// </summary>
    public string? UpgradeRequiredText { get; init; }

    /// <summary>Sees all octets of all connections; for traces. Default none.</summary>
    public Http2FrameTap? FrameTap { get; init; }
}
