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
    /// The path of a Unix domain socket to listen on instead of TCP, or null. What is there already is left alone, and starting fails, unless
    /// it is a socket on which nobody listens any more; that one is replaced. At the end the path is removed if it is still this server's
    /// own. One that begins with a NUL is a name of the system's instead of a file (Linux).
    /// </summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>
    /// Who may connect to the Unix domain socket: whoever may write to it. Set before anybody can connect. Null leaves it to the mask of the
    /// process. Not on Windows.
    /// </summary>
    public UnixFileMode? UnixSocketMode { get; init; }
}

/// <summary>Where a started server can be reached.</summary>
/// <param name="Address">The address with the port that was taken.</param>
/// <param name="IsTls">Whether TLS is spoken there.</param>
/// <param name="Uri">The address as a link: <c>https://127.0.0.1:8443</c>, <c>http://[::1]:8080</c>, <c>unix:/run/x.sock</c>.</param>
public sealed record Http2BoundEndpoint(EndPoint Address, bool IsTls, Uri Uri);
