using System.Net.Sockets;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class FaultTests
{
    public static TheoryData<string, string, ErrorCode> ConnectionFaults => new()
    {
        { "PING on a stream", "000008 06 00 00000001 0000000000000000", ErrorCode.ProtocolError },
        { "PING of seven octets", "000007 06 00 00000000 00000000000000", ErrorCode.FrameSizeError },
        { "SETTINGS of five octets", "000005 04 00 00000000 0000000000", ErrorCode.FrameSizeError },
        { "ENABLE_PUSH of 2", "000006 04 00 00000000 000200000002", ErrorCode.ProtocolError },
        { "a window of 2^31", "000006 04 00 00000000 000480000000", ErrorCode.FlowControlError },
        { "an increment of 0", "000004 08 00 00000000 00000000", ErrorCode.ProtocolError },
        { "DATA on stream 0", "000001 00 00 00000000 00", ErrorCode.ProtocolError },
        { "DATA on an idle stream", "000001 00 00 00000001 00", ErrorCode.ProtocolError },
        { "HEADERS on an even stream", "000001 01 05 00000002 82", ErrorCode.ProtocolError },
        { "index 0", "000001 01 05 00000001 80", ErrorCode.CompressionError },
        { "a block cut short", "000001 01 05 00000001 40", ErrorCode.CompressionError },
        { "a lone CONTINUATION", "000001 09 04 00000001 82", ErrorCode.ProtocolError },
        { "PING inside a block", "000001 01 01 00000001 82 000008 06 00 00000000 0000000000000000", ErrorCode.ProtocolError },
        { "PUSH_PROMISE from a client", "000005 05 04 00000001 00000002 82", ErrorCode.ProtocolError },
        { "a frame that is too large", "004001 00 00 00000001", ErrorCode.FrameSizeError },
        { "RST_STREAM on an idle stream", "000004 03 00 00000005 00000008", ErrorCode.ProtocolError },
    };

    [Theory]
    [MemberData(nameof(ConnectionFaults))]
    public async Task A_connection_fault_is_answered_with_the_right_GOAWAY_and_the_server_lives(string what, string octets, ErrorCode code)
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "alive")));
        await using var client = await RawClient.ConnectAsync(serving);
        await client.RawAsync(Convert.FromHexString(octets.Replace(" ", "")));
        var goAway = await client.Until<ConnectionEvent.GoAwayReceived>();
        Assert.True(code == goAway.Code, $"{what}: {goAway.Code}");
        await client.End();
        Assert.Equal("alive", await serving.Client().GetStringAsync("/"));
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task Octets_that_are_no_preface_end_the_connection()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "alive")));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address);
        await socket.SendAsync("\x16\x03\x01 not HTTP at all\n"u8.ToArray());
        var read = new byte[100];
        while (await socket.ReceiveAsync(read).Soon() > 0)
        {
        }
        Assert.Equal("alive", await serving.Client().GetStringAsync("/"));
    }

    [Fact]
    public async Task A_GOAWAY_arrives_although_the_client_goes_on_sending()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()));
        for (var i = 0; i < 20; i++)
        {
            await using var client = await RawClient.ConnectAsync(serving);
            // All that follows the fault is never read as frames; a reset in its place would destroy the GOAWAY.
            byte[] fault = [0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
            await client.RawAsync([.. fault, .. new byte[200_000]]);
            Assert.Equal(ErrorCode.ProtocolError, (await client.Until<ConnectionEvent.GoAwayReceived>()).Code);
        }
    }

    [Fact]
    public async Task A_client_that_stays_after_its_GOAWAY_is_cut_after_a_moment()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response()), Serving.Loopback with { TimeProvider = clock });
        await using var client = await RawClient.ConnectAsync(serving);
        await client.FrameAsync(0, 0, 0, 1);
        await client.Until<ConnectionEvent.GoAwayReceived>();
        await client.End();
        while (serving.Server.ConnectionCount > 0)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    public static TheoryData<string, string> BadFields => new()
    {
        { "X-Upper", "1" }, { "connection", "close" }, { "te", "gzip" }, { ":path", "/again" }, { "content-length", "5" }, { "x", "a\rb" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task A_malformed_request_resets_its_stream_and_the_connection_lives(string name, string value)
    {
        var handlers = new Handlers(() => new ScriptedHandler { Done_ = h => h.SendResponse(200, body: "alive") });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        HeaderField[] fields = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "test"), (name, value)];
        var block = HpackEncoder.Encode(EncoderState.Create(0), fields).Block;
        var id = client.OpenUnsent();
        await client.FrameAsync(1, 5, id.Value, block.Span.ToArray());
        Assert.Equal(ErrorCode.ProtocolError, await client.Closed(id));
        Assert.Empty(handlers.Made);
        await client.SettleAsync();
        Assert.False(client.Saw<ConnectionEvent.GoAwayReceived>());
        // The connection lives, and its table with it: a raw request that is in order is answered.
        var good = client.OpenUnsent();
        await client.FrameAsync(1, 5, good.Value, HpackEncoder.Encode(EncoderState.Create(0), fields[..4]).Block.Span.ToArray());
        Assert.Equal("alive", await client.Text(good));
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task A_body_that_is_not_as_long_as_declared_resets_its_stream()
    {
        var handlers = new Handlers(() => new ScriptedHandler());
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", false, ("content-length", "10"));
        await client.FrameAsync(0, 1, id.Value, 1, 2, 3);
        Assert.Equal(ErrorCode.ProtocolError, await client.Closed(id));
        await client.SettleAsync();
        Assert.Equal(["headers", "close ProtocolError"], Assert.Single(handlers.Made).Calls.Where(c => c != "data"));
    }

    [Fact]
    public async Task Random_octets_end_connections_and_never_the_server()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "alive")));
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            await using var client = await RawClient.ConnectAsync(serving);
            var junk = new byte[random.Next(9, 400)];
            random.NextBytes(junk);
            junk[0] = 0;
            junk[1] = 0;
            junk[3] = (byte)random.Next(0, 12);
            await client.RawAsync(junk);
        }
        Assert.Equal("alive", await serving.Client().GetStringAsync("/"));
        Assert.Empty(serving.Log.Errors);
    }
}
