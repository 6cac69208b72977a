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

    /// <summary>How long the first octets and the TLS handshake may take. Default 5 s and, for TLS, as much again.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one write may take before the connection is cut; a slow reader gets small ones. Default 30 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the same may last while reading is stopped for it: the client sends but does not read. Default 8 s.</summary>
    public TimeSpan UnreadTimeout { get; init; } = TimeSpan.FromSeconds(8);

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

    /// <summary>How long a closed connection still reads, so that the last GOAWAY is not lost to a TCP reset. Default 1 s.</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The text of the 426 response for an HTTP/1.x request on a cleartext port; null has one that names the ways to ask.
    /// </summary>
    public string? UpgradeRequiredText { get; init; }

    /// <summary>Sees all octets of all connections; for traces. Default none.</summary>
    public Http2FrameTap? FrameTap { get; init; }
}
