using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Final answers that are complete before the request is (RFC 9113 §8.1).</summary>
public sealed class EarlyAnswerTests
{
    /// <summary>A deadline that no test comes to.</summary>
    private static readonly Http2ServerOptions Patient = Serving.Loopback with { UnreadBodyTimeout = TimeSpan.FromMinutes(10) };

    [Theory]
    [InlineData(413)]
    [InlineData(302)]
    public async Task A_client_that_has_read_an_error_is_told_to_stop(int status)
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(status, [], "no")), Patient);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        Assert.Equal(status, (await client.Response(id)).Head.Status);
        Assert.Equal("no", await client.Text(id));
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        await NothingIsOpenAsync(serving);
    }

    /// <summary>Else a client that sends half of a request to a handler that answers at once would keep its connection for ever.</summary>
    [Fact]
    public async Task A_body_that_stops_coming_behind_the_whole_answer_is_reset_without_blame()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = handler => handler.SendResponse(200, body: "answer") });
        await using var serving = await Serving.StartAsync(handlers.Make, Serving.Loopback with { TimeProvider = clock });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        Assert.Equal("answer", await client.Text(id));
        for (var i = 0; i < 3; i++)
        {
            await client.DataAsync(id, new byte[8000]);
            await client.SettleAsync();
            clock.Advance(TimeSpan.FromSeconds(30));
            await client.SettleAsync();
            Assert.False(client.Saw<ConnectionEvent.StreamClosed>());
        }
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        Assert.Equal(24_000, handlers.Made[0].Received.Length);
        await client.SettleAsync();
    }

    [Fact]
    public async Task It_is_not_told_before_it_has_read_it_however_much_it_sends()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(413)), Patient);
        using var client = await FrameClient.ConnectAsync(serving);
        await client.SendAsync(Requests.Post(1));
        await client.SendAsync(Requests.Data(1, 16_384));
        var frames = await client.UntilAsync(FrameType.Ping);
        Assert.Equal([FrameType.Headers, FrameType.Ping], frames);
        // as much as the window allows
        for (var sent = 16_384; sent < 256 * 1024; sent += 16_384)
            await client.SendAsync(Requests.Data(1, 16_384));
        Assert.DoesNotContain(FrameType.RstStream, await client.SettleAsync());
        await client.AcknowledgeAsync(UnreadBodies.Question);
        Assert.Contains(FrameType.RstStream, await client.UntilAsync(FrameType.RstStream));
    }

    [Fact]
    public async Task A_body_that_is_there_before_the_answer_goes_out_costs_no_PING()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(404)), Patient);
        using var client = await FrameClient.ConnectAsync(serving);
        await client.SendAsync([.. Requests.Post(1), .. Requests.Data(1, 10, end: true)]);
        Assert.DoesNotContain(FrameType.Ping, await client.UntilAsync(FrameType.Headers));
        Assert.DoesNotContain(FrameType.RstStream, await client.SettleAsync());
    }

    /// <summary>Without that curl 7.88 would wait for ever.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Something_comes_behind_the_end_of_a_body_whose_answer_was_out(bool isDelegate)
    {
        await using var serving = isDelegate
            ? await Serving.StartAsync((_, _) => new(new Http2Response(200)), Patient)
            : await Serving.StartAsync(() => new ScriptedHandler { Headers_ = h => h.SendResponse(404) }, Patient);
        using var client = await FrameClient.ConnectAsync(serving);
        await client.SendAsync(Requests.Post(1));
        Assert.Equal([FrameType.Headers], await client.UntilAsync(FrameType.Headers));
        await client.SendAsync(Requests.Data(1, 10, end: true));
        Assert.Equal([FrameType.Ping], await client.UntilAsync(FrameType.Ping));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Behind_success_the_whole_body_is_taken(bool isDelegate)
    {
        await using var serving = isDelegate
            ? await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "well")), Patient)
            : await Serving.StartAsync(() => new ScriptedHandler { Headers_ = h => h.SendResponse(200, body: "well") }, Patient);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[3_000_000], endStream: true);
        Assert.Equal("well", await client.Text(id));
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        while (client.Queued(id) > 0)
            await client.SettleAsync();
        await NothingIsOpenAsync(serving);
    }

    [Fact]
    public async Task What_came_of_the_body_before_a_successful_answer_is_credited()
    {
        var come = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(
            async (_, _) =>
            {
                await come.Task;
                return new Http2Response(200);
            },
            Patient);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[1_000_000], endStream: true);
        await client.SettleAsync();
        Assert.Equal(1_000_000 - (256 * 1024), client.Queued(id));
        come.SetResult();
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        await NothingIsOpenAsync(serving);
    }

    /// <summary>Once curl 7.88 has all of a successful answer, it reads no credit any more.</summary>
    [Theory]
    [InlineData(null, 200, null)]
    [InlineData(65_536, 200, null)]
    [InlineData(65_535, 200, "4")]
    [InlineData(null, 404, "4")]
    [InlineData(0, 200, "4")]
    public async Task A_successful_answer_tells_its_length_unless_the_client_may_wait_for_credit(int? declared, int status, string? length)
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(status, [], "well")), Patient);
        await using var client = await RawClient.ConnectAsync(serving);
        HeaderField[] fields = declared is { } octets ? [("content-length", $"{octets}")] : [];
        var id = await client.RequestAsync("/", "POST", endStream: declared == 0, fields);
        Assert.Equal(length, RawClient.Value((await client.Response(id)).Head.Fields, "content-length"));
        Assert.Equal("well", await client.Text(id));
    }

    [Theory]
    [InlineData(true, 413)]
    [InlineData(false, 413)]
    public async Task Whoever_waits_for_leave_to_send_is_told_at_once(bool isDelegate, int status)
    {
        await using var serving = isDelegate
            ? await Serving.StartAsync((_, _) => new(new Http2Response(status)), Patient)
            : await Serving.StartAsync(() => new ScriptedHandler { Headers_ = h => h.SendResponse(status) }, Patient);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"));
        Assert.Equal(status, (await client.Response(id)).Head.Status);
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        await NothingIsOpenAsync(serving);
    }

    private static async Task NothingIsOpenAsync(Serving serving)
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (serving.Server.Load.Streams > 0 && !late.IsCancellationRequested)
            await Task.Delay(5, CancellationToken.None);
        Assert.Equal(0, serving.Server.Load.Streams);
    }
}
