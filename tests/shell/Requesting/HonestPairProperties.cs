using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A client and a server of ours that do what they are told at random never find a fault in each other, and hold nothing at the end.</summary>
public sealed class HonestPairProperties
{
    private static Http2ClientOptions Client { get; } = new()
    {
        Connection = ConnectionOptions.Default with { InitialStreamWindow = 20_000, MaxConcurrentStreams = 3 },
    };

    private static Http2ServerOptions Server { get; } = new()
    {
        AllowConnect = true,
        Connection = ConnectionOptions.Default with { EnableConnectProtocol = true, MaxConcurrentStreams = 5, InitialStreamWindow = 30_000 },
    };

    [Property(MaxTest = 40)]
    public async Task Whatever_a_client_asks_for_neither_end_breaks_a_rule(byte[] script)
    {
        await using var pair = ClientPair.Start(AnswerAsync, Client with { LoggerFactory = new TestLog() }, Server);
        // Before the server's SETTINGS have come, more requests may be sent than it takes, and it refuses them.
        await pair.Client.PingAsync().Soon();
        await Task.WhenAll(script.Take(30).Select((what, i) => Task.Run(() => ActAsync(pair.Client, what, i)))).Soon();
        await pair.NothingIsHeldAsync();
        // What connections log of faults of their peers.
        Assert.DoesNotContain(pair.Log.Lines, line => line.Event is 13 or 14);
        Assert.DoesNotContain(((TestLog)pair.Client.Role.Host.Options.LoggerFactory).Lines, line => line.Event is 13 or 14);
    }

    private static async Task ActAsync(Http2ClientConnection client, byte what, int i)
    {
        try
        {
            Task acting = (what % 10) switch
            {
                0 => client.PingAsync(),
                1 => CancelAsync(client, what),
                2 => TunnelAsync(await client.OpenTunnelAsync("example.org:443")),
                3 => TunnelAsync(await client.OpenProtocolAsync("echo", "/")),
                4 => PushesAsync(client),
                5 => CallBackAsync(client),
                6 => ReadAsync(client, new("POST", $"/{what}", null, new MemoryStream(new byte[what * 500])) { Trailers = [("x-t", $"{i}")] }),
                7 => ReadAsync(client, new("POST", $"/{what}", [("expect", "100-continue")], new byte[what * 300])),
                8 => ReadAsync(client, new("HEAD", "/")),
                _ => ReadAsync(client, new("GET", $"/{what}") { Priority = new Http2Priority(what % 8, what % 2 == 0) }),
            };
            await acting;
        }
        catch (Exception expected) when (expected is OperationCanceledException or Http2StreamClosedException)
        {
            // What the client has cancelled itself.
        }
    }

    private static async Task ReadAsync(Http2ClientConnection client, Http2ClientRequest request)
    {
        var stream = await client.SendAsync(request);
        stream.Reprioritize(new Http2Priority(0));
        Assert.Equal(200, (await stream.Response).Status);
        await RequestTests.BytesAsync(stream.Body);
    }

    private static async Task CancelAsync(Http2ClientConnection client, byte what)
    {
        using var cancellation = new CancellationTokenSource();
        var stream = client.Send(new("POST", "/", null, new MemoryStream(new byte[100_000])), cancellation.Token);
        if (what % 3 == 0)
            await stream.Response;
        if (what % 3 == 1)
            await stream.Body.ReadAsync();
        await cancellation.CancelAsync();
        await stream.Closed;
    }

    private static async Task TunnelAsync(Http2TunnelStream tunnel)
    {
        await using (tunnel)
        {
            await tunnel.WriteAsync(new byte[1000]);
            await tunnel.ReadExactlyAsync(new byte[1000]);
        }
    }

    private static async Task PushesAsync(Http2ClientConnection client)
    {
        var stream = await client.SendAsync(new("GET", "/push") { TakesPushes = true });
        await RequestTests.BytesAsync(stream.Body);
        await foreach (var pushed in stream.Pushes)
            await RequestTests.BytesAsync(pushed.Body);
    }

    private static Task CallBackAsync(Http2ClientConnection client)
    {
        var handler = new Handler();
        client.Send(new("GET", "/50"), handler);
        return handler.Ended.Task;
    }

    private static async ValueTask<Http2Response> AnswerAsync(Http2Request request)
    {
        if (request.Method == "CONNECT")
            return new Http2Response(200, [], ResponseBody.From(request.Body));
        request.SendInformational(103);
        if (request.Path == "/push")
            request.TryPush("/pushed", new Http2Response(200, [], new byte[5000]), out _);
        var came = await RequestTests.BytesAsync(request.Body);
        return came.Length % 2 == 0
            ? new Http2Response(200, [], new byte[came.Length])
            : new Http2Response(200, [], new MemoryStream(new byte[came.Length * 2])) { Trailers = [("x-t", "1")] };
    }

    private sealed class Handler : Http2ResponseHandler
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void OnClose(ErrorCode errorCode, Exception? failure) => Ended.TrySetResult();
    }
}
