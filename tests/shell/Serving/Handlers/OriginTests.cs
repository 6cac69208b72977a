using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Requests for an origin that their connection is not for (RFC 9110 §7.4, §15.5.20; RFC 9113 §9.1.1).</summary>
public sealed class OriginTests
{
    private const string Names = "shop.example *.wild.example 192.0.2.7 2001:db8::7 xn--bcher-kva.example";

    [Theory]
    // what the handshake named, in the certificate or not, by any port
    [InlineData("shop.example", "shop.example", true)]
    [InlineData("shop.example", "Shop.EXAMPLE:8443", true)]
    [InlineData("shop.example", "shop.example.", true)]
    [InlineData("shop.example", "shop.example.:443", true)]
    [InlineData("myhost", "myhost:9000", true)]
    [InlineData("xn--hte-ena.example", "xn--hte-ena.example", true)]
    // what else the certificate is for
    [InlineData("shop.example", "a.wild.example", true)]
    [InlineData("a.wild.example", "b.WILD.example:1", true)]
    [InlineData("myhost", "shop.example", true)]
    [InlineData("shop.example", "192.0.2.7:443", true)]
    [InlineData("shop.example", "[2001:db8::7]:443", true)]
    [InlineData("shop.example", "[2001:DB8:0::7]", true)]
    [InlineData("shop.example", "xn--bcher-kva.example", true)]
    [InlineData(null, "shop.example", true)]
    // who connects to an address names none
    [InlineData(null, "192.0.2.7:8443", true)]
    [InlineData(null, "127.0.0.1:8443", true)]
    [InlineData(null, "[::1]:8443", true)]
    // others
    [InlineData("shop.example", "other.example", false)]
    [InlineData("shop.example", "shop.example.other.example", false)]
    [InlineData("shop.example", "wild.example", false)]
    [InlineData("shop.example", "a.b.wild.example", false)]
    [InlineData("shop.example", ".wild.example", false)]
    [InlineData("shop.example", "xwild.example", false)]
    [InlineData("shop.example", "192.0.2.8", false)]
    [InlineData("shop.example", "[2001:db8::8]", false)]
    [InlineData("shop.example", "sh%6fp.example", false)]
    [InlineData(null, "other.example", false)]
    [InlineData(null, "myhost:8443", false)]
    public async Task Over_TLS_a_host_is_served_that_the_handshake_named_or_the_certificate_has(string? sni, string authority, bool served)
    {
        await using var serving = await ServeAsync(Certificate(Names));
        Assert.Equal(served ? 200 : 421, await AskAsync(serving, sni, "https", authority));
    }

    [Fact]
    public async Task A_name_in_letters_of_its_language_is_compared_as_requests_have_it()
    {
        await using var serving = await ServeAsync(Certificate("localhost"));
        Assert.Equal(200, await AskAsync(serving, "bücher.example", "https", "xn--bcher-kva.example"));
    }

    [Theory]
    [InlineData("myhost", 200)]
    [InlineData("localhost", 421)]
    public async Task A_certificate_without_alternative_names_is_for_its_common_name(string host, int status)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest("CN=myhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var serving = await ServeAsync(certificate);
        Assert.Equal(status, await AskAsync(serving, "another", "https", host));
    }

    [Theory]
    [InlineData("shop.example", 200)]
    [InlineData("a.wild.example", 421)]
    public async Task A_client_that_showed_a_certificate_is_served_for_the_host_it_showed_it_to_alone(string host, int status)
    {
        Http2Tls tls = new SslServerAuthenticationOptions
        {
            ServerCertificate = Certificate(Names),
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        };
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()), Serving.Loopback with { Tls = tls });
        Assert.Equal(status, await AskAsync(serving, "shop.example", "https", host, TestCertificate.Client));
    }

    [Theory]
    [InlineData(true, "https", 200)]
    [InlineData(true, "HTTPS", 200)]
    [InlineData(true, "http", 421)]
    [InlineData(true, "ftp", 421)]
    [InlineData(false, "http", 200)]
    [InlineData(false, "HTTP", 200)]
    [InlineData(false, "https", 421)]
    [InlineData(false, "ftp", 421)]
    public async Task The_scheme_is_that_of_the_connection(bool tls, string scheme, int status)
    {
        await using var serving = await ServeAsync(tls ? Certificate("localhost") : null);
        Assert.Equal(status, await AskAsync(serving, tls ? "localhost" : null, scheme, "localhost", plain: !tls));
    }

    [Theory]
    [InlineData(true, "http", "other.example")]
    [InlineData(true, "https", "other.example")]
    [InlineData(false, "https", "other.example")]
    public async Task A_gateway_that_is_trusted_may_name_any_origin(bool tls, string scheme, string authority)
    {
        await using var serving = await ServeAsync(tls ? Certificate("localhost") : null, trustGateway: true);
        Assert.Equal(200, await AskAsync(serving, tls ? "localhost" : null, scheme, authority, plain: !tls));
    }

    /// <summary>HAProxy asks so whether a server is there.</summary>
    [Theory]
    [InlineData(true, "https")]
    [InlineData(true, "http")]
    [InlineData(false, "https")]
    [InlineData(false, "http")]
    public async Task OPTIONS_that_names_no_host_is_for_any_server(bool tls, string scheme)
    {
        await using var serving = await ServeAsync(tls ? Certificate("localhost") : null);
        await using var client = tls
            ? await RawClient.OverAsync(await ConnectAsync(serving, "localhost"))
            : await RawClient.ConnectAsync(serving);
        Assert.Equal(200, (await client.Response(await client.RequestAsync("/"))).Head.Status);
        Assert.Equal(200, (await client.Response(await client.OptionsAsync(scheme))).Head.Status);
    }

    [Fact]
    public async Task A_connection_that_is_handed_in_is_not_judged()
    {
        await using var server = new Http2Server(Serving.Loopback, (request, _) => new(new Http2Response(200, [], request.Scheme)));
        var (ours, theirs) = PipeEnds.Create();
        var served = server.ServeAsync(theirs);
        await using (var client = await RawClient.OverAsync(ours.AsStream()))
        {
            var id = await client.RequestAsync("/", scheme: "https");
            Assert.Equal("https", await client.Text(id));
        }
        await served.Soon();
    }

    [Fact]
    public async Task A_handler_class_does_not_hear_of_it_and_the_connection_goes_on()
    {
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = h => h.SendResponse() });
        await using var serving = await Serving.StartAsync(
            handlers.Make, Serving.Loopback with { Tls = Certificate("localhost"), ServerHeader = "x" });
        await using var client = await RawClient.OverAsync(await ConnectAsync(serving, "localhost"));
        // the one before and the one after are for us, and so is the verdict
        foreach (var authority in new[] { "localhost", "other.example", "localhost", "other.example" })
        {
            var status = authority == "localhost" ? 200 : 421;
            var response = await client.Response(await client.RequestAsync("/", authority: authority));
            Assert.Equal(status, response.Head.Status);
            Assert.Equal("x", RawClient.Value(response.Head.Fields, "server"));
            Assert.NotNull(RawClient.Value(response.Head.Fields, "date"));
        }
        Assert.Equal(2, handlers.Made.Count);
        await serving.Log.SeeAsync(40);
        Assert.Equal(0, serving.Server.Load.Handlers);
    }

    [Fact]
    public async Task The_body_of_such_a_request_is_thrown_away_and_HEAD_gets_no_content()
    {
        await using var serving = await ServeAsync(null);
        await using var client = await RawClient.ConnectAsync(serving);
        var upload = await client.RequestAsync("/", "POST", endStream: false, scheme: "https");
        Assert.StartsWith("421 ", await client.Text(upload), StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
            await client.DataAsync(upload, new byte[1000]);
        await client.DataAsync(upload, new byte[1000], endStream: true);
        Assert.Equal(ErrorCode.NoError, await client.Closed(upload));
        var head = await client.Response(await client.RequestAsync("/", "HEAD", scheme: "https"));
        Assert.True(head.EndStream);
        Assert.NotNull(RawClient.Value(head.Head.Fields, "content-length"));
    }

    [Theory]
    [InlineData(false, 501)]
    [InlineData(true, 200)]
    public async Task CONNECT_reaches_handlers_only_when_it_is_allowed(bool allowed, int status)
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response()), Serving.Loopback with { AllowConnect = allowed });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.TunnelAsync("example.com:443");
        Assert.Equal(status, (await client.Response(id)).Head.Status);
    }

    private static Task<Serving> ServeAsync(X509Certificate2? certificate, bool trustGateway = false) => Serving.StartAsync(
        (_, _) => new(new Http2Response()),
        Serving.Loopback with { Tls = certificate is null ? null : Http2Tls.From(certificate), TrustGateway = trustGateway });

    private static async Task<int> AskAsync(
        Serving serving, string? sni, string scheme, string authority, X509Certificate2? shown = null, bool plain = false)
    {
        await using var client = plain
            ? await RawClient.ConnectAsync(serving)
            : await RawClient.OverAsync(await ConnectAsync(serving, sni, shown));
        return (await client.Response(await client.RequestAsync("/", scheme: scheme, authority: authority))).Head.Status;
    }

    private static async Task<SslStream> ConnectAsync(Serving serving, string? sni, X509Certificate2? shown = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = sni ?? "",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificates = shown is null ? null : [shown],
        }).Soon();
        return stream;
    }

    private static X509Certificate2 Certificate(string names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Split(' '))
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(alternatives.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
