using System.Net;
using System.Security.Cryptography.X509Certificates;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What <c>--cert</c> and <c>--key</c> do to the running server.</summary>
public sealed class ServedCertificateTests : IDisposable
{
    private readonly TemporaryDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task The_certificate_from_the_files_is_shown_to_clients()
    {
        var (cert, key, thumbprint) = Write(DateTimeOffset.UtcNow);
        await using var server = await ServeProcess.StartAsync("--cert", cert, "--key", key, "--no-cleartext");
        Assert.Equal(thumbprint, await ThumbprintAsync(server));
        Assert.Equal("", server.Error);
    }

    [Fact]
    public async Task An_expired_certificate_is_served_with_a_warning()
    {
        var (cert, key, thumbprint) = Write(DateTimeOffset.UtcNow.AddYears(-3));
        await using var server = await ServeProcess.StartAsync("--cert", cert, "--key", key, "--no-cleartext");
        Assert.Equal(thumbprint, await ThumbprintAsync(server));
        Assert.StartsWith($"http2: warning: --cert '{cert}' expired on ", server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_make_two_certificates()
    {
        await using var one = await ServeProcess.StartAsync("--no-cleartext");
        await using var two = await ServeProcess.StartAsync("--no-cleartext");
        Assert.NotEqual(await ThumbprintAsync(one), await ThumbprintAsync(two));
    }

    [Fact]
    public async Task A_key_that_does_not_belong_ends_it_before_it_listens()
    {
        var (cert, _, _) = Write(DateTimeOffset.UtcNow);
        var (_, key, _) = Write(DateTimeOffset.UtcNow);
        var run = await ProcessRun.RunAsync(
            ServeProcess.Tool("serve", "--port", "0", "--tls-port", "0", "--cert", cert, "--key", key), seconds: 30);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Text);
        Assert.Contains($"--key '{key}' does not belong to --cert '{cert}'", run.Error, StringComparison.Ordinal);
    }

    private (string Cert, string Key, string Thumbprint) Write(DateTimeOffset now)
    {
        using var made = SelfSignedCertificate.Create(null, now);
        using var key = made.GetECDsaPrivateKey()!;
        var name = made.Thumbprint;
        return (_temp.Write(name + ".crt", made.ExportCertificatePem()), _temp.Write(name + ".key", key.ExportPkcs8PrivateKeyPem()), name);
    }

    private static async Task<string?> ThumbprintAsync(ServeProcess server)
    {
        string? seen = null;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    seen = certificate!.GetCertHashString();
                    return true;
                },
            },
        })
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal("Hello, World!", await client.GetStringAsync(server.Https + "/hello"));
        return seen;
    }
}
