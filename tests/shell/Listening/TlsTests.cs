using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class TlsTests
{
    private static Http2ServerOptions Secure { get; } = Serving.Loopback with { Tls = TestCertificate.Server };

    [Theory]
    [InlineData(Http2Scheduling.EventLoops)]
    [InlineData(Http2Scheduling.ThreadPool)]
    public async Task A_client_over_TLS_is_served_and_the_facts_are_there(Http2Scheduling scheduling)
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], string.Join(' ', [
                request.Scheme, request.Connection.IsTls, request.Connection.TlsProtocol, request.Connection.CipherSuite is not null,
                request.Connection.ServerName, request.ClientCertificate is null,
            ]))),
            Secure with { Scheduling = scheduling });
        Assert.Equal("https", serving.Uri.Scheme);
        var text = await serving.Client().GetStringAsync($"https://localhost:{serving.Server.Port}/");
        Assert.Matches("^https True Tls1[23] True localhost True$", text);
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task Large_bodies_pass_both_ways_under_TLS()
    {
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) => request.Method == "GET"
                ? new Http2Response(200, [], new PatternStream(8_000_000))
                : new Http2Response(200, [], Convert.ToHexString(await SHA256.HashDataAsync(request.BodyStream, cancellation))),
            Secure);
        var expected = Convert.ToHexString(SHA256.HashData(new PatternStream(8_000_000)));
        var client = serving.Client();
        Assert.Equal(expected, Convert.ToHexString(SHA256.HashData(await client.GetByteArrayAsync("/"))));
        var upload = await client.PostAsync("/", new StreamContent(new PatternStream(8_000_000)));
        Assert.Equal(expected, await upload.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_push_arrives_over_TLS()
    {
        await using var serving = await Serving.StartAsync(
            () => new ScriptedHandler
            {
                Headers_ = h =>
                {
                    h.Push("/style.css", body: "css");
                    h.SendResponse(200, body: "page");
                },
            },
            Secure);
        await using var client = await RawClient.OverAsync(await Handshake(serving, "h2"));
        var id = await client.RequestAsync("/");
        var promise = await client.Until<ConnectionEvent.PushPromised>();
        Assert.Equal("page", await client.Text(id));
        Assert.Equal("css", await client.Text(promise.Promised));
    }

    [Fact]
    public async Task A_client_certificate_is_seen_by_the_handler()
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], request.ClientCertificate?.Subject)),
            Serving.Loopback with
            {
                Tls = new SslServerAuthenticationOptions
                {
                    ServerCertificate = TestCertificate.Server,
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=a client",
                },
            });
        var known = serving.Client(h => h.SslOptions.ClientCertificates = [TestCertificate.Client]);
        Assert.Equal("CN=a client", await known.GetStringAsync("/"));
        await Assert.ThrowsAsync<HttpRequestException>(() => serving.Client().GetStringAsync("/"));
    }

    [Fact]
    public async Task A_client_that_offers_other_protocols_than_h2_gets_an_alert()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()), Secure);
        var failure = await Assert.ThrowsAsync<AuthenticationException>(() => Handshake(serving, "http/1.1"));
        Assert.Contains("no application protocol", $"{failure.InnerException ?? failure}", StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", await serving.Client().GetStringAsync("/"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_client_that_offers_no_protocol_and_speaks_HTTP_1_is_told_so_in_its_words(string method)
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()), Secure with { ServerHeader = "x" });
        await using var client = await Handshake(serving, null);
        await client.WriteAsync(Encoding.ASCII.GetBytes($"{method} / HTTP/1.1\r\nhost: localhost\r\n\r\n"));
        using var reader = new StreamReader(client);
        var (head, body) = Split(await reader.ReadToEndAsync().Soon());
        Assert.StartsWith("HTTP/1.1 505 HTTP Version Not Supported\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nserver: x\r\ndate: ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nconnection: close\r\n", head, StringComparison.Ordinal);
        Assert.Equal(method == "GET", body.Contains("ALPN", StringComparison.Ordinal));
        Assert.Equal(method == "HEAD", body.Length == 0);
        await serving.Log.SeeAsync(18);
    }

    [Fact]
    public async Task A_client_that_offers_no_protocol_and_speaks_HTTP_2_is_parted_from_without_a_reset()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()), Secure);
        await using var client = await Handshake(serving, null);
        await client.WriteAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0]);
        Assert.Equal(0, await client.ReadAsync(new byte[100]).AsTask().Soon());
    }

    [Fact]
    public async Task Who_speaks_HTTP_1_in_cleartext_on_a_TLS_port_is_told_to_use_TLS()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()), Secure);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        var (head, body) = Split(await reader.ReadToEndAsync().Soon());
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", head, StringComparison.Ordinal);
        Assert.Contains("https://", body, StringComparison.Ordinal);
    }

    /// <summary>Of OpenSSL's client, which updates its keys for each block of its input that begins with a K.</summary>
    [ClientFact("openssl")]
    public async Task A_client_that_updates_its_keys_without_end_is_closed_and_others_are_not()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response()), Secure with { EmptyTlsRecordLimit = new RateLimit(20, 0) });
        await using var other = await RawClient.OverAsync(await Handshake(serving, "h2"));
        var run = await ProcessRun.RunAsync(
            Client.Path("openssl"), ["s_client", "-connect", $"127.0.0.1:{serving.Server.Port}", "-alpn", "h2", "-tls1_3"],
            input: Enumerable.Repeat("K\n"u8.ToArray(), 1 << 20).SelectMany(line => line).ToArray());
        Assert.Contains("KEYUPDATE", run.Text + run.Error, StringComparison.Ordinal);
        await serving.Log.SeeAsync(41);
        Assert.Equal(200, (await other.Response(await other.RequestAsync("/"))).Head.Status);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_cipher_suite_without_ephemeral_keys_is_answered_with_INADEQUATE_SECURITY()
    {
        // .NET's own choice of suites refuses it in the handshake; this server was told to take it.
        var policy = new CipherSuitesPolicy([TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256]);
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()), Serving.Loopback with
        {
            Tls = new SslServerAuthenticationOptions
            {
                ServerCertificate = TestCertificate.RsaServer,
                CipherSuitesPolicy = policy,
                EnabledSslProtocols = SslProtocols.Tls12,
            },
        });
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = SslProtocols.Tls12,
            CipherSuitesPolicy = policy,
        }).Soon();
        var octets = new MemoryStream();
        await stream.CopyToAsync(octets).Soon();
        // The last frame is GOAWAY (7) with code 12.
        var goAway = octets.ToArray()[^17..];
        Assert.Equal((7, 12), (goAway[3], goAway[16]));
    }

    [Fact]
    public async Task A_client_that_never_shakes_hands_is_cut_at_the_deadline()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()), Secure with { TimeProvider = clock });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address);
        var read = socket.ReceiveAsync(new byte[10]);
        while (!read.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(6));
            await Task.Yield();
        }
        Assert.Equal(0, await read);
    }

    [Fact]
    public async Task PEM_files_are_taken_apart_or_together()
    {
        using var files = new PemDirectory();
        foreach (var tls in new[] { Http2Tls.FromPem(files.CertificateFile, files.KeyFile), Http2Tls.FromPem(files.BothFile) })
        {
            await using var serving = await Serving.StartAsync(
                (_, _) => new(new Http2Response(200, [], "ok")), Serving.Loopback with { Tls = tls });
            Assert.Equal("ok", await serving.Client().GetStringAsync("/"));
        }
    }

    [Fact]
    public void Certificates_that_cannot_serve_are_refused_where_they_are_named()
    {
        using var files = new PemDirectory();
        Assert.ThrowsAny<IOException>(() => Http2Tls.FromPem("/no/such/file.crt", "/no/such/file.key"));
        Assert.ThrowsAny<CryptographicException>(() => Http2Tls.FromPem(files.CertificateFile, files.CertificateFile));
        var keyless = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(TestCertificate.Server.RawData);
        Assert.Throws<ArgumentException>(() => Http2Tls.From(keyless));
#pragma warning disable SYSLIB0039, CS0618 // old on purpose
        Assert.Throws<ArgumentException>(() => Http2Tls.From(
            new SslServerAuthenticationOptions { ServerCertificate = TestCertificate.Server, EnabledSslProtocols = SslProtocols.Tls11 }));
#pragma warning restore SYSLIB0039, CS0618
    }

    [Fact]
    public void Options_without_a_certificate_or_with_one_that_has_no_key_are_refused_where_they_are_made()
    {
        Assert.Contains("ServerCertificateSelectionCallback", Assert.Throws<ArgumentException>(
            () => Http2Tls.From(new SslServerAuthenticationOptions())).Message);
        var keyless = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(TestCertificate.Server.RawData);
        Assert.Contains($"'{keyless.Subject}' has no private key", Assert.Throws<ArgumentException>(
            () => Http2Tls.From(new SslServerAuthenticationOptions { ServerCertificate = keyless })).Message);
        Assert.Throws<ArgumentException>(() => _ = new Http2ServerOptions { Tls = new SslServerAuthenticationOptions() });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_callback_that_selects_no_certificate_is_warned_of(bool throws)
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()), Serving.Loopback with
        {
            Tls = new SslServerAuthenticationOptions
            {
                ServerCertificateSelectionCallback = (_, _) => throws ? throw new KeyNotFoundException("no such tenant") : null!,
            },
        });
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAnyAsync<Exception>(() => Handshake(serving, "h2"));
        await serving.Log.SeeAsync(7);
        var line = Assert.Single(serving.Log.Lines, l => l.Event == 7);
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Warning, line.Level);
        Assert.Contains(throws ? "no such tenant" : "there is none for 'localhost'", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_out_of_its_dates_is_warned_of_at_the_start_and_served()
    {
        var clock = new ManualClock(DateTimeOffset.UtcNow.AddYears(20));
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "ok")), Secure with { TimeProvider = clock });
        Assert.Contains("expired on ", Assert.Single(serving.Log.Lines, l => l.Event == 6).Text, StringComparison.Ordinal);
        Assert.Equal("ok", await serving.Client().GetStringAsync("/"));
    }

    [Fact]
    public void PEM_files_that_do_not_belong_together_are_named()
    {
        using var files = new PemDirectory();
        var refused = Assert.Throws<CryptographicException>(() => Http2Tls.FromPem(files.CertificateFile, files.CertificateFile));
        Assert.Contains($"'{files.CertificateFile}'", refused.Message, StringComparison.Ordinal);
    }

    private static (string Head, string Body) Split(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (answer[..end], answer[end..]);
    }

    private static async Task<SslStream> Handshake(Serving serving, string? protocol)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
        }).Soon();
        return stream;
    }
}
