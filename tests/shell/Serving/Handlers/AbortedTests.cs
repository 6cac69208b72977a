using System.Runtime.CompilerServices;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Whoever works for a response hears when its stream ends before it has gone out, and nobody else does.</summary>
public sealed class AbortedTests
{
    public static TheoryData<string, string> Ends
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var work in new[] { "running", "deferred", "pulled", "chunks", "written", "stream", "queued", "file" })
            {
                foreach (var end in new[] { "reset", "lost", "cut", "ours", "fault" })
                    data.Add(work, end);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task The_token_is_cancelled_whatever_is_at_work_and_whoever_ends_the_stream(string work, string end)
    {
        using var file = new TemporaryFile(new byte[1_000_000]);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Http2Request? asked = null;
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            asked = request;
            cancellation.Register(cancelled.SetResult);
            if (work == "running")
                await Task.Delay(Timeout.Infinite, cancellation);
            return new Http2Response(200, [], Body(work, file.Path));
        });
        var client = await RawClient.ConnectAsync(serving, ConnectionOptions.Default with { InitialStreamWindow = 1000 });
        client.AutoConsume = false;
        var id = await client.RequestAsync("/");
        if (work != "running")
            await client.Response(id);
        await client.SettleAsync();
        Assert.False(cancelled.Task.IsCompleted);
        await EndAsync(end, serving, client, asked!, id);
        await cancelled.Task.Soon();
        Assert.True(asked!.IsClosed);
        Assert.NotEqual(Http2CloseCause.Completed, asked.CloseReason!.Cause);
        Assert.Equal(asked.CloseReason.Code, await asked.Closed.Soon());
        Assert.Empty(serving.Log.Errors);
        await client.DisposeAsync();
    }

    [Theory]
    [InlineData("chunks")]
    [InlineData("written")]
    [InlineData("stream")]
    public async Task What_makes_a_body_hears_by_its_own_token(string work)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new WaitingStream(cancelled);
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], work switch
        {
            "chunks" => ResponseBody.From(Chunks(cancelled)),
            "written" => ResponseBody.Write(async (_, cancellation) =>
            {
                cancellation.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, cancellation);
            }),
            _ => source,
        })));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        await client.Response(id);
        await client.SettleAsync();
        Assert.False(cancelled.Task.IsCompleted);
        await client.ResetAsync(id, ErrorCode.Cancel);
        await cancelled.Task.Soon();

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(
            TaskCompletionSource cancelled, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            cancellation.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, cancellation);
            yield break;
        }
    }

    [Fact]
    public async Task A_token_is_never_lent_to_a_later_request()
    {
        var tokens = new List<CancellationToken>();
        await using var serving = await Serving.StartAsync((request, cancellation) =>
        {
            lock (tokens)
                tokens.Add(cancellation);
            return request.Path == "/wait" ? Wait(cancellation) : new(new Http2Response(200, [], "at once"));
        });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal("at once", await client.Text(await client.RequestAsync("/")));
        var id = await client.RequestAsync("/wait");
        await client.SettleAsync();
        await client.ResetAsync(id, ErrorCode.Cancel);
        await client.SettleAsync();
        Assert.True(tokens[1].IsCancellationRequested);
        Assert.False(tokens[0].IsCancellationRequested);
        Assert.NotEqual(tokens[0], tokens[1]);
    }

    [Theory]
    [InlineData("fixed")]
    [InlineData("chunks")]
    [InlineData("written")]
    [InlineData("generated")]
    public async Task The_token_of_a_request_that_was_answered_whole_is_never_cancelled(string kind)
    {
        CancellationToken token = default, inner = default;
        await using var serving = await Serving.StartAsync((_, cancellation) =>
        {
            token = cancellation;
            return new(new Http2Response(200, [], kind switch
            {
                "chunks" => ResponseBody.From(Chunks()),
                "written" => ResponseBody.Write(async (pipe, stop) =>
                {
                    inner = stop;
                    await pipe.WriteAsync("body"u8.ToArray(), stop);
                }),
                "generated" => ResponseBody.Generate(memory =>
                {
                    "body"u8.CopyTo(memory.Span);
                    return BodyRead.Last(4);
                }),
                _ => "body",
            }));
        });
        var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        Assert.Equal("body", await client.Text(id));
        await client.Closed(id);
        await client.DisposeAsync();
        await serving.Server.StopAsync().Soon();
        Assert.False(token.IsCancellationRequested);
        Assert.False(inner.IsCancellationRequested);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            inner = cancellation;
            await Task.Yield();
            yield return "body"u8.ToArray();
        }
    }

    [Fact]
    public async Task An_upload_that_nobody_reads_is_ended_without_cancelling_the_token_of_its_answer()
    {
        Http2Request? asked = null;
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            asked = request;
            return new(new Http2Response(200, [], "enough"));
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        Assert.Equal("enough", await client.Text(id));
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        await asked!.Closed.Soon();
        Assert.Equal(Http2CloseCause.BodyUnread, asked.CloseReason!.Cause);
        Assert.False(asked.Aborted.IsCancellationRequested);
    }

    [Fact]
    public async Task A_delegate_without_a_token_can_ask_for_it_and_then_it_says_how_things_stand()
    {
        var requests = new List<Http2Request>();
        var server = new Http2Server(Serving.Loopback, async request =>
        {
            lock (requests)
                requests.Add(request);
            if (request.Path == "/early")
                await Task.Delay(Timeout.Infinite, request.Aborted);
            await request.Closed;
            return new Http2Response();
        });
        await server.StartAsync();
        await using var client = await RawClient.OverAsync(await ConnectAsync(server));
        foreach (var path in new[] { "/early", "/late" })
        {
            var id = await client.RequestAsync(path);
            await client.SettleAsync();
            await client.ResetAsync(id, ErrorCode.Cancel);
            await client.SettleAsync();
        }
        foreach (var request in requests)
        {
            Assert.Equal(ErrorCode.Cancel, await request.Closed.Soon());
            Assert.True(request.Aborted.IsCancellationRequested);
            Assert.Equal("the peer reset it with CANCEL", request.CloseReason!.ToString());
        }
        await server.StopAsync(new CancellationToken(true));
    }

    [Fact]
    public async Task What_is_registered_with_a_token_may_block_or_throw_and_harms_nobody()
    {
        using var leave = new ManualResetEventSlim();
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            if (request.Path == "/")
                return new Http2Response(200, [], "alive");
            cancellation.Register(() =>
            {
                if (request.Path == "/throws")
                    throw new InvalidTimeZoneException("a registration failed");
                leave.Wait(Patience.Time);
            });
            await Task.Delay(Timeout.Infinite, cancellation);
            return new Http2Response();
        });
        await using var client = await RawClient.ConnectAsync(serving);
        foreach (var path in new[] { "/throws", "/blocks" })
        {
            var id = await client.RequestAsync(path);
            await client.SettleAsync();
            await client.ResetAsync(id, ErrorCode.Cancel);
            Assert.Equal("alive", await client.Text(await client.RequestAsync("/")));
        }
        leave.Set();
        while (!serving.Log.Errors.Any())
            await Task.Yield();
        Assert.Contains("a registration failed", Assert.Single(serving.Log.Errors));
    }

    private static async Task<Stream> ConnectAsync(Http2Server server)
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(server.Endpoints[0].Address).Soon();
        return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
    }

    private static async Task EndAsync(string end, Serving serving, RawClient client, Http2Request asked, StreamId id)
    {
        switch (end)
        {
            case "reset":
                await client.ResetAsync(id, ErrorCode.Cancel);
                break;
            case "lost":
                await client.DisposeAsync();
                break;
            case "cut":
                await serving.Server.StopAsync(new CancellationToken(true)).Soon();
                break;
            case "ours":
                asked.Reset(ErrorCode.EnhanceYourCalm);
                break;
            default:
                // DATA on stream 0 ends the connection.
                await client.FrameAsync(0, 0, 0, 1);
                break;
        }
    }

    private static async ValueTask<Http2Response> Wait(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return new Http2Response();
    }

    private static ResponseBody Body(string work, string file) => work switch
    {
        "deferred" => ResponseBody.Generate(_ => BodyRead.Deferred),
        "pulled" => ResponseBody.Generate(memory => BodyRead.Data(memory.Length)),
        "chunks" => ResponseBody.From(Endless()),
        "written" => ResponseBody.Write(async (pipe, cancellation) =>
        {
            while (!(await pipe.WriteAsync(new byte[10_000], cancellation)).IsCompleted)
            {
            }
        }),
        "stream" => new PatternStream(10_000_000),
        "file" => ResponseBody.FromFile(file),
        _ => new byte[1_000_000],
    };

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Endless()
    {
        while (true)
        {
            await Task.Yield();
            yield return new byte[10_000];
        }
    }
}
