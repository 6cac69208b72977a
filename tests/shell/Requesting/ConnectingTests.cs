using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>From an address to a connection, and what is said when there is none.</summary>
public sealed class ConnectingTests
{
    public static TheoryData<Http2Scheduling> Schedulings => [Http2Scheduling.EventLoops, Http2Scheduling.ThreadPool];

    private static Http2ClientOptions Trusting { get; } = new()
    {
        Tls = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    };

    [Theory]
    [MemberData(nameof(Schedulings))]
    public async Task It_connects_in_cleartext(Http2Scheduling scheduling)
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(200, [], request.Host)));
        await using var client = await Http2ClientConnection.ConnectAsync(serving.Uri, new() { Scheduling = scheduling }).Soon();
        Assert.Equal(serving.Uri.Authority, await RequestTests.GetAsync(client, new()));
        Assert.Equal(serving.Server.Port, Assert.IsType<IPEndPoint>(client.Info.RemoteAddress).Port);
        Assert.False(client.Info.IsTls);
        await client.DisposeAsync().AsTask().Soon();
        await ClientCounts.NothingIsHeldAsync(client);
        await serving.NothingIsHeldAsync();
    }

    [Theory]
    [MemberData(nameof(Schedulings))]
    public async Task It_connects_over_TLS(Http2Scheduling scheduling)
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], $"{request.Scheme} {request.Connection.ServerName}")),
            Serving.Loopback with { Tls = TestCertificate.Server });
        await using var client = await Http2ClientConnection.ConnectAsync(
            new Uri($"https://localhost:{serving.Server.Port}"), Trusting with { Scheduling = scheduling }).Soon();
        Assert.Equal("https localhost", await RequestTests.GetAsync(client, new()));
        Assert.True(client.Info.IsTls);
        Assert.NotNull(client.Info.ServerCertificate);
        await client.DisposeAsync().AsTask().Soon();
        await ClientCounts.NothingIsHeldAsync(client);
    }

    [Theory]
    [MemberData(nameof(Schedulings))]
    public async Task It_connects_to_a_Unix_domain_socket(Http2Scheduling scheduling)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.FullPath, "s");
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], request.Host)), new() { Endpoints = [new() { UnixSocketPath = path }] });
        await using var client = await Http2ClientConnection.ConnectAsync(
            new("http://example.org"), new() { UnixSocketPath = path, Scheduling = scheduling }).Soon();
        Assert.Equal("example.org", await RequestTests.GetAsync(client, new()));
    }

    [Theory]
    [MemberData(nameof(Schedulings))]
    public async Task A_port_where_nobody_listens_is_one_clear_line(Http2Scheduling scheduling)
    {
        var port = FreePort();
        var failure = await Assert.ThrowsAsync<Http2ConnectException>(
            () => Http2ClientConnection.ConnectAsync(new($"http://127.0.0.1:{port}"), new() { Scheduling = scheduling }).Soon());
        Assert.StartsWith($"cannot connect to http://127.0.0.1:{port}: Connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_one_clear_line()
    {
        var failure = await Assert.ThrowsAsync<Http2ConnectException>(
            () => Http2ClientConnection.ConnectAsync(new("http://nobody.invalid:1")).Soon());
        Assert.StartsWith("cannot connect to http://nobody.invalid:1: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_one_clear_line()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200)), Serving.Loopback with { Tls = TestCertificate.Server });
        var failure = await Assert.ThrowsAsync<Http2ConnectException>(
            () => Http2ClientConnection.ConnectAsync(new($"https://localhost:{serving.Server.Port}")).Soon());
        Assert.Contains("the TLS handshake failed", failure.Message, StringComparison.Ordinal);
        Assert.IsType<AuthenticationException>(failure.InnerException);
    }

    [Fact]
    public async Task A_server_that_speaks_HTTP1_alone_over_TLS_is_not_spoken_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = TestCertificate.Server,
                ApplicationProtocols = null,
            });
            // Until the client leaves.
            _ = await tls.ReadAsync(new byte[1]);
        });
        var failure = await Assert.ThrowsAsync<Http2ConnectException>(
            () => Http2ClientConnection.ConnectAsync(new($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"), Trusting).Soon());
        Assert.Contains("does not offer HTTP/2", failure.Message, StringComparison.Ordinal);
        await Task.WhenAny(serving).Soon();
    }

    [Fact]
    public async Task A_handshake_that_does_not_come_ends_with_the_time_to_connect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = Trusting with { ConnectTimeout = TimeSpan.FromMilliseconds(50) };
        var failure = await Assert.ThrowsAsync<Http2ConnectException>(
            () => Http2ClientConnection.ConnectAsync(new($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"), options).Soon());
        Assert.Contains(nameof(Http2ClientOptions.ConnectTimeout), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connecting_can_be_cancelled()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var cancellation = new CancellationTokenSource();
        var connecting = Http2ClientConnection.ConnectAsync(
            new($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"), Trusting, cancellation.Token);
        await cancellation.CancelAsync();
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
        Assert.Equal(cancellation.Token, failure.CancellationToken);
    }

    [Theory]
    [InlineData("ftp://localhost")]
    [InlineData("/path")]
    public async Task An_address_of_another_kind_is_a_mistake_of_the_caller(string address) =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => Http2ClientConnection.ConnectAsync(new(address, UriKind.RelativeOrAbsolute)));

    [Fact]
    public async Task Options_are_judged()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(
            async () => await Http2ClientConnection.ConnectAsync(new("http://localhost"), new() { MaxUnsentPerStream = 1 }));
        Assert.Contains("MaxUnsentPerStream is 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_sees_the_certificate_of_the_client()
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], request.ClientCertificate?.Subject ?? "none")),
            Serving.Loopback with
            {
                Tls = new SslServerAuthenticationOptions
                {
                    ServerCertificate = TestCertificate.Server,
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                },
            });
        var options = new Http2ClientOptions
        {
            Tls = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
                ClientCertificates = [TestCertificate.Server],
                LocalCertificateSelectionCallback = (_, _, certificates, _, _) => certificates[0],
            },
        };
        await using var client = await Http2ClientConnection.ConnectAsync(new($"https://localhost:{serving.Server.Port}"), options).Soon();
        Assert.Equal(((X509Certificate2)TestCertificate.Server).Subject, await RequestTests.GetAsync(client, new()));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
