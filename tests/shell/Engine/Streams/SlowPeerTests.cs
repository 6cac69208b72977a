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
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ErrorCode.EnhanceYourCalm, await client.Closed(id));
        await client.SettleAsync();
    }

    /// <summary>A deadline is reached when its time has come, however much of that a callback took before the timer was set.</summary>
    [Fact]
    public async Task What_a_callback_takes_is_not_added_to_a_deadline()
    {
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = _ => _clock.Advance(TimeSpan.FromSeconds(30)) });
        await using var serving = await Serving.StartAsync(handlers.Make, Options);
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
            await client.DataAsync(id, new byte[8000]);
            await client.SettleAsync();
            _clock.Advance(TimeSpan.FromSeconds(30));
            // The judgement may be on its way on another thread, and must not take the next octets for those of this period.
            await client.SettleAsync();
        }
        await client.DataAsync(id, new byte[1], endStream: true);
        Assert.Equal("32001", await client.Text(id));
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
            _clock.Advance(TimeSpan.FromSeconds(30));
        }
        goOn.SetResult();
        await client.DataAsync(id, new byte[1], endStream: true);
        Assert.Equal("101", await client.Text(id));
    }

    /// <summary>What a stream of messages, a watch, a chat is like.</summary>
    [Fact]
    public async Task A_stream_whose_answer_has_begun_owes_no_pace()
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], ResponseBody.From(EchoAsync(request)))), Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.Response(id);
        await client.DataAsync(id, "hello"u8.ToArray());
        await client.Until<ConnectionEvent.DataReceived>();
        for (var i = 0; i < 10; i++)
        {
            await client.SettleAsync();
            _clock.Advance(TimeSpan.FromSeconds(30));
        }
        await client.DataAsync(id, "again"u8.ToArray(), endStream: true);
        Assert.Equal("again", await client.Text(id));
        Assert.Equal(0, Assert.Single(serving.Server.Connections).WatchedBodies);
    }

    [Fact]
    public async Task A_callback_handler_that_has_answered_owes_its_client_no_pace_either()
    {
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = h => h.SendResponse(200, body: ResponseBody.Generate(_ => BodyRead.Deferred)),
        });
        await using var serving = await Serving.StartAsync(handlers.Make, Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.Response(id);
        await _clock.PassAsync(client, 300);
        Assert.False(client.Saw<ConnectionEvent.StreamClosed>());
    }

    [Fact]
    public async Task A_request_can_be_freed_of_its_pace_and_held_to_it_again()
    {
        var freed = new TaskCompletionSource<Http2Request>();
        await using var serving = await Serving.StartAsync(
            (request, cancellation) =>
            {
                Assert.Equal(new PaceLimit(240, TimeSpan.FromSeconds(30)), request.BodyPace);
                request.BodyPace = null;
                freed.SetResult(request);
                return ReadAllAsync(request, cancellation);
            },
            Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[9]);
        await _clock.PassAsync(client, 300);
        Assert.False(client.Saw<ConnectionEvent.StreamClosed>());
        // from another thread, and shorter than the server's
        (await freed.Task).BodyPace = new PaceLimit(100, TimeSpan.FromSeconds(3));
        await client.SettleAsync();
        await _clock.PassAsync(client, 3);
        Assert.Equal(ErrorCode.EnhanceYourCalm, await client.Closed(id));
    }

    [Fact]
    public async Task A_server_that_asks_for_no_pace_can_ask_for_one_on_a_request()
    {
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                Assert.Null(h.BodyPace);
                h.BodyPace = new PaceLimit(240, TimeSpan.FromSeconds(5));
            },
        });
        await using var serving = await Serving.StartAsync(
            handlers.Make, Options with { Connection = ConnectionOptions.Default with { RequestBodyPace = new(0, TimeSpan.FromSeconds(30)) } });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.SettleAsync();
        await _clock.PassAsync(client, 5);
        Assert.Equal(ErrorCode.EnhanceYourCalm, await client.Closed(id));
    }

    [Theory]
    [InlineData(-1, 1_000)]
    [InlineData(1, 0)]
    [InlineData(1, 86_400_001)]
    public async Task A_pace_out_of_range_is_refused(int rate, int period)
    {
        var fault = new TaskCompletionSource<Exception?>();
        await using var serving = await Serving.StartAsync(
            (request, _) =>
            {
                fault.SetResult(Record.Exception(() => request.BodyPace = new PaceLimit(rate, TimeSpan.FromMilliseconds(period))));
                return new(new Http2Response());
            },
            Options);
        await using var client = await RawClient.ConnectAsync(serving);
        await client.RequestAsync("/");
        Assert.IsType<ArgumentOutOfRangeException>(await fault.Task.Soon());
    }

    [Fact]
    public async Task Only_the_time_in_which_a_handler_waits_for_the_body_counts()
    {
        var work = new SemaphoreSlim(0);
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                var octet = new byte[1];
                for (var i = 0; i < 4; i++)
                {
                    await request.BodyStream.ReadExactlyAsync(octet, cancellation);
                    await work.WaitAsync(cancellation);
                }
                return new Http2Response(200, [], "done");
            },
            Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        for (var i = 0; i < 4; i++)
        {
            await client.DataAsync(id, new byte[1], endStream: i == 3);
            await client.SettleAsync();
            // an octet each 105 s, but only for 5 s of them somebody waited for it
            await _clock.PassAsync(client, 100);
            work.Release();
            await _clock.PassAsync(client, 5);
        }
        Assert.Equal("done", await client.Text(id));
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

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> EchoAsync(Http2Request request)
    {
        while (true)
        {
            var read = await request.Body.ReadAsync();
            if (!read.Buffer.IsEmpty)
                yield return System.Buffers.BuffersExtensions.ToArray(read.Buffer);
            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                yield break;
        }
    }

    internal static async ValueTask<Http2Response> ReadAllAsync(Http2Request request, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        await request.BodyStream.CopyToAsync(body, cancellation);
        return new Http2Response(200, [], body.Length.ToString());
    }
}
