using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>
/// TLS for an endpoint. Whatever it is made from, ALPN offers <c>h2</c> alone, the version is TLS 1.2 or later, and there is no renegotiation
/// (RFC 9113 §9.2). Immutable, thread-safe.
/// </summary>
public sealed class Http2Tls
{
    private Http2Tls(SslServerAuthenticationOptions options) => Options = options;

    /// <summary>What the TLS layer is given.</summary>
    internal SslServerAuthenticationOptions Options { get; }

    /// <summary>What its certificate is called where it is complained of; null for its subject.</summary>
    internal string? CertificateName { get; init; }

    /// <summary>TLS with a certificate and its private key. The certificates of its chain are taken from the system's store.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <exception cref="ArgumentException">The certificate has no private key.</exception>
    public static Http2Tls From(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        JudgeKey(certificate, nameof(certificate));
        return new Http2Tls(Harden(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
        }));
    }

    /// <summary>
    /// TLS with options of .NET, for client certificates, several names, or cipher suites. They are copied, and the copy is hardened.
    /// </summary>
    /// <param name="options">The options. When a selection callback gives no certificate, the handshake fails and the log warns of it.</param>
    /// <exception cref="ArgumentException">
    /// The options allow only protocols below TLS 1.2; or they have neither a certificate nor a callback that selects one; or the certificate has
    /// no private key.
    /// </exception>
    public static Http2Tls From(SslServerAuthenticationOptions options) => From(options, certificateName: null);

    /// <summary>TLS with one certificate, which has a name for the log.</summary>
    internal static Http2Tls From(SslServerAuthenticationOptions options, string? certificateName)
    {
        ArgumentNullException.ThrowIfNull(options);
        JudgeCertificate(options);
        return new Http2Tls(Harden(new SslServerAuthenticationOptions
        {
            AllowTlsResume = options.AllowTlsResume,
            CertificateChainPolicy = options.CertificateChainPolicy,
            CertificateRevocationCheckMode = options.CertificateRevocationCheckMode,
            CipherSuitesPolicy = options.CipherSuitesPolicy,
            ClientCertificateRequired = options.ClientCertificateRequired,
            EnabledSslProtocols = options.EnabledSslProtocols,
            EncryptionPolicy = options.EncryptionPolicy,
            RemoteCertificateValidationCallback = options.RemoteCertificateValidationCallback,
            ServerCertificate = options.ServerCertificate,
            ServerCertificateContext = options.ServerCertificateContext,
            ServerCertificateSelectionCallback = CertificateSelection.Watched(options.ServerCertificateSelectionCallback),
        }))
        {
            CertificateName = certificateName,
        };
    }

    /// <summary>TLS with a certificate and a private key from PEM files, which are read now.</summary>
    /// <param name="certificatePath">The file of the certificate, followed by the certificates of its chain, if any.</param>
    /// <param name="keyPath">The file of the private key, not encrypted; null when the key stands in the certificate's file.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">
    /// A file does not hold what it should, or the key does not belong to the certificate; the message names the files.
    /// </exception>
    public static Http2Tls FromPem(string certificatePath, string? keyPath = null)
    {
        ArgumentNullException.ThrowIfNull(certificatePath);
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificatePath);
            if (chain.Count > 0)
                chain.RemoveAt(0);
            return new Http2Tls(Harden(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            }))
            {
                CertificateName = $"the certificate in '{certificatePath}'",
            };
        }
        catch (CryptographicException failure)
        {
            throw new CryptographicException(
                $"The certificate in '{certificatePath}' and the private key in '{keyPath ?? certificatePath}' cannot be used: {failure.Message}",
                failure);
        }
    }

    /// <summary>TLS with a certificate and its private key.</summary>
    /// <param name="certificate">The certificate.</param>
    public static implicit operator Http2Tls(X509Certificate2 certificate) => From(certificate);

    /// <summary>TLS with options of .NET.</summary>
    /// <param name="options">The options.</param>
    public static implicit operator Http2Tls(SslServerAuthenticationOptions options) => From(options);

    /// <summary>Says when the certificate is out of its dates: it still serves, and clients will refuse it.</summary>
    internal void WarnOfDates(ILogger logger, DateTimeOffset now)
    {
        if ((Options.ServerCertificateContext?.TargetCertificate ?? Options.ServerCertificate) is not X509Certificate2 certificate)
            return;
        var (from, until) = (certificate.NotBefore, certificate.NotAfter);
        var problem = now > until ? $"expired on {until:yyyy-MM-dd}" : now < from ? $"is valid only from {from:yyyy-MM-dd}" : null;
        if (problem is not null)
            ServerLog.CertificateDates(logger, CertificateName ?? $"the certificate '{certificate.Subject}'", problem);
    }

    // Else every handshake would fail, each by itself.
    private static void JudgeCertificate(SslServerAuthenticationOptions options)
    {
        if (options is { ServerCertificate: null, ServerCertificateContext: null, ServerCertificateSelectionCallback: null })
        {
            throw new ArgumentException(
                $"There is no certificate: set {nameof(options.ServerCertificate)}, {nameof(options.ServerCertificateContext)} or "
                + $"{nameof(options.ServerCertificateSelectionCallback)}.",
                nameof(options));
        }
        if ((options.ServerCertificateContext?.TargetCertificate ?? options.ServerCertificate) is X509Certificate2 certificate)
            JudgeKey(certificate, nameof(options));
    }

    private static void JudgeKey(X509Certificate2 certificate, string parameter)
    {
        if (!certificate.HasPrivateKey)
            throw new ArgumentException($"The certificate '{certificate.Subject}' has no private key; a server needs it.", parameter);
    }

    private static SslServerAuthenticationOptions Harden(SslServerAuthenticationOptions options)
    {
        const SslProtocols Allowed = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (options.EnabledSslProtocols != SslProtocols.None && (options.EnabledSslProtocols & Allowed) == 0)
            throw new ArgumentException("HTTP/2 needs TLS 1.2 or later (RFC 9113 §9.2).", nameof(options));
        // RFC 9113 §9.2: TLS 1.2 or later. §3.2: the protocol is named h2. §9.2.1: no renegotiation.
        options.EnabledSslProtocols = options.EnabledSslProtocols == SslProtocols.None ? Allowed : options.EnabledSslProtocols & Allowed;
        options.ApplicationProtocols = [SslApplicationProtocol.Http2];
        options.AllowRenegotiation = false;
        return options;
    }
}
