using System.Net;
using System.Net.Security;
using Http2.Pure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Http2.Shell;

/// <summary>
/// How a client connects and how it bounds its servers. Immutable, thread-safe; the defaults are safe towards a hostile server. Values are judged
/// when they are first used, which then throws an <see cref="ArgumentException"/> that names the option. Times are more than zero and at most a
/// day, unless they say otherwise. Connections that are made with the same options object share their threads and their memory budget, so make
/// one and keep it.
/// </summary>
public sealed record Http2ClientOptions
{
    // Before the defaults, which have it.
    private static ConnectionOptions ConnectionDefault { get; } = new()
    {
        EnablePush = false,
        InitialStreamWindow = 1024 * 1024,
        InitialConnectionWindow = 8 * 1024 * 1024,
        MaxHeaderListSize = 64 * 1024,
        MaxHeaderListSizeHard = 128 * 1024,
        MaxHeaderFields = 500,
    };

    /// <summary>The defaults.</summary>
    public static Http2ClientOptions Default { get; } = new();

    /// <summary>
    /// What the client announces on each connection, and how it bounds the server there. The defaults differ from those of a server: pushes are
    /// off, a stream's window is 1 MiB and a connection's 8 MiB, a response's field section may have 64 KiB, and a connection without requests is
    /// ended after 120 s.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ConnectionOptions Connection { get; init => field = OptionRange.Given(value, nameof(Connection)); } = ConnectionDefault;

    /// <summary>
    /// TLS for <c>https</c>: certificates, names, versions, callbacks. It is copied; ALPN offers <c>h2</c> alone, the version is TLS 1.2 or later, there
    /// is no renegotiation (RFC 9113 §9.2), and the name of the server is the host of the address unless it is set. Null, the default, has the
    /// system's settings.
    /// </summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>
    /// The path of a Unix domain socket to connect to instead of the host of the address, or null. A path that begins with a NUL is an abstract
    /// socket name (Linux). The address still says which scheme and host requests are for.
    /// </summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>
    /// The host, by name or address, and the port to connect to instead of those of the address, or null. The address still says which scheme and
    /// host requests are for, and whose certificate is wanted. Ignored when <see cref="UnixSocketPath"/> is set.
    /// </summary>
    public DnsEndPoint? ConnectTo { get; init; }

    /// <summary>How long looking up the name, connecting and the TLS handshake may take together. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the head of a response may take from the moment at which the request has a stream and its body is sent; then the stream is reset
    /// and waiting for the response fails with <see cref="TimeoutException"/>. <see cref="Timeout.InfiniteTimeSpan"/> sets no bound. Default 100 s.
    /// </summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How long a request with <c>expect: 100-continue</c> waits for 100 (Continue) before it sends its body all the same (RFC 9110 §10.1.1). Default
    /// 1 s.
    /// </summary>
    public TimeSpan ExpectContinueTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How fast the body of a response must come while somebody waits for it; else the stream is reset and reading fails with
    /// <see cref="Http2StreamClosedException"/>. Null sets no pace: for responses in which nothing may come for minutes, such as a stream of events.
    /// Tunnels have none. Default 1 octet a second, judged each 100 s.
    /// </summary>
    public PaceLimit? ResponseBodyPace { get; init; } = new(1, TimeSpan.FromSeconds(100));

    /// <summary>
    /// How fast the server must take the body of a request that is ready. Null, the default, sets no pace: a server may take the messages of a
    /// stream one by one.
    /// </summary>
    public PaceLimit? RequestBodyPace { get; init; }

    /// <summary>How many informational responses (RFC 9110 §15.2) one request may get, 0 or more; one more resets the stream. Default 64.</summary>
    public int MaxInformationalResponses { get; init; } = 64;

    /// <summary>
    /// How many octets of a request's body are read ahead for each stream while the server has no room for them, 4,096 or more. Default 64 KiB.
    /// </summary>
    public int MaxUnsentPerStream { get; init; } = 64 * 1024;

    /// <summary>How many octets the buffers of all request bodies of a connection may have together, 8,192 or more. Default 1 MiB.</summary>
    public int MaxBodyBuffersPerConnection { get; init; } = 1024 * 1024;

    /// <summary>
    /// How many octets of frames may wait for the transport of a connection, 16,384 or more; above that nothing is read from it until the server takes
    /// some. Default 96 KiB.
    /// </summary>
    public int MaxUnsentPerConnection { get; init; } = 96 * 1024;

    /// <summary>
    /// How many octets of a response's body its reader may have examined without consuming them (<c>PipeReader.AdvanceTo(consumed, examined)</c>),
    /// 16,384 or more. A reader that examines more gets <see cref="Http2BodyBufferException"/>. Default 8 MiB.
    /// </summary>
    public int MaxExaminedPerRequest { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// How many octets the readers of all response bodies of a connection together may have examined without consuming them, 16,384 or more.
    /// Default 256 MiB.
    /// </summary>
    public int MaxExaminedPerConnection { get; init; } = 256 * 1024 * 1024;

    /// <summary>
    /// How long a server may take nothing of what is sent to it before its connection is cut; octets that it takes earn it more time, as for
    /// <see cref="Http2ServerOptions.SendTimeout"/>. Default 30 s.
    /// </summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the last octets of a connection that this end has ended may be on their way before it is closed. Default 1 s.</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many TLS records without application data a server may send before its connection is closed. Default 1,000 at once and 10 a second.
    /// </summary>
    public RateLimit EmptyTlsRecordLimit { get; init; } = new(1000, 10);

    /// <summary>
    /// How many octets of memory all connections with these options may hold together, 1 MiB or more; see
    /// <see cref="Http2ServerOptions.MaxMemory"/>. The default, null, is a quarter of the memory that the process may use.
    /// </summary>
    public long? MaxMemory { get; init; }

    /// <summary>Which threads serve connections; what waits for responses goes on on the thread pool with either. Default: event loops.</summary>
    public Http2Scheduling Scheduling { get; init; }

    /// <summary>
    /// How many threads of their own the event loops of these connections have, 1 or more; null has all clients of the process share as many as there
    /// are cores.
    /// </summary>
    internal int? LoopThreads { get; init; }

    /// <summary>
    /// Where the log goes, under <c>Http2.Shell.Http2Client</c>. By default nothing is logged: what goes wrong is told by exceptions.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ILoggerFactory LoggerFactory { get; init => field = OptionRange.Given(value, nameof(LoggerFactory)); } = NullLoggerFactory.Instance;

    /// <summary>The clock for deadlines. Default: the system's.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider { get; init => field = OptionRange.Given(value, nameof(TimeProvider)); } = TimeProvider.System;

    /// <summary>Sees all octets of all connections, for traces and recordings. Default null: nobody does.</summary>
    public Http2FrameTap? FrameTap { get; init; }
}
