using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Http2.Shell.Tests;

/// <summary>Certificates made for the tests.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Server { get; } = Make("localhost", "1.3.6.1.5.5.7.3.1");

    public static X509Certificate2 Client { get; } = Make("a client", "1.3.6.1.5.5.7.3.2");

    public static X509Certificate2 RsaServer { get; } = MakeRsa();

    private static X509Certificate2 Make(string name, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), usage);
    }

    private static X509Certificate2 MakeRsa()
    {
        using var key = RSA.Create(2048);
        return Sign(new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), "1.3.6.1.5.5.7.3.1");
    }

    private static X509Certificate2 Sign(CertificateRequest request, string usage)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}

/// <summary>A directory that is gone after the test, with a certificate as PEM files in it.</summary>
internal sealed class PemDirectory : IDisposable
{
    public PemDirectory()
    {
        Path = Directory.CreateTempSubdirectory("http2-pem-").FullName;
        File.WriteAllText(CertificateFile, TestCertificate.Server.ExportCertificatePem());
        File.WriteAllText(KeyFile, TestCertificate.Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(BothFile, File.ReadAllText(CertificateFile) + "\n" + File.ReadAllText(KeyFile));
    }

    public string Path { get; }

    public string CertificateFile => System.IO.Path.Combine(Path, "server.crt");

    public string KeyFile => System.IO.Path.Combine(Path, "server.key");

    public string BothFile => System.IO.Path.Combine(Path, "both.pem");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
