using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Clients that hold on to what they began.</summary>
public sealed class SlowPeerTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);

    private Http2ServerOptions Options => Serving.Loopback with { TimeProvider = _clock };

    [Fact]
    public async Task A_request_whose_body_stops_coming_is_reset_and_the_connection_lives()
    {
        await using var serving = await Serving.StartAsync(ReadAllAsync, Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[100]);
        await client.SettleAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(ErrorCode.EnhanceYourCalm, await client.Closed(id));
        await client.SettleAsync();
    }

    /// <summary>A deadline is reached when its time has come, however much of that the handler took before anybody began to wait.</summary>
    [Fact]
    public async Task What_a_handler_takes_is_not_added_to_a_deadline()
    {
        await using var serving = await Serving.StartAsync(
            (request, cancel) =>
            {
                _clock.Advance(TimeSpan.FromSeconds(5));
                return ReadAllAsync(request, cancel);
            },
            Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        Assert.Equal(ErrorCode.EnhanceYourCalm, await client.Closed(id));
    }

    [Fact]
    public async Task A_request_whose_body_comes_fast_enough_is_left_alone()
    {
        await using var serving = await Serving.StartAsync(ReadAllAsync, Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        for (var i = 0; i < 4; i++)
        {
            await client.DataAsync(id, new byte[2000]);
            await client.SettleAsync();
            _clock.Advance(TimeSpan.FromSeconds(5));
            // The judgement may be on its way on another thread, and must not take the next octets for those of this period.
            await client.SettleAsync();
        }
        await client.DataAsync(id, new byte[1], endStream: true);
        Assert.Equal("8001", await client.Text(id));
    }

    [Fact]
    public async Task A_handler_that_does_not_read_is_not_held_against_the_client()
    {
        var goOn = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                await goOn.Task;
                return await ReadAllAsync(request, cancellation);
            },
            Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[100]);
        for (var i = 0; i < 6; i++)
        {
            await client.SettleAsync();
            _clock.Advance(TimeSpan.FromSeconds(5));
        }
        goOn.SetResult();
        await client.DataAsync(id, new byte[1], endStream: true);
        Assert.Equal("101", await client.Text(id));
    }

    /// <summary>Its own stream has credit; it is the connection that has none, since others are not read.</summary>
    [Fact]
    public async Task A_body_that_waits_for_the_connections_window_is_not_held_against_the_client()
    {
        var goOn = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                if (request.Path == "/later")
                    await goOn.Task;
                return await ReadAllAsync(request, cancellation);
            },
            Options with { Connection = ConnectionOptions.Default with { InitialConnectionWindow = 65_535, MaxUnreadPerConnection = 65_535 } });
        await using var client = await RawClient.ConnectAsync(serving);
        var later = await client.RequestAsync("/later", "POST", endStream: false);
        await client.DataAsync(later, new byte[65_535], endStream: true);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[100], endStream: true);
        for (var i = 0; i < 4; i++)
        {
            await client.SettleAsync();
            _clock.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.Equal(100, client.Queued(id));
        goOn.SetResult();
        Assert.Equal("100", await client.Text(id));
        Assert.Equal("65535", await client.Text(later));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_response_whose_window_stands_still_is_cancelled(uint window)
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], new byte[100_000])), Options);
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

    [Fact]
    public async Task A_frame_that_never_ends_ends_the_connection()
    {
        await using var serving = await Serving.StartAsync(
            async (_, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return new Http2Response();
            },
            Options);
        await using var client = await RawClient.ConnectAsync(serving);
        // A request that waits, so that the connection is never idle however far the clock goes.
        await client.RequestAsync("/");
        await client.SettleAsync();
        await client.RawAsync(0, 3, 232, 1, 4, 0, 0, 0, 3, 0x82);
        var ended = client.Until<ConnectionEvent.GoAwayReceived>();
        // No answer tells when the octets were seen, so the clock goes on until they were.
        while (!ended.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal(ErrorCode.EnhanceYourCalm, (await ended).Code);
    }

    [Fact]
    public async Task Bodies_are_watched_while_they_are_on_their_way_and_no_longer()
    {
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                await ReadAllAsync(request, cancellation);
                return new Http2Response(200, [], new byte[200_000]);
            },
            Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var waiting = await client.RequestAsync("/", "POST", endStream: false);
        for (var i = 0; i < 3; i++)
        {
            var id = await client.RequestAsync("/", "POST", endStream: false);
            await client.DataAsync(id, new byte[100], endStream: true);
            Assert.Equal(200_000, (await client.Body(id)).Length);
        }
        Assert.Equal(1, Assert.Single(serving.Server.Connections).WatchedBodies);
        await client.DataAsync(waiting, new byte[100], endStream: true);
        Assert.Equal(200_000, (await client.Body(waiting)).Length);
        Assert.Equal(0, Assert.Single(serving.Server.Connections).WatchedBodies);
    }

    private static async ValueTask<Http2Response> ReadAllAsync(Http2Request request, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        await request.BodyStream.CopyToAsync(body, cancellation);
        return new Http2Response(200, [], body.Length.ToString());
    }
}
