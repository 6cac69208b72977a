using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Whether a request is for an origin that its connection is for (RFC 9110 §7.4): the scheme is that of the transport, and over TLS the
/// host is the one that the handshake named, or another that the certificate is for, as clients that reuse connections rely on (RFC 9113
/// §9.1.1). Ports are not judged: what stands between may forward others. One for each connection over TLS; owner only.
/// </summary>
internal sealed class OriginCheck
{
    private readonly X509Certificate? _certificate;
    private readonly string? _serverName;
    private readonly bool _isServerNameAlone;

    // Clients ask for the same authority again and again.
    private byte[] _last = [];

    private OriginCheck(X509Certificate? certificate, string? serverName, bool isServerNameAlone)
    {
        _certificate = certificate;
        _serverName = serverName;
        _isServerNameAlone = isServerNameAlone;
    }

    /// <summary>
    /// Without TLS nothing says whom the client wanted to reach: any host will do. Holds no state, so all connections share it.
    /// </summary>
    public static OriginCheck Cleartext { get; } = new(null, null, false);

    /// <summary>What a connection over TLS is for.</summary>
    /// <param name="certificate">The certificate that the server showed.</param>
    /// <param name="serverName">The name that the client asked for (SNI), or null.</param>
    /// <param name="isClientKnown">
    /// Whether the client showed a certificate. It showed it to the host it named, and no other host may take advantage of that: each gets
    /// a connection of its own.
    /// </param>
    public static OriginCheck OverTls(X509Certificate certificate, string? serverName, bool isClientKnown) =>
        new(certificate, Ascii(serverName), isClientKnown && serverName is not null);

    /// <summary>
    /// Whether the request is for this connection. What names no host is not judged, as OPTIONS of gateways that ask whether this server
    /// is there; nor is CONNECT to be asked about, which has no scheme and names a target that is no origin.
    /// </summary>
    /// <param name="scheme">The scheme of the request, for every request asks and has read it already.</param>
    /// <param name="head">The request.</param>
    public bool Accepts(ReadOnlySpan<byte> scheme, in RequestHead head)
    {
        if (!IsExpected(scheme))
            return head.Authority.IsEmpty && head.Method.SequenceEqual("OPTIONS"u8);
        if (_certificate is null)
            return true;
        var authority = head.Authority;
        if (authority.SequenceEqual(_last) || authority.IsEmpty)
            return true;
        if (!IsOurs(HostOf(authority)))
            return false;
        _last = authority.ToArray();
        return true;
    }

    // Against a constant first, which takes a few instructions.
    private bool IsExpected(ReadOnlySpan<byte> scheme) => _certificate is null
        ? scheme.SequenceEqual("http"u8) || System.Text.Ascii.EqualsIgnoreCase(scheme, "http"u8)
        : scheme.SequenceEqual("https"u8) || System.Text.Ascii.EqualsIgnoreCase(scheme, "https"u8);

    private bool IsOurs(string host)
    {
        if (_serverName is not null)
        {
            return host.Equals(_serverName, StringComparison.OrdinalIgnoreCase)
                || (!_isServerNameAlone && CertificateNames.Of(_certificate!).Covers(host));
        }
        // Who connects to an address can name none in the handshake (RFC 6066 §3), and which address it was is not known behind one that
        // forwards.
        return IPAddress.TryParse(host, out _) || CertificateNames.Of(_certificate!).Covers(host);
    }

    // The form of the authority was judged before.
    private static string HostOf(ReadOnlySpan<byte> authority)
    {
        if (authority is [(byte)'[', ..])
            return Encoding.ASCII.GetString(authority[1..authority.IndexOf((byte)']')]);
        var colon = authority.IndexOf((byte)':');
        var host = colon < 0 ? authority : authority[..colon];
        return Encoding.ASCII.GetString(host is [.., (byte)'.'] ? host[..^1] : host);
    }

    // The TLS layer tells names in the letters of their language; requests have them in ASCII (RFC 5890).
    private static string? Ascii(string? name)
    {
        if (name is null || System.Text.Ascii.IsValid(name))
            return name?.TrimEnd('.');
        try
        {
            return new IdnMapping().GetAscii(name.TrimEnd('.'));
        }
        catch (ArgumentException)
        {
            return name;
        }
    }
}
