using System.Net.WebSockets;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Tunnels, pushes and priorities of a client.</summary>
public sealed class TunnelTests
{
    private static Http2ServerOptions Tunnels { get; } = new()
    {
        AllowConnect = true,
        Connection = ConnectionOptions.Default with { EnableConnectProtocol = true },
    };

    [Fact]
    public async Task What_is_written_into_a_tunnel_comes_out_at_the_other_end_and_back()
    {
        await using var pair = ClientPair.Start(EchoAsync, server: Tunnels);
        await using var tunnel = await pair.Client.OpenTunnelAsync("example.org:443").Soon();
        await EchoesAsync(tunnel);
    }

    [Fact]
    public async Task A_tunnel_of_another_protocol_is_opened_once_the_server_takes_them()
    {
        await using var pair = ClientPair.Start(EchoAsync, server: Tunnels);
        await using var tunnel = await pair.Client.OpenProtocolAsync("echo", "/here").Soon();
        await EchoesAsync(tunnel);
    }

    [Fact]
    public async Task A_server_that_takes_no_extended_CONNECT_is_asked_for_none()
    {
        await using var pair = ClientPair.Start(EchoAsync);
        var failure = await Assert.ThrowsAsync<Http2ConnectException>(() => pair.Client.OpenProtocolAsync("echo", "/").Soon());
        Assert.Contains("RFC 8441", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, pair.Client.Info.StreamsServed);
    }

    [Fact]
    public async Task A_tunnel_that_is_refused_tells_the_status()
    {
        await using var pair = ClientPair.Start(_ => new(new Http2Response(407)), server: Tunnels);
        var failure = await Assert.ThrowsAsync<Http2ConnectException>(() => pair.Client.OpenTunnelAsync("example.org:443").Soon());
        Assert.Contains("407", failure.Message, StringComparison.Ordinal);
        await pair.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_WebSocket_of_NET_goes_through_the_handler()
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => EchoAsync(request), Serving.Loopback with { Connection = Tunnels.Connection });
        using var handler = new Http2MessageHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = System.Net.HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{serving.Server.Port}/ws"), invoker, CancellationToken.None).Soon();
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task Pushes_come_with_the_requests_that_were_promised()
    {
        await using var pair = ClientPair.Start(
            request =>
            {
                request.Push("/a", new Http2Response(200, [], "a"));
                request.Push("/b", new Http2Response(404, [], "b"));
                return new(new Http2Response(200));
            },
            new() { Connection = ConnectionOptions.Default });
        var stream = await pair.Client.SendAsync(new() { TakesPushes = true });
        List<string> pushed = [];
        await foreach (var push in stream.Pushes)
        {
            Assert.True(push.IsPushed);
            pushed.Add($"{push.Request.Target} {(await push.Response.Soon()).Status} {await RequestTests.TextAsync(push)}");
        }
        Assert.Equal(["/a 200 a", "/b 404 b"], pushed);
        await pair.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_push_that_nobody_takes_is_refused()
    {
        var (client, server) = await RawServer.StartAsync(new() { Connection = ConnectionOptions.Default });
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        var promised = await server.PushAsync(request.Id, "/a");
        Assert.Equal(ErrorCode.RefusedStream, await server.Closed(promised));
        await server.RespondAsync(request.Id);
        Assert.Equal(200, (await stream.Response.Soon()).Status);
        await CancellationTests.EndAsync(client, server);
    }

    [Theory]
    [InlineData("other.example")]
    [InlineData("localhost:81")]
    public async Task A_push_for_another_host_is_an_error_of_its_stream(string authority)
    {
        var (client, server) = await RawServer.StartAsync(new() { Connection = ConnectionOptions.Default });
        var stream = await client.SendAsync(new() { TakesPushes = true });
        var request = await server.RequestAsync();
        var promised = await server.PushAsync(request.Id, "/a", authority);
        Assert.Equal(ErrorCode.ProtocolError, await server.Closed(promised));
        await server.RespondAsync(request.Id);
        Assert.Equal(200, (await stream.Response.Soon()).Status);
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task A_push_for_the_host_that_was_asked_for_is_taken()
    {
        var (client, server) = await RawServer.StartAsync(new() { Connection = ConnectionOptions.Default });
        var stream = await client.SendAsync(new() { TakesPushes = true, Authority = "virtual.example" });
        var request = await server.RequestAsync();
        var promised = await server.PushAsync(request.Id, "/a", "virtual.example");
        await server.RespondAsync(promised);
        await server.RespondAsync(request.Id);
        await foreach (var pushed in stream.Pushes)
            Assert.Equal(200, (await pushed.Response.Soon()).Status);
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task A_priority_goes_with_the_request_and_may_change()
    {
        var (client, server) = await RawServer.StartAsync();
        var stream = await client.SendAsync(new() { Priority = new Http2Priority(Urgency: 5) });
        var request = await server.RequestAsync();
        Assert.Contains(request.Head.Fields.ToFields(), field => field is { Name: var name, Value: var value } && name == "priority" && value == "u=5");
        stream.Reprioritize(new Http2Priority(0, Incremental: true));
        await server.SettleAsync();
        await server.RespondAsync(request.Id);
        await stream.Closed.Soon();
        // Of no effect, and no mistake.
        stream.Reprioritize(new Http2Priority());
        await server.SettleAsync();
        await CancellationTests.EndAsync(client, server);
    }

    [Theory]
    [InlineData(3, false, "")]
    [InlineData(3, true, "i")]
    [InlineData(0, false, "u=0")]
    [InlineData(7, true, "u=7, i")]
    public void Priorities_are_written_as_the_field_has_them(int urgency, bool incremental, string text) =>
        Assert.Equal(text, new Http2Priority(urgency, incremental).ToString());

    [Fact]
    public void An_urgency_that_does_not_exist_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Http2ClientRequest { Priority = new Http2Priority(8) });

    private static ValueTask<Http2Response> EchoAsync(Http2Request request) => new(new Http2Response(200, [], ResponseBody.From(request.Body)));

    private static async Task EchoesAsync(Http2TunnelStream tunnel)
    {
        var buffer = new byte[100];
        foreach (var word in new[] { "one", "two" })
        {
            await tunnel.WriteAsync(Encoding.UTF8.GetBytes(word)).AsTask().Soon();
            Assert.Equal(word, Encoding.UTF8.GetString(buffer, 0, await tunnel.ReadAsync(buffer).AsTask().Soon()));
        }
        tunnel.CompleteWriting();
        Assert.Equal(0, await tunnel.ReadAsync(buffer).AsTask().Soon());
        Assert.Equal(ErrorCode.NoError, await tunnel.Exchange.Closed.Soon());
    }
}
