using System.Net;

namespace Http2.Shell;

/// <summary>Where a server listens. Immutable.</summary>
public sealed record Http2Endpoint
{
    /// <summary>
    /// A host name or address, not empty, or null for all interfaces over IPv4 and IPv6. A name that has several addresses listens on all of
    /// them.
    /// </summary>
    public string? Host { get; init; }

    /// <summary>The TCP port, 0 to 65535; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>TLS, or null for cleartext with prior knowledge.</summary>
    public Http2Tls? Tls { get; init; }

    /// <summary>
    /// The path of a Unix domain socket to listen on instead of TCP, or null. A socket at that path on which nobody listens any more is
    /// replaced; whatever else stands there is left alone, and starting the server fails. When the server ends it removes the path, if the
    /// socket there is still its own. A path that begins with a NUL is no file but an abstract socket name (Linux).
    /// </summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>
    /// The mode of the Unix domain socket's file: users who may write to it may connect. It is in force before anybody can connect. Null, the
    /// default, takes what the process's file mode mask leaves. Not available on Windows and for abstract socket names.
    /// </summary>
    public UnixFileMode? UnixSocketMode { get; init; }
}

/// <summary>Where a started server can be reached.</summary>
/// <param name="Address">The address that the server listens at, with the port that it got.</param>
/// <param name="IsTls">Whether connections there are under TLS.</param>
/// <param name="Uri">The address as a link: <c>https://127.0.0.1:8443</c>, <c>http://[::1]:8080</c>, <c>unix:/run/x.sock</c>.</param>
public sealed record Http2BoundEndpoint(EndPoint Address, bool IsTls, Uri Uri);
