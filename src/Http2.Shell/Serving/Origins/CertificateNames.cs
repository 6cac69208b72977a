using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace Http2.Shell;

/// <summary>
/// The hosts that a certificate is for, as clients read it (RFC 9525 §6.3): names with a wildcard for one whole label at most, addresses,
/// and the common name where there is nothing else. Immutable, thread-safe; read once for each certificate.
/// </summary>
internal sealed class CertificateNames
{
    private static readonly ConditionalWeakTable<X509Certificate, CertificateNames> Known = [];

    private readonly List<string> _names = [];
    private readonly List<IPAddress> _addresses = [];

    private CertificateNames(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            _names.AddRange(extension.EnumerateDnsNames());
            _addresses.AddRange(extension.EnumerateIPAddresses());
        }
        if (_names.Count == 0 && _addresses.Count == 0)
            _names.Add(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
    }

    /// <summary>The names of a certificate.</summary>
    public static CertificateNames Of(X509Certificate certificate) => Known.GetValue(certificate, static certificate =>
        new CertificateNames(certificate as X509Certificate2 ?? new X509Certificate2(certificate)));

    /// <summary>Whether the certificate is for a host.</summary>
    /// <param name="host">A name without a dot at its end, or an address without brackets.</param>
    public bool Covers(string host) => IPAddress.TryParse(host, out var address)
        ? _addresses.Contains(address)
        : _names.Exists(name => Matches(name, host));

    private static bool Matches(string name, string host)
    {
        if (!name.StartsWith("*.", StringComparison.Ordinal))
            return name.Equals(host, StringComparison.OrdinalIgnoreCase);
        // RFC 9525 §6.3: the wildcard stands for the leftmost label, all of it and no more.
        var label = host.IndexOf('.');
        return label > 0 && host.AsSpan(label).Equals(name.AsSpan(1), StringComparison.OrdinalIgnoreCase);
    }
}
