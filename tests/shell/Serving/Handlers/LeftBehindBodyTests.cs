using System.Collections.Concurrent;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Bodies of responses whose sources or writers do not come back: the connection goes on.</summary>
public sealed class LeftBehindBodyTests
{
    /// <summary>Sources of bodies, the functions behind them, what disposes of them, OnClose: everything that is called.</summary>
    [Theory]
    [InlineData("generator")]
    [InlineData("stream")]
    [InlineData("trailers")]
    [InlineData("trailers of octets")]
    [InlineData("disposal")]
    [InlineData("discarding")]
    public async Task Bodies_that_block_do_not_hold_up_the_connection(string what)
    {
        using var gate = new ManualResetEventSlim();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Block()
        {
            inside.TrySetResult();
            Assert.True(gate.Wait(Patience.Time));
        }
        await using var serving = await Serving.StartAsync(
            (request, _) => new(request.Path == "/blocks" ? Answer(what, Block) : new Http2Response(200, [], "quick")));
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            var id = await client.RequestAsync("/blocks", what == "discarding" ? "HEAD" : "GET");
            await inside.Task.Soon();
            for (var i = 0; i < 5; i++)
                Assert.Equal("quick", await client.Text(await client.RequestAsync("/")));
            gate.Set();
            if (what == "discarding")
                Assert.Equal(200, (await client.Response(id)).Head.Status);
            else
                Assert.Equal("xx", await client.Text(id));
            if (what.StartsWith("trailers"))
            {
                id = await client.RequestAsync("/blocks");
                Assert.Equal("2", RawClient.Value((await client.Until<ConnectionEvent.TrailersReceived>(e => e.Id == id)).Fields, "x-sum"));
            }
        }
        await serving.NothingIsHeldAsync();
        Assert.Empty(serving.Log.Errors);
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("flush")]
    public async Task A_body_that_is_written_synchronously_is_sent_and_its_writer_ends_when_the_client_leaves(string way)
    {
        const int Part = 10_000;
        var ended = new ConcurrentQueue<Exception?>();
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            var parts = request.Path == "/all" ? 50 : int.MaxValue;
            return new(new Http2Response(200, [], ResponseBody.Write((writer, _) =>
            {
                try
                {
                    var stream = writer.AsStream();
                    for (var i = 0; i < parts; i++)
                    {
                        if (way == "stream")
                            stream.Write(new byte[Part]);
                        else if (writer.WriteAsync(new byte[Part]).AsTask().Result.IsCompleted)
                            break;
                    }
                    ended.Enqueue(null);
                }
                catch (Exception failure)
                {
                    ended.Enqueue(failure);
                    throw;
                }
                return Task.CompletedTask;
            })));
        });
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            Assert.Equal(50 * Part, (await client.Body(await client.RequestAsync("/all"))).Length);
            client.AutoConsume = false;
            await client.RequestAsync("/endless");
            await client.Until<ConnectionEvent.DataReceived>();
            await client.SettleAsync();
        }
        await serving.NothingIsHeldAsync();
        using var late = new CancellationTokenSource(Patience.Time);
        while (ended.Count < 2 && !late.IsCancellationRequested)
            await Task.Delay(5);
        Assert.Equal(2, ended.Count);
        Assert.True(ended.Last() is null ? way == "flush" : ended.Last() is Http2StreamClosedException);
    }

    /// <summary>A response of which one part, whichever is asked for, calls <paramref name="block"/>.</summary>
    private static Http2Response Answer(string what, Action block)
    {
        var asked = 0;
        return what switch
        {
            "generator" => new(200, [], ResponseBody.Generate(memory =>
            {
                block();
                memory.Span[0] = (byte)'x';
                return ++asked == 1 ? BodyRead.Data(1) : BodyRead.Last(1);
            })),
            "stream" => new(200, [], new BlockingStream("xx", reading: block)),
            "trailers" => new(200, [], new BlockingStream("xx")) { TrailersAfterBody = Trailers },
            "trailers of octets" => new(200, [], "xx") { TrailersAfterBody = Trailers },
            _ => new(200, [], new BlockingStream("xx", disposing: block)),
        };

        Http2Headers Trailers()
        {
            block();
            return [("x-sum", "2")];
        }
    }
}
