using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class ListeningTests
{
    private static Func<Http2Request, CancellationToken, ValueTask<Http2Response>> Hello { get; } =
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
    public void Options_that_are_out_of_range_are_refused_by_name()
    {
        void Refused(string name, Http2ServerOptions options) =>
            Assert.Contains(name, Assert.Throws<ArgumentException>(() => new Http2Server(options, Hello)).Message);
        Refused("Port", new() { Port = 65536 });
        Refused("Endpoints[1].Port", new() { Endpoints = [new(), new() { Port = -1 }] });
        Refused("Host is ''", new() { Host = "" });
        Refused("Host is ' '", new() { Host = " " });
        Refused("Endpoints[0].Host is ''", new() { Endpoints = [new() { Host = "" }] });
        Refused("Endpoints[0].UnixSocketPath", new() { Endpoints = [new() { UnixSocketPath = "" }] });
        Refused("Endpoints[0].UnixSocketPath", new() { Endpoints = [new() { UnixSocketPath = "a\0b" }] });
        Refused("Endpoints[0].UnixSocketMode", new() { Endpoints = [new() { UnixSocketMode = UnixFileMode.UserWrite }] });
        Refused("MaxConnections", new() { MaxConnections = 0 });
        Refused("SendTimeout", new() { SendTimeout = TimeSpan.Zero });
        Refused("MaxFrameSize", new() { Connection = new() { MaxFrameSize = 100 } });
        Refused("MaxBodyBuffersPerConnection", new() { MaxBodyBuffersPerConnection = 8191 });
        Refused("GlitchLimit.Burst", new() { Connection = new() { GlitchLimit = new(-1, 0) } });
        Refused("IdleTimeout", new() { Connection = new() { IdleTimeout = TimeSpan.Zero } });
        Refused("InitialStreamWindow", new() { Connection = new() { InitialStreamWindow = -1 } });
        Refused("MaxExaminedPerRequest", new() { MaxExaminedPerRequest = 16_383 });
        Refused("MaxExaminedPerConnection", new() { MaxExaminedPerConnection = 16_383 });
        Refused("MaxUnreadPerConnection", new() { Connection = new() { MaxUnreadPerConnection = -1 } });
    }

    /// <summary>The protocol allows them, and a client that meets them waits for ever or is refused with every request.</summary>
    [Fact]
    public void Options_that_leave_no_usable_server_are_refused_by_name()
    {
        void Refused(string message, ConnectionOptions limits)
        {
            var options = new Http2ServerOptions { Connection = limits };
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => new Http2Server(options, Hello)).Message);
        }
        Refused("The option MaxConcurrentStreams is 0; it must be 1 to 2147483647.", new() { MaxConcurrentStreams = 0 });
        foreach (var window in new[] { 0, 1, 1000, 16_383 })
            Refused($"The option InitialStreamWindow is {window}; it must be 16384 to 2147483647.", new() { InitialStreamWindow = window });
        Refused("The option MaxHeaderListSize is 2047; it must be 2048 to 2147483647.", new() { MaxHeaderListSize = 2047 });
        Refused("The option MaxHeaderFields is 31; it must be 32 to 2147483647.", new() { MaxHeaderFields = 31 });
        Refused("The option MaxSettingsEntries is 7; it must be 8 to 2147483647.", new() { MaxSettingsEntries = 7 });
        Refused("The option GlitchLimit.Burst is 15; it must be 16 to 2147483647.", new() { GlitchLimit = new(15, 1) });
        Refused("The option GlitchLimit.PerSecond is 0; it must be 1 to 2147483647.", new() { GlitchLimit = new(16, 0) });
    }

    /// <summary>The least of every limit that is a number of octets, frames or streams, with real requests.</summary>
    [Fact]
    public async Task The_least_values_that_are_accepted_serve_HttpClient_both_ways()
    {
        ConnectionOptions[] least =
        [
            new() { MaxConcurrentStreams = 1 }, new() { InitialStreamWindow = 16_384 }, new() { InitialConnectionWindow = 65_535 },
            new() { InitialStreamWindow = 16_384, InitialConnectionWindow = 65_535, MaxUnreadPerConnection = 1, MaxConcurrentStreams = 1 },
            new() { EncoderTableSize = 0 }, new() { MaxHeaderListSize = 2048, MaxHeaderFields = 32, MaxCookieCrumbs = 0 },
            new() { MaxContinuations = 0, MaxEmptyContinuations = 0, MaxPushes = 0, MaxSettingsEntries = 8 },
            new() { GlitchLimit = new(16, 1), ControlFrameLimit = new(0, 0), CausedResetLimit = new(0, 0), PeerResetLimit = new(0, 0) },
            new() { LastStreamBeforeShutdown = 1 },
        ];
        foreach (var options in least)
        {
            await using var serving = await Serving.StartAsync(
                async (request, cancellation) =>
                {
                    using var body = new MemoryStream();
                    await request.BodyStream.CopyToAsync(body, cancellation);
                    return new(200, [], body.ToArray());
                },
                Serving.Loopback with { Connection = options });
            var client = serving.Client();
            var requests = Enumerable.Range(0, 4).Select(async i =>
            {
                var answer = await client.PostAsync("/", new ByteArrayContent(new byte[i * 100_000]));
                Assert.Equal(i * 100_000, (await answer.Content.ReadAsByteArrayAsync()).Length);
            });
            await Task.WhenAll(requests);
        }
    }

    /// <summary>
    /// HttpClient has no table either, but never says that it took ours back, which ends its connection once it has acknowledged our SETTINGS
    /// (RFC 9113 §4.3.1): before that it is served. Clients that do as the RFC says are served throughout.
    /// </summary>
    [Fact]
    public async Task A_decoder_without_a_table_serves_clients_that_say_that_they_use_none()
    {
        await using var serving = await Serving.StartAsync(
            Hello, Serving.Loopback with { Connection = new() { DecoderTableSize = 0, EncoderTableSize = 0 } });
        await using var client = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await client.Response(await client.RequestAsync("/"))).Head.Status);
            await client.SettleAsync();
        }
        var other = serving.Client();
        Assert.True((await other.GetAsync("/")).IsSuccessStatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            while (true)
                Assert.True((await other.GetAsync("/")).IsSuccessStatusCode);
        });
        await serving.Log.SeeAsync(13);
        Assert.Contains(serving.Log.Lines, line => line.Event == 13 && line.Text.Contains("CompressionError", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_at_once()
    {
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { MaxConnections = 2 });
        var first = await RawClient.ConnectAsync(serving);
        await using var second = await RawClient.ConnectAsync(serving);
        await Assert.ThrowsAnyAsync<IOException>(() => RawClient.ConnectAsync(serving));
        // A logger that blocks must not hold up what accepts, so lines are written elsewhere.
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); serving.Log.Lines.All(l => l.Event != 4); await Task.Yield())
            Assert.True(watch.Elapsed < Patience.Time);
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

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("PRINT /x HTTP/1.0\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")]
    public async Task A_client_that_speaks_HTTP1_is_told_what_to_use(string request)
    {
        await using var serving = await Serving.StartAsync(Hello);
        foreach (var step in new[] { request.Length, 1 })
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(serving.Server.Endpoints[0].Address);
            for (var at = 0; at < request.Length; at += step)
                await socket.SendAsync(Encoding.ASCII.GetBytes(request[at..Math.Min(at + step, request.Length)]));
            var answer = await new StreamReader(new NetworkStream(socket)).ReadToEndAsync().Soon();
            Assert.StartsWith("HTTP/1.1 426 Upgrade Required\r\n", answer);
            Assert.Contains("\r\nupgrade: h2c\r\n", answer);
            Assert.Contains("prior knowledge", answer);
        }
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("GET", false)]
    public async Task Its_answer_has_a_date_and_for_HEAD_no_content(string method, bool sendsDate)
    {
        var clock = new ManualClock(DateTimeOffset.Parse("2026-03-01T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { TimeProvider = clock, SendDate = sendsDate });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{method} / HTTP/1.1\r\nhost: x\r\n\r\n"));
        using var reader = new StreamReader(new NetworkStream(socket));
        socket.Shutdown(SocketShutdown.Send);
        var answer = await reader.ReadToEndAsync().Soon();
        Assert.Equal(sendsDate, answer.Contains("\r\ndate: Sun, 01 Mar 2026 12:00:00 GMT\r\n", StringComparison.Ordinal));
        Assert.Matches("\r\ncontent-length: [1-9][0-9]+\r\n", answer);
        Assert.Equal(method == "HEAD", answer.EndsWith("\r\n\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_text_for_HTTP1_clients_is_an_option()
    {
        await using var serving = await Serving.StartAsync(
            Hello, Serving.Loopback with { UpgradeRequiredText = "use https://example.org" });
        using var client = new HttpClient();
        var answer = await client.GetAsync(serving.Uri);
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
        Assert.Equal("use https://example.org\n", await answer.Content.ReadAsStringAsync());
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
