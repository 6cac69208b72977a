using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Http2.Shell;

/// <summary>
/// TLS for an endpoint. Whatever it is made from: ALPN offers <c>h2</c> alone, TLS is 1.2 at least, and there is no renegotiation
/// (RFC 9113 §9.2). Immutable, thread-safe.
/// </summary>
public sealed class Http2Tls
{
    private Http2Tls(SslServerAuthenticationOptions options) => Options = options;

    /// <summary>What the TLS layer is given.</summary>
    internal SslServerAuthenticationOptions Options { get; }

    /// <summary>TLS by a certificate with its private key; certificates of the chain are looked for in the system's store.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <exception cref="ArgumentException">It has no private key.</exception>
    public static Http2Tls From(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!certificate.HasPrivateKey)
            throw new ArgumentException("The certificate of a server needs its private key.", nameof(certificate));
        return new Http2Tls(Harden(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
        }));
    }

    /// <summary>TLS by full options, for client certificates, names, cipher suites; they are copied and hardened.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">They allow only protocols below TLS 1.2.</exception>
    public static Http2Tls From(SslServerAuthenticationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
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
            ServerCertificateSelectionCallback = options.ServerCertificateSelectionCallback,
        }));
    }

    /// <summary>TLS by PEM files.</summary>
    /// <param name="certificatePath">The certificate, followed by those of its chain, if any.</param>
    /// <param name="keyPath">Its private key, not encrypted; null when it stands in the same file.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">
    /// A file does not hold what it should, or the key does not belong to the certificate.
    /// </exception>
    public static Http2Tls FromPem(string certificatePath, string? keyPath = null)
    {
        var certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificatePath);
        if (chain.Count > 0)
            chain.RemoveAt(0);
        return new Http2Tls(Harden(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
        }));
    }

    /// <summary>TLS by a certificate with its private key.</summary>
    /// <param name="certificate">The certificate.</param>
    public static implicit operator Http2Tls(X509Certificate2 certificate) => From(certificate);

    /// <summary>TLS by full options.</summary>
    /// <param name="options">The options.</param>
    public static implicit operator Http2Tls(SslServerAuthenticationOptions options) => From(options);

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
