using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class ListeningTests
{
    internal static Func<Http2Request, CancellationToken, ValueTask<Http2Response>> Hello { get; } =
        (request, _) => new(new Http2Response(200, [], $"hello {request.ClientAddress is not null}"));

    [Fact]
    public async Task Port_0_takes_a_free_port_and_reports_it()
    {
        await using var serving = await Serving.StartAsync(Hello);
        Assert.InRange(serving.Server.Port, 1, 65535);
        Assert.Equal($"http://127.0.0.1:{serving.Server.Port}/", serving.Uri.ToString());
    }

    [Fact]
    public async Task A_taken_port_is_one_clear_message()
    {
        await using var first = await Serving.StartAsync(Hello);
        var second = new Http2Server(Serving.Loopback with { Port = first.Server.Port }, Hello);
        var refused = await Assert.ThrowsAsync<Http2ListenException>(() => second.StartAsync());
        Assert.Equal($"cannot listen on 127.0.0.1:{first.Server.Port}: the address is already in use", refused.Message);
        Assert.Empty(second.Endpoints);
    }

    [Theory]
    [InlineData("192.0.2.1", "not one of this machine")]
    [InlineData("no-such-host.invalid", "cannot be resolved")]
    public async Task An_address_that_is_not_ours_is_one_clear_message(string host, string reason)
    {
        var server = new Http2Server(new Http2ServerOptions { Host = host }, Hello);
        Assert.Contains(reason, (await Assert.ThrowsAsync<Http2ListenException>(() => server.StartAsync())).Message);
    }

    [Fact]
    public async Task IPv6_is_served()
    {
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { Host = "::1" });
        Assert.Equal($"http://[::1]:{serving.Server.Port}/", serving.Uri.ToString());
        Assert.Equal("hello True", await serving.Client().GetStringAsync("/"));
    }

    [Fact]
    public async Task A_name_with_several_addresses_is_served_on_all_of_them_at_one_port()
    {
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { Host = "localhost" });
        Assert.Single(serving.Server.Endpoints.Select(e => ((IPEndPoint)e.Address).Port).Distinct());
        foreach (var endpoint in serving.Server.Endpoints)
            Assert.Equal("hello True", await serving.Client().GetStringAsync(endpoint.Uri));
    }

    [Fact]
    public async Task Without_a_host_all_interfaces_are_served_over_IPv4_and_IPv6()
    {
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { Host = null });
        Assert.Equal("hello True", await serving.Client().GetStringAsync($"http://127.0.0.1:{serving.Server.Port}/"));
        Assert.Equal("hello True", await serving.Client().GetStringAsync($"http://[::1]:{serving.Server.Port}/"));
    }

    [Fact]
    public async Task One_server_listens_in_cleartext_and_under_TLS()
    {
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with
        {
            Endpoints = [new() { Host = "127.0.0.1" }, new() { Host = "127.0.0.1", Tls = TestCertificate.Server }],
        });
        Assert.Equal(["http", "https"], serving.Server.Endpoints.Select(e => e.Uri.Scheme));
        foreach (var endpoint in serving.Server.Endpoints)
            Assert.Equal("hello True", await serving.Client().GetStringAsync(endpoint.Uri));
    }

    [Theory]
    [InlineData(Http2Scheduling.EventLoops)]
    [InlineData(Http2Scheduling.ThreadPool)]
    public async Task A_Unix_socket_is_served_taken_over_when_stale_and_removed_at_the_end(Http2Scheduling scheduling)
    {
        var path = Path.Combine(Path.GetTempPath(), $"http2-{Guid.NewGuid():N}.sock");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            dead.Bind(new UnixSocketAddress(path));
        Assert.True(File.Exists(path));
        var options = Serving.Loopback with { Endpoints = [new() { UnixSocketPath = path }], Scheduling = scheduling };
        await using (var serving = await Serving.StartAsync(Hello, options))
        {
            Assert.Equal($"unix:{path}", serving.Uri.ToString());
            var client = serving.Client(h => h.ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            });
            Assert.StartsWith("hello", await client.GetStringAsync("http://unix/"));
            var refused = await Assert.ThrowsAsync<Http2ListenException>(() => new Http2Server(options, Hello).StartAsync());
            Assert.Equal($"cannot listen on unix:{path}: the address is already in use", refused.Message);
        }
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pipes_and_streams_are_served_without_listening(bool asPipe)
    {
        await using var serving = await Serving.StartAsync(Hello);
        // Inline pipes run the peer on the same stack: owners of two connections nest on one thread.
        var (ours, theirs) = PipeEnds.Create(scheduler: PipeScheduler.Inline);
        var served = asPipe
            ? serving.Server.ServeAsync(theirs, new IPEndPoint(IPAddress.Loopback, 1))
            : serving.Server.ServeAsync(theirs.AsStream());
        await using (var client = await RawClient.OverAsync(ours.AsStream()))
            Assert.Equal($"hello {asPipe}", await client.Text(await client.RequestAsync("/")));
        await served.Soon();
    }

    [Fact]
    public async Task A_server_is_started_once()
    {
        await using var serving = await Serving.StartAsync(Hello);
        await Assert.ThrowsAsync<InvalidOperationException>(() => serving.Server.StartAsync());
        await serving.Server.StopAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => serving.Server.StartAsync());
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_at_once()
    {
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { MaxConnections = 2 });
        var first = await RawClient.ConnectAsync(serving);
        await using var second = await RawClient.ConnectAsync(serving);
        await Assert.ThrowsAnyAsync<IOException>(() => RawClient.ConnectAsync(serving));
        await serving.Log.SeeAsync(4);
        await first.DisposeAsync();
        // The place is free once the server has seen the end.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var third = await RawClient.ConnectAsync(serving);
                Assert.StartsWith("hello", await third.Text(await third.RequestAsync("/")));
                break;
            }
            catch (IOException) when (attempt < 1000)
            {
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_cut_at_the_deadline()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { TimeProvider = clock });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address);
        await socket.SendAsync("PRI"u8.ToArray());
        var read = socket.ReceiveAsync(new byte[10]);
        while (!read.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(6));
            await Task.Yield();
        }
        // Closing over octets that nobody has read resets the connection; either way it is over.
        var ended = await Record.ExceptionAsync(async () => Assert.Equal(0, await read));
        Assert.True(ended is null or SocketException { SocketErrorCode: SocketError.ConnectionReset }, $"{ended}");
    }

    [Fact]
    public async Task A_tap_sees_all_octets_both_ways()
    {
        var tap = new RecordingTap();
        await using (var serving = await Serving.StartAsync(Hello, Serving.Loopback with { FrameTap = tap }))
        {
            await using var client = await RawClient.ConnectAsync(serving);
            await client.Text(await client.RequestAsync("/"));
        }
        Assert.Equal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Encoding.ASCII.GetString(tap.Received_.ToArray()[..24]));
        Assert.Equal(4, tap.Sent_.ToArray()[3]);
        Assert.Equal((1, 1), (tap.Opened_, tap.Closed_));
    }

    private sealed class RecordingTap : Http2FrameTap
    {
        public MemoryStream Received_ { get; } = new();

        public MemoryStream Sent_ { get; } = new();

        public int Opened_ { get; private set; }

        public int Closed_ { get; private set; }

        public override void Opened(Http2ConnectionInfo connection) => Opened_++;

        public override void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) => Received_.Write(octets);

        public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) => Sent_.Write(octets);

        public override void Closed(Http2ConnectionInfo connection) => Closed_++;
    }

    [Theory]
    [InlineData(Http2Scheduling.EventLoops, "127.0.0.1")]
    [InlineData(Http2Scheduling.EventLoops, "::1")]
    [InlineData(Http2Scheduling.EventLoops, null)]
    [InlineData(Http2Scheduling.ThreadPool, "127.0.0.1")]
    public async Task Many_that_come_at_once_are_accepted_and_each_is_known_by_its_addresses(Http2Scheduling scheduling, string? host)
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(
                200, [], $"{request.Connection.RemoteAddress} {request.Connection.LocalAddress}")),
            Serving.Loopback with { Host = host, Scheduling = scheduling });
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AskAsync())).Soon();
        Assert.DoesNotContain(serving.Log.Lines, line => line.Text.Contains("cannot accept", StringComparison.Ordinal));

        async Task AskAsync()
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(host == "::1" ? IPAddress.IPv6Loopback : IPAddress.Loopback, serving.Server.Port);
            await using var client = await RawClient.OverAsync(new NetworkStream(socket));
            var answer = await client.Text(await client.RequestAsync("/"));
            Assert.Equal($"{((IPEndPoint)socket.LocalEndPoint!).Port} {serving.Server.Port}", string.Join(
                ' ', answer.Split(' ').Select(end => IPEndPoint.Parse(end).Port)));
        }
    }
}
