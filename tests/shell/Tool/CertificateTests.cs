using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(null, "localhost", true)]
    [InlineData(null, "127.0.0.1", true)]
    [InlineData(null, "::1", true)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("2001:db8::7", "2001:db8::7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData(null, "example.com", false)]
    public void The_self_signed_certificate_names_loopback_and_the_bind_address(string? bind, string host, bool matches)
    {
        using var certificate = SelfSignedCertificate.Create(bind is null ? null : IPAddress.Parse(bind), DateTimeOffset.UtcNow);
        Assert.Equal(matches, certificate.MatchesHostname(host));
        Assert.True(certificate.HasPrivateKey);
        using var key = certificate.GetECDsaPublicKey();
        Assert.Equal(256, key!.KeySize);
        Assert.InRange(DateTime.Now, certificate.NotBefore, certificate.NotAfter);
    }

    [Fact]
    public async Task The_self_signed_certificate_serves_a_handshake()
    {
        using var certificate = SelfSignedCertificate.Create(null, DateTimeOffset.UtcNow);
        using var thumb = await HandshakeAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate });
        Assert.Equal(certificate.Thumbprint, thumb.Thumbprint);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_with_its_key_loads_from_two_files_or_one(bool oneFile)
    {
        var (cert, key) = WritePair("pair");
        if (oneFile)
        {
            File.AppendAllText(cert, "\n" + File.ReadAllText(key));
            key = cert;
        }
        var context = CertificateFiles.Load(cert, key);
        using var seen = await HandshakeAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context });
        Assert.Equal(context.TargetCertificate.Thumbprint, seen.Thumbprint);
    }

    [Fact]
    public void An_rsa_pair_loads()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var cert = _temp.Write("rsa.crt", made.ExportCertificatePem());
        var key = _temp.Write("rsa.key", rsa.ExportRSAPrivateKeyPem());
        Assert.Equal(made.Thumbprint, CertificateFiles.Load(cert, key).TargetCertificate.Thumbprint);
    }

    [Fact]
    public void An_absent_file_is_named()
    {
        var (cert, key) = WritePair("pair");
        Assert.Equal("--cert 'no.crt' does not exist; give the path of a PEM file", Error("no.crt", key));
        Assert.Equal("--key 'no/such.key' does not exist; give the path of a PEM file", Error(cert, "no/such.key"));
    }

    [Fact]
    public void A_directory_is_not_a_certificate() =>
        Assert.StartsWith($"--cert '{_temp.FullPath}' cannot be read", Error(_temp.FullPath, "x"), StringComparison.Ordinal);

    [Fact]
    public void Files_that_hold_something_else_are_named()
    {
        var (cert, key) = WritePair("pair");
        var other = _temp.Write("other.pem", "hello");
        Assert.Contains("holds no certificate", Error(other, key), StringComparison.Ordinal);
        Assert.Contains("holds no private key", Error(cert, other), StringComparison.Ordinal);
        Assert.Contains("holds no certificate", Error(key, key), StringComparison.Ordinal);
        Assert.Contains("holds no private key", Error(cert, cert), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_named()
    {
        var (cert, key) = WritePair("pair");
        var badCert = _temp.Write("bad.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        var badKey = _temp.Write("bad.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Assert.Contains("holds a certificate that cannot be read", Error(badCert, key), StringComparison.Ordinal);
        Assert.Contains("holds a private key that cannot be read", Error(cert, badKey), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_certificate_does_not_belong()
    {
        var (cert, _) = WritePair("one");
        var (_, key) = WritePair("two");
        Assert.Contains("does not belong to --cert", Error(cert, key), StringComparison.Ordinal);
    }

    [Fact]
    public void An_encrypted_key_is_told_apart()
    {
        var (cert, _) = WritePair("pair");
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = ecdsa.ExportEncryptedPkcs8PrivateKeyPem(
            "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));
        Assert.Contains("is encrypted", Error(cert, _temp.Write("encrypted.key", pem)), StringComparison.Ordinal);
    }

    private static string Error(string cert, string key)
    {
        var error = Assert.Throws<UserErrorException>(() => CertificateFiles.Load(cert, key));
        Assert.Equal(1, error.ExitCode);
        return error.Message;
    }

    private (string Cert, string Key) WritePair(string name)
    {
        using var made = SelfSignedCertificate.Create(null, DateTimeOffset.UtcNow);
        using var key = made.GetECDsaPrivateKey()!;
        return (_temp.Write(name + ".crt", made.ExportCertificatePem()), _temp.Write(name + ".key", key.ExportPkcs8PrivateKeyPem()));
    }

    // One handshake in memory; gives the certificate that the client saw.
    private static async Task<X509Certificate2> HandshakeAsync(SslServerAuthenticationOptions options)
    {
        var (left, right) = PipeEnds.Create();
        await using var server = new SslStream(left.AsStream());
        X509Certificate2? seen = null;
        await using var client = new SslStream(right.AsStream(), false, (_, certificate, _, _) =>
        {
            seen = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
            return true;
        });
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(options),
            client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }));
        return seen!;
    }
}
