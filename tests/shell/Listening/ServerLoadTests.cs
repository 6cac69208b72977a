using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What a server says it holds, and that it is given back.</summary>
public sealed class ServerLoadTests
{
    [Fact]
    public async Task A_handler_that_is_awaited_is_counted_with_its_stream_until_it_ends()
    {
        var goOn = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(
            async (_, cancellation) =>
            {
                await goOn.Task.WaitAsync(cancellation);
                return new Http2Response(200);
            });
        Assert.Equal(default, serving.Server.Load);
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            await client.RequestAsync("/");
            // The body that is to come keeps a buffer: one who waits for requests has none.
            await client.RequestAsync("/", "POST", endStream: false);
            await client.SettleAsync();
            var load = serving.Server.Load;
            Assert.Equal((1, 2, 2), (load.Connections, load.Streams, load.Handlers));
            Assert.True(load is { Buffers: > 0, Timers: > 0 }, $"{load}");
        }
        await NothingIsHeld(serving);
    }

    [Fact]
    public async Task A_body_that_waits_for_its_source_counts_as_handler_and_its_buffers_are_given_back()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200, [], ResponseBody.Write((writer, cancellation) => Task.Delay(Timeout.Infinite, cancellation)))));
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            await client.RequestAsync("/", "POST", endStream: false);
            await client.SettleAsync();
            Assert.Equal(1, serving.Server.Load.Handlers);
            // One for what is received, one for what is sent.
            Assert.True(serving.Server.Load.Buffers >= 2);
        }
        await NothingIsHeld(serving);
    }

    private static async Task NothingIsHeld(Serving serving)
    {
        var until = DateTime.UtcNow + Patience.Time;
        while (serving.Server.Load != default && DateTime.UtcNow < until)
            await Task.Yield();
        Assert.Equal(default, serving.Server.Load);
    }
}
