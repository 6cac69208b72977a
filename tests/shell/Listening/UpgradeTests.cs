using System.Net.Sockets;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>HTTP/2 by Upgrade from HTTP/1.1 on a cleartext port (RFC 7540 §3.2), on octets.</summary>
public sealed class UpgradeTests
{
    private const string Asks = "Host: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";

    private static readonly byte[] EmptySettings = Requests.Frame((byte)FrameType.Settings, 0, 0, []);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_request_is_answered_on_stream_1(bool octetByOctet)
    {
        await using var serving = await Serving.StartAsync(Describe);
        await using var client = await Upgraded.ConnectAsync(serving, $"GET /path?q HTTP/1.1\r\n{Asks}X-One: 1\r\n\r\n", octetByOctet);
        await client.SendAsync([.. WireConstants.Preface, .. EmptySettings], octetByOctet);
        Assert.Equal("GET /path?q localhost 1 0", await client.BodyAsync(1));
    }

    [Fact]
    public async Task Content_comes_with_the_request_and_counts_against_no_window()
    {
        var options = Serving.Loopback with { Connection = new ConnectionOptions { InitialConnectionWindow = 65535 } };
        await using var serving = await Serving.StartAsync(Describe, options);
        var content = new string('c', 60_000);
        await using var client = await Upgraded.ConnectAsync(serving, $"POST / HTTP/1.1\r\n{Asks}Content-Length: 60000\r\n\r\n{content}");
        await client.SendAsync([.. WireConstants.Preface, .. EmptySettings]);
        Assert.Equal("POST / localhost - 60000", await client.BodyAsync(1));
        // The client knows nothing of a window that its content has spent: all of it is there for the next request.
        Assert.DoesNotContain(client.Frames, frame => frame.Type == FrameType.WindowUpdate);
        await client.SendAsync(Post(3, 65_535));
        Assert.EndsWith(" 65535", await client.BodyAsync(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_of_the_request_hold()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], new string('x', 100))));
        // INITIAL_WINDOW_SIZE of 10.
        var asks = Asks.Replace("AAMAAABkAAQAAP__", "AAQAAAAK", StringComparison.Ordinal);
        await using var client = await Upgraded.ConnectAsync(serving, $"GET / HTTP/1.1\r\n{asks}\r\n");
        await client.SendAsync([.. WireConstants.Preface, .. EmptySettings, .. Requests.Frame((byte)FrameType.Ping, 0, 0, new byte[8])]);
        await client.UntilAsync(frame => frame.Type == FrameType.Data);
        Assert.Equal(10, client.Frames[^1].Payload.Length);
        await client.SendAsync(Requests.Frame((byte)FrameType.WindowUpdate, 0, 1, [0, 0, 0, 90]));
        Assert.Equal(100, (await client.BodyAsync(1)).Length);
        Assert.Single(client.Frames, frame => frame.Type == FrameType.Settings && frame.Flags == 1);
    }

    [Fact]
    public async Task More_requests_follow_on_the_connection()
    {
        await using var serving = await Serving.StartAsync(Describe);
        await using var client = await Upgraded.ConnectAsync(serving, $"GET /first HTTP/1.1\r\n{Asks}\r\n");
        await client.SendAsync([.. WireConstants.Preface, .. EmptySettings, .. Post(3, 4)]);
        Assert.Equal("GET /first localhost - 0", await client.BodyAsync(1));
        Assert.EndsWith(" 4", await client.BodyAsync(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_waits_for_100_is_told_to_go_on()
    {
        await using var serving = await Serving.StartAsync(Describe);
        await using var client = new Upgraded(serving);
        await client.SendAsync(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\n{Asks}Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 100 Continue\r\n", await client.HeadAsync(), StringComparison.Ordinal);
        await client.SendAsync("body"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 101 Switching Protocols\r\n", await client.HeadAsync(), StringComparison.Ordinal);
        await client.SendAsync([.. WireConstants.Preface, .. EmptySettings]);
        Assert.Equal("POST / localhost - 4", await client.BodyAsync(1));
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\n" + Asks + "Content-Length: 70000\r\n\r\n", "413")]
    [InlineData("POST / HTTP/1.1\r\n" + Asks + "Transfer-Encoding: chunked\r\n\r\n", "411")]
    [InlineData("GET / HTTP/1.1\r\n" + Asks + "x y\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "426")]
    [InlineData("GET / HTTP/1.1\r\nHost: x", "426")]
    public async Task What_is_no_upgrade_is_answered_in_HTTP1_and_the_connection_ends(string request, string status)
    {
        await using var serving = await Serving.StartAsync(Describe);
        await using var client = new Upgraded(serving);
        await client.SendAsync(Encoding.ASCII.GetBytes(request));
        client.FinishSending();
        Assert.StartsWith($"HTTP/1.1 {status} ", await client.HeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_without_end_is_refused()
    {
        await using var serving = await Serving.StartAsync(Describe);
        await using var client = new Upgraded(serving);
        await client.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\n{Asks}X-Long: {new string('x', 20_000)}"));
        Assert.StartsWith("HTTP/1.1 431 ", await client.HeadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is no preface of any protocol")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\u0008\u0006\0\0\0\0\0abcdefgh")]
    public async Task What_follows_must_be_the_preface_of_HTTP2(string octets)
    {
        await using var serving = await Serving.StartAsync(Describe);
        await using var client = await Upgraded.ConnectAsync(serving, $"GET / HTTP/1.1\r\n{Asks}\r\n");
        await client.SendAsync(Encoding.ASCII.GetBytes(octets));
        await client.UntilAsync(frame => frame.Type == FrameType.GoAway);
        Assert.DoesNotContain(client.Frames, frame => frame.Type == FrameType.Headers);
    }

    /// <summary>A request with content.</summary>
    private static byte[] Post(uint id, int length) =>
    [
        .. Requests.Post(id),
        .. Enumerable.Range(0, (length + 16383) / 16384)
            .SelectMany(i => Requests.Data(id, Math.Min(16384, length - (i * 16384)), end: (i + 1) * 16384 >= length)),
    ];

    private static async ValueTask<Http2Response> Describe(Http2Request request, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        await request.BodyStream.CopyToAsync(content, cancellation);
        return new Http2Response(
            200, [], $"{request.Method} {request.Target} {request.Host} {request.Headers["x-one"]?.ToString() ?? "-"} {content.Length}");
    }

    /// <summary>A client that has asked for an upgrade.</summary>
    private sealed class Upgraded(Serving serving) : IAsyncDisposable
    {
        private readonly NetworkStream _stream = Connect(serving);

        /// <summary>The frames that have come.</summary>
        public List<(FrameType Type, byte Flags, uint Stream, byte[] Payload)> Frames { get; } = [];

        public static async Task<Upgraded> ConnectAsync(Serving serving, string request, bool octetByOctet = false)
        {
            var client = new Upgraded(serving);
            await client.SendAsync(Encoding.ASCII.GetBytes(request), octetByOctet);
            var head = await client.HeadAsync();
            Assert.Equal("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: h2c\r\n\r\n", head);
            return client;
        }

        public async Task SendAsync(byte[] octets, bool octetByOctet = false)
        {
            foreach (var part in octetByOctet ? octets.Chunk(1) : [octets])
                await _stream.WriteAsync(part).AsTask().Soon();
        }

        public void FinishSending() => _stream.Socket.Shutdown(SocketShutdown.Send);

        /// <summary>The head of an answer of HTTP/1.1, the empty line included.</summary>
        public async Task<string> HeadAsync()
        {
            var head = new StringBuilder();
            var octet = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                await _stream.ReadExactlyAsync(octet).AsTask().Soon();
                head.Append((char)octet[0]);
            }
            return head.ToString();
        }

        /// <summary>The body of the response on a stream.</summary>
        public async Task<string> BodyAsync(uint stream)
        {
            if (!Frames.Any(IsEnd))
                await UntilAsync(IsEnd);
            return string.Concat(Frames.Where(frame => frame.Type == FrameType.Data && frame.Stream == stream).Select(frame => Encoding.ASCII.GetString(frame.Payload)));

            bool IsEnd((FrameType Type, byte Flags, uint Stream, byte[] Payload) frame) =>
                frame.Stream == stream && frame.Type is FrameType.Data or FrameType.Headers && (frame.Flags & 1) != 0;
        }

        public async Task UntilAsync(Func<(FrameType Type, byte Flags, uint Stream, byte[] Payload), bool> isLast)
        {
            do
            {
                var head = new byte[9];
                await _stream.ReadExactlyAsync(head).AsTask().Soon();
                var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await _stream.ReadExactlyAsync(payload).AsTask().Soon();
                Frames.Add(((FrameType)head[3], head[4], head[8], payload));
            }
            while (!isLast(Frames[^1]));
        }

        public ValueTask DisposeAsync() => _stream.DisposeAsync();

        private static NetworkStream Connect(Serving serving)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(serving.Server.Endpoints[0].Address);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
