using System.Security.Authentication;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>The names of TLS versions.</summary>
internal static class TlsVersion
{
    /// <summary>The version of TLS as people write it, or null without TLS.</summary>
    public static string? NameOf(Http2ConnectionInfo connection) => connection.TlsProtocol switch
    {
        SslProtocols.None => null,
        SslProtocols.Tls12 => "TLS 1.2",
        SslProtocols.Tls13 => "TLS 1.3",
        var other => other.ToString(),
    };
}
