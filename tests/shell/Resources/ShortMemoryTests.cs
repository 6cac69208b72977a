using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests.Resources;

/// <summary>A server whose connections may hold little in memory together: what it does without, whom it turns away, whom it ends.</summary>
public sealed class ShortMemoryTests
{
    private const long Mebi = 1024 * 1024;

    private static readonly ConnectionOptions ClosedWindow = ConnectionOptions.Default with { InitialStreamWindow = 0 };

    private static Http2ServerOptions With(long memory) => Serving.Loopback with { MaxMemory = memory };

    /// <summary>/body is a body without end, /waits an answer without end, all else is answered at once.</summary>
    private static async ValueTask<Http2Response> Answer(Http2Request request, CancellationToken cancellation)
    {
        if (request.Path == "/waits")
            await Task.Delay(Timeout.Infinite, cancellation);
        if (request.Path == "/body")
            return new Http2Response(200, [], ResponseBody.Generate(memory => BodyRead.Data(memory.Length)));
        return new Http2Response(200, [], "ok");
    }

    [Fact]
    public async Task What_connections_hold_is_counted_and_given_back()
    {
        await using var serving = await Serving.StartAsync(Answer, With(64 * Mebi));
        await using (var client = await ConnectAsync(serving))
        {
            for (var i = 0; i < 10; i++)
                await client.RequestAsync("/body");
            await client.SettleAsync();
            // two buffers of 32 KiB each
            Assert.InRange(serving.Server.Load.Memory, 10 * 64 * 1024, 10 * 64 * 1024 + 200 * 1024);
        }
        await NothingIsHeld(serving);
    }

    [Fact]
    public async Task Octets_that_nobody_reads_are_counted()
    {
        await using var serving = await Serving.StartAsync(Answer, With(64 * Mebi));
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            var before = serving.Server.Load.Memory;
            var id = await client.RequestAsync("/waits", "POST", endStream: false);
            await client.DataAsync(id, new byte[200_000]);
            await client.SettleAsync();
            await client.SettleAsync();
            Assert.InRange(serving.Server.Load.Memory - before, 200_000, 400_000);
        }
        await NothingIsHeld(serving);
    }

    [Fact]
    public async Task Large_field_sections_of_requests_that_wait_are_counted()
    {
        await using var serving = await Serving.StartAsync(Answer, With(64 * Mebi));
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            var before = serving.Server.Load.Memory;
            for (var i = 0; i < 11; i++)
                await client.RequestAsync("/waits", "GET", true, ("x-large", new string('v', 20_000)));
            await client.SettleAsync();
            Assert.InRange(serving.Server.Load.Memory - before, 10 * 24_000, 11 * 24_000 + 100_000);
        }
        await NothingIsHeld(serving);
    }

    [Fact]
    public async Task Half_way_bodies_get_small_buffers_only()
    {
        await using var serving = await Serving.StartAsync(Answer, With(2 * Mebi));
        await using var client = await ConnectAsync(serving);
        await using var other = await ConnectAsync(serving);
        while (serving.Server.Load.Memory < Mebi)
        {
            await client.RequestAsync("/body");
            await client.SettleAsync();
        }
        var before = serving.Server.Load.Memory;
        for (var i = 0; i < 10; i++)
            await other.RequestAsync("/body");
        await other.SettleAsync();
        Assert.InRange(serving.Server.Load.Memory - before, 10 * 8 * 1024, 10 * (8 + 4) * 1024 + 8 * 1024);
    }

    [Fact]
    public async Task When_memory_is_short_a_connection_that_holds_more_than_its_share_gets_no_new_streams_and_others_do()
    {
        await using var serving = await Serving.StartAsync(Answer, With(2 * Mebi));
        await using var greedy = await ConnectAsync(serving);
        await using var second = await ConnectAsync(serving);
        await using var modest = await RawClient.ConnectAsync(serving);
        await Fill(serving, greedy, Mebi);
        await Fill(serving, second, Mebi * 3 / 2);
        var refused = await greedy.RequestAsync("/");
        Assert.Equal(ErrorCode.RefusedStream, await greedy.Closed(refused));
        Assert.Equal("ok", await modest.Text(await modest.RequestAsync("/")));
        Assert.Equal(0, serving.Server.EndedForMemory);
    }

    [Fact]
    public async Task When_memory_is_spent_the_connections_that_hold_most_and_move_least_are_ended_and_others_go_on()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync(Answer, With(4 * Mebi) with { TimeProvider = clock });
        await using var mover = await RawClient.ConnectAsync(serving);
        var moving = await mover.RequestAsync("/body");
        for (var i = 0; i < 40; i++)
            await mover.Until<ConnectionEvent.DataReceived>(data => data.Id == moving);
        await using var modest = await RawClient.ConnectAsync(serving);
        var greedy = new List<RawClient>();
        while (serving.Server.EndedForMemory == 0)
        {
            Assert.True(greedy.Count < 200, "nobody was ended");
            var client = await ConnectAsync(serving);
            greedy.Add(client);
            for (var i = 0; i < 20 && serving.Server.EndedForMemory == 0; i++)
                await client.RequestAsync("/body");
            await modest.SettleAsync();
        }
        // who was ended was told why
        var ends = 0;
        foreach (var client in greedy)
        {
            try
            {
                await client.SettleAsync();
            }
            catch (EndOfStreamException)
            {
                ends++;
                Assert.True(client.Saw<ConnectionEvent.GoAwayReceived>(e => e.Code == ErrorCode.EnhanceYourCalm));
            }
        }
        Assert.Equal(serving.Server.EndedForMemory, ends);
        Assert.InRange(ends, 1, greedy.Count - 1);
        Assert.True(serving.Server.Load.Memory < 4 * Mebi);
        Assert.Equal("ok", await modest.Text(await modest.RequestAsync("/")));
        await mover.Until<ConnectionEvent.DataReceived>(data => data.Id == moving);
        await serving.Log.SeeAsync(50);
        var line = Assert.Single(serving.Log.Lines, line => line.Event == 50);
        Assert.StartsWith("memory is short: connections hold ", line.Text, StringComparison.Ordinal);
        foreach (var client in greedy)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task When_many_hold_a_little_each_requests_are_answered_503_and_connections_are_closed_until_there_is_room()
    {
        await using var serving = await Serving.StartAsync(Answer, With(Mebi));
        var crowd = new List<RawClient>();
        while (serving.Server.Load.Memory < Mebi / 4 * 5)
        {
            var client = await RawClient.ConnectAsync(serving);
            crowd.Add(client);
            for (var i = 0; i < 2; i++)
                await client.RequestAsync("/waits");
            await client.SettleAsync();
        }
        var get = await crowd[0].Response(await crowd[0].RequestAsync("/"));
        Assert.Equal((503, "1"), (get.Head.Status, RawClient.Value(get.Head.Fields, "retry-after")));
        var upload = await crowd[1].RequestAsync("/", "POST", endStream: false);
        Assert.Equal(503, (await crowd[1].Response(upload)).Head.Status);
        Assert.Equal(ErrorCode.NoError, await crowd[1].Closed(upload));
        await Assert.ThrowsAnyAsync<Exception>(async () => await (await RawClient.ConnectAsync(serving)).SettleAsync());
        await serving.Log.SeeAsync(51);
        Assert.Single(serving.Log.Lines, line => line.Event == 51);
        Assert.Equal(0, serving.Server.EndedForMemory);
        foreach (var client in crowd.Skip(10))
            await client.DisposeAsync();
        while (serving.Server.Load.Memory > Mebi / 2)
            await Task.Yield();
        Assert.Equal("ok", await crowd[0].Text(await crowd[0].RequestAsync("/")));
        await using var late = await RawClient.ConnectAsync(serving);
        Assert.Equal("ok", await late.Text(await late.RequestAsync("/")));
        foreach (var client in crowd)
            await client.DisposeAsync();
        await late.DisposeAsync();
        await NothingIsHeld(serving);
    }

    private static Task<RawClient> ConnectAsync(Serving serving) => RawClient.ConnectAsync(serving, ClosedWindow);

    private static async Task Fill(Serving serving, RawClient client, long until)
    {
        for (var i = 0; i < 100 && serving.Server.Load.Memory < until; i++)
        {
            await client.RequestAsync("/body");
            await client.SettleAsync();
        }
    }

    private static async Task NothingIsHeld(Serving serving)
    {
        var until = DateTime.UtcNow + Patience.Time;
        while (serving.Server.Load != default && DateTime.UtcNow < until)
            await Task.Yield();
        Assert.Equal(default, serving.Server.Load);
    }
}
