using System.Net.Security;
using System.Net.Sockets;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Connections that are young when the server stops: what it has taken, or the kernel for it, is served or told to go.</summary>
public sealed class FreshConnectionTests
{
    [Fact]
    public async Task A_connection_that_has_said_nothing_yet_is_served_when_it_speaks_in_time()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200, [], "served")), Serving.Loopback with { TimeProvider = clock });
        await using var stream = await ConnectAsync(serving);
        var stopped = serving.Server.StopAsync();
        Assert.False(stopped.IsCompleted);
        await stream.WriteAsync(FirstFlight("http"));
        await UntilServedAsync(stream);
        await stream.DisposeAsync();
        await stopped.Soon();
    }

    [Fact]
    public async Task A_client_that_waits_for_the_servers_first_word_is_told()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response()), Serving.Loopback with { TimeProvider = clock, DrainTimeout = TimeSpan.FromDays(1) });
        await using var stream = await ConnectAsync(serving);
        var stopped = serving.Server.StopAsync();
        await using var client = await RawClient.OverAsync(stream);
        await client.Until<ConnectionEvent.GoAwayReceived>();
        await PassTimeAsync(clock, stopped);
        Assert.DoesNotContain(serving.Log.Lines, l => l.Event == 5);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_told_to_go_after_a_moment()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response()), Serving.Loopback with { TimeProvider = clock, DrainTimeout = TimeSpan.FromHours(1) });
        await using var stream = await ConnectAsync(serving);
        var stopped = serving.Server.StopAsync();
        clock.Advance(ConnectionOptions.Default.ShutdownPingTimeout);
        var octets = new byte[26];
        await stream.ReadExactlyAsync(octets).AsTask().Soon();
        // SETTINGS, and GOAWAY with last stream 0 and NO_ERROR: the client may ask anywhere else.
        Assert.Equal("000000040000000000" + "0000080700000000000000000000000000", Convert.ToHexString(octets));
        Assert.Equal(0, await stream.ReadAsync(octets).AsTask().Soon());
        await stream.DisposeAsync();
        await stopped.Soon();
    }

    [Fact]
    public async Task A_silent_connection_that_stays_is_closed_and_does_not_hold_up_the_end()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response()), Serving.Loopback with { TimeProvider = clock, DrainTimeout = TimeSpan.FromDays(1) });
        await using var stream = await ConnectAsync(serving);
        await PassTimeAsync(clock, serving.Server.StopAsync());
        Assert.DoesNotContain(serving.Log.Lines, l => l.Event == 5);
    }

    [Fact]
    public async Task A_TLS_handshake_that_is_under_way_is_finished_and_its_client_served()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200, [], "served")),
            Serving.Loopback with { TimeProvider = clock, Tls = TestCertificate.Server, DrainTimeout = TimeSpan.FromDays(1) });
        await using var carrier = await ConnectAsync(serving);
        var stopped = serving.Server.StopAsync();
        Assert.False(stopped.IsCompleted);
        await using var tls = new SslStream(carrier, leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        }).Soon();
        await tls.WriteAsync(FirstFlight("https"));
        await UntilServedAsync(tls);
        await tls.DisposeAsync();
        await PassTimeAsync(clock, stopped);
    }

    [Fact]
    public async Task A_cut_closes_connections_that_have_not_begun()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()));
        await using var stream = await ConnectAsync(serving);
        await serving.Server.StopAsync(new CancellationToken(true)).Soon();
        Assert.Equal(0, await ReadAsync(stream).Soon());
        while (serving.Server.ConnectionCount > 0)
            await Task.Yield();
    }

    [Theory]
    [InlineData(Http2Scheduling.EventLoops, false)]
    [InlineData(Http2Scheduling.ThreadPool, false)]
    [InlineData(Http2Scheduling.EventLoops, true)]
    public async Task Clients_with_a_connection_for_each_request_are_served_or_told_or_refused_and_never_reset(
        Http2Scheduling scheduling, bool unix)
    {
        for (var round = 0; round < 10; round++)
        {
            var path = Path.Combine(Path.GetTempPath(), $"h2-{Guid.NewGuid():N}");
            var options = Serving.Loopback with { Scheduling = scheduling };
            if (unix)
                options = options with { Endpoints = [new Http2Endpoint { UnixSocketPath = path }] };
            await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "served")), options);
            var served = 0;
            var asking = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                while (await AskAsync(serving))
                    Interlocked.Increment(ref served);
            })).ToList();
            while (Volatile.Read(ref served) < 20)
                await Task.Yield();
            await serving.Server.StopAsync().Soon();
            await Task.WhenAll(asking).Soon();
            Assert.Empty(serving.Log.Errors);
        }
    }

    // Answers false once the server listens no more; throws when a connection was made and came to nothing.
    private static async Task<bool> AskAsync(Serving serving)
    {
        Stream stream;
        try
        {
            stream = await ConnectAsync(serving);
        }
        catch (SocketException)
        {
            return false;
        }
        RawClient client;
        try
        {
            client = await RawClient.OverAsync(stream);
        }
        catch (EndOfStreamException ended) when (ended.Message.Contains(nameof(ConnectionEvent.GoAwayReceived)))
        {
            // Told to go before anything else could be said.
            return true;
        }
        await using var _ = client;
        StreamId id;
        try
        {
            id = await client.RequestAsync("/");
        }
        catch (InvalidOperationException)
        {
            // Told to go before it could ask.
            Assert.True(client.Saw<ConnectionEvent.GoAwayReceived>());
            return true;
        }
        var said = await client.Until<ConnectionEvent>(e => e is ConnectionEvent.ResponseReceived
            || e is ConnectionEvent.GoAwayReceived goAway && goAway.LastStreamId.Value < id.Value);
        if (said is ConnectionEvent.ResponseReceived)
            Assert.Equal("served", await client.Text(id));
        return true;
    }

    private static async Task PassTimeAsync(ManualClock clock, Task until)
    {
        while (!until.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(until, Task.Delay(1));
        }
        await until;
    }

    /// <summary>What a client sends before it has heard anything: the preface, SETTINGS, and a request.</summary>
    private static byte[] FirstFlight(string scheme)
    {
        HeaderField[] fields = [(":method", "GET"), (":scheme", scheme), (":path", "/"), (":authority", "localhost")];
        var block = HpackEncoder.Encode(EncoderState.Create(0), fields).Block.Span.ToArray();
        return
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0,
            0, 0, (byte)block.Length, 1, 5, 0, 0, 0, 1, .. block,
        ];
    }

    private static async Task UntilServedAsync(Stream stream)
    {
        var octets = new byte[4096];
        for (var length = 0; octets.AsSpan(0, length).IndexOf("served"u8) < 0;)
        {
            var read = await stream.ReadAsync(octets.AsMemory(length)).AsTask().Soon();
            Assert.NotEqual(0, read);
            length += read;
        }
    }

    private static async Task<int> ReadAsync(Stream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[10]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<Stream> ConnectAsync(Serving serving)
    {
        var at = serving.Server.Endpoints[0].Address;
        var socket = new Socket(at.AddressFamily, SocketType.Stream, at is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(at).Soon();
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new NetworkStream(socket, ownsSocket: true);
    }
}
