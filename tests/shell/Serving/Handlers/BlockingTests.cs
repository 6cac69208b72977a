using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class BlockingTests
{
    [Theory]
    [InlineData(Http2Scheduling.EventLoops)]
    [InlineData(Http2Scheduling.ThreadPool)]
    public async Task Handlers_that_block_do_not_stall_other_connections(Http2Scheduling scheduling)
    {
        using var gate = new ManualResetEventSlim();
        var blocked = new CountdownEvent(2 * Environment.ProcessorCount);
        await using var serving = await Serving.StartAsync(
            (request, _) =>
            {
                if (request.Path == "/block")
                {
                    blocked.Signal();
                    gate.Wait();
                }
                return new(new Http2Response(200, [], request.Path));
            },
            Serving.Loopback with { Scheduling = scheduling });
        var stuck = new List<(RawClient Client, StreamId Id)>();
        for (var i = 0; i < 2 * Environment.ProcessorCount; i++)
        {
            var client = await RawClient.ConnectAsync(serving);
            stuck.Add((client, await client.RequestAsync("/block")));
        }
        Assert.True(await Task.Run(() => blocked.Wait(Patience.Time)));
        for (var i = 0; i < 20; i++)
        {
            await using var probe = await RawClient.ConnectAsync(serving);
            Assert.Equal("/probe", await probe.Text(await probe.RequestAsync("/probe")));
        }
        gate.Set();
        foreach (var (client, id) in stuck)
        {
            Assert.Equal("/block", await client.Text(id));
            await client.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(Http2Scheduling.EventLoops)]
    [InlineData(Http2Scheduling.ThreadPool)]
    public async Task Many_connections_and_streams_are_served_at_once(Http2Scheduling scheduling)
    {
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                if (request.StreamId.Value % 3 == 0)
                    await Task.Yield();
                await request.BodyStream.CopyToAsync(Stream.Null, cancellation);
                return new Http2Response(200, [], request.Path);
            },
            // Clients that starve on a busy machine are not slow peers: no time passes.
            Serving.Loopback with { Scheduling = scheduling, TimeProvider = new ManualClock(DateTimeOffset.UnixEpoch) });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async c =>
        {
            var client = serving.Client();
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
            {
                if (i % 2 == 0)
                    return await client.GetStringAsync($"/{c}/{i}");
                var response = await client.PostAsync($"/{c}/{i}", new ByteArrayContent(new byte[i * 1000]));
                return await response.Content.ReadAsStringAsync();
            }));
            Assert.Equal(Enumerable.Range(0, 50).Select(i => $"/{c}/{i}"), answers);
        })).Soon();
        Assert.Empty(serving.Log.Errors);
    }
}
