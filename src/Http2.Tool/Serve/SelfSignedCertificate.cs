using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Http2.Tool;

/// <summary>
/// A certificate for trying things out: made at start, stored nowhere, and signed by itself, so that clients do not trust it.
/// </summary>
internal static class SelfSignedCertificate
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>An ECDSA P-256 certificate for localhost, the loopback addresses and <paramref name="bind"/>, good for a year.</summary>
    /// <param name="bind">The address the server listens on, or null for all.</param>
    /// <param name="now">The time it is made.</param>
    public static X509Certificate2 Create(IPAddress? bind, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(bind));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        return CertificateFiles.ForTls(certificate);
    }

    private static X509Extension Names(IPAddress? bind)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        var isNamed = bind is null || IPAddress.Loopback.Equals(bind) || IPAddress.IPv6Loopback.Equals(bind)
            || IPAddress.Any.Equals(bind) || IPAddress.IPv6Any.Equals(bind);
        if (!isNamed)
            names.AddIpAddress(bind!);
        return names.Build();
    }
}
