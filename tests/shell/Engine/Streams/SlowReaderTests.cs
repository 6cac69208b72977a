using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Clients that take responses too slowly, and what is not held against them.</summary>
public sealed class SlowReaderTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);

    private Http2ServerOptions Options => Serving.Loopback with { TimeProvider = _clock };

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task A_response_whose_window_stands_still_is_cancelled(int window, bool comesInPieces)
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200, [], comesInPieces ? ResponseBody.Generate(static room => BodyRead.Data(room.Length)) : new byte[100_000])),
            Options);
        await using var client = await RawClient.ConnectAsync(serving, ConnectionOptions.Default with { InitialStreamWindow = window });
        client.AutoConsume = false;
        var id = await client.RequestAsync("/");
        await client.Response(id);
        await client.SettleAsync();
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ErrorCode.Cancel, await client.Closed(id));
        await client.SettleAsync();
    }

    [Fact]
    public async Task A_response_that_waits_for_its_handler_is_not_held_against_the_client()
    {
        var more = new TaskCompletionSource();
        async IAsyncEnumerable<ReadOnlyMemory<byte>> Slowly()
        {
            yield return new byte[10];
            await more.Task;
            yield return new byte[10];
        }
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], ResponseBody.From(Slowly()))), Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        await client.Response(id);
        for (var i = 0; i < 3; i++)
        {
            await client.SettleAsync();
            _clock.Advance(TimeSpan.FromSeconds(30));
        }
        more.SetResult();
        Assert.Equal(20, (await client.Body(id)).Length);
    }

    /// <summary>As curl --limit-rate takes it: all that the window has room for at once, and then nothing until the average is right.</summary>
    [Fact]
    public async Task A_client_that_took_much_at_once_may_be_busy_with_it()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], new byte[4_000_000])), Options);
        await using var client = await RawClient.ConnectAsync(
            serving, ConnectionOptions.Default with { InitialStreamWindow = 2_000_000, InitialConnectionWindow = int.MaxValue });
        client.AutoConsume = false;
        var id = await client.RequestAsync("/");
        var taken = 0;
        while (taken < 2_000_000)
            taken += (await client.Until<ConnectionEvent.DataReceived>()).Data.Length;
        await _clock.PassAsync(client, 200);
        Assert.False(client.Saw<ConnectionEvent.StreamClosed>());
        await _clock.PassAsync(client, 100);
        Assert.Equal(ErrorCode.Cancel, await client.Closed(id));
    }
}
