using System.IO.Pipelines;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How long a client waits for the head of a response, over a server that answers when the test lets it, in virtual time.</summary>
public sealed class RequestDeadlinesTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly TaskCompletionSource _answering = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Http2ClientOptions Options => new() { TimeProvider = _clock };

    [Fact]
    public async Task Each_request_has_its_own_time()
    {
        await using var pair = await StartAsync();
        var first = await pair.Client.SendAsync(new("GET", "/"));
        _clock.Advance(TimeSpan.FromSeconds(60));
        var second = await pair.Client.SendAsync(new("GET", "/"));
        _clock.Advance(TimeSpan.FromSeconds(41));
        await Assert.ThrowsAsync<TimeoutException>(() => first.Response.Soon());
        Assert.False(second.Response.IsCompleted);
        // what was put off at the first look is seen at the next
        var third = await pair.Client.SendAsync(new("GET", "/"));
        _clock.Advance(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<TimeoutException>(() => second.Response.Soon());
        Assert.False(third.Response.IsCompleted);
        _answering.SetResult();
        Assert.Equal(200, (await third.Response.Soon()).Status);
        await pair.NothingIsHeldAsync();
    }

    [Fact]
    public async Task Nothing_is_owed_as_long_as_the_request_is_on_its_way()
    {
        await using var pair = await StartAsync();
        var body = new Pipe();
        var stream = await pair.Client.SendAsync(new("POST", "/", null, ResponseBody.From(body.Reader)));
        for (var i = 0; i < 3; i++)
        {
            await body.Writer.WriteAsync(new byte[10]);
            _clock.Advance(TimeSpan.FromSeconds(99));
            await pair.Client.PingAsync().Soon();
            Assert.False(stream.Response.IsCompleted);
        }
        await body.Writer.CompleteAsync();
        // the server has the end of the request when it answers a question behind it
        await pair.Client.PingAsync().Soon();
        _clock.Advance(TimeSpan.FromSeconds(99));
        await pair.Client.PingAsync().Soon();
        Assert.False(stream.Response.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(100));
        await Assert.ThrowsAsync<TimeoutException>(() => stream.Response.Soon());
        _answering.SetResult();
        await pair.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_body_that_waits_for_100_is_sent_when_none_comes()
    {
        await using var pair = ClientPair.Start(
            async request =>
            {
                // answered from what was sent without being asked for: nothing is read before
                await _answering.Task;
                return new Http2Response(200, [], await RequestTests.BytesAsync(request.Body));
            },
            Options);
        await pair.Client.PingAsync().Soon();
        var stream = await pair.Client.SendAsync(new("POST", "/", [("expect", "100-continue")], new byte[10]));
        await pair.Client.PingAsync().Soon();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await Task.Run(() => SpinWait.SpinUntil(() => pair.Server.Load.UnreadOctets == 10, Patience.Time)));
        _answering.SetResult();
        Assert.Equal(10, (await RequestTests.BytesAsync(stream.Body).Soon()).Length);
        await pair.NothingIsHeldAsync();
    }

    /// <summary>The time of a client begins with its first connection.</summary>
    [Fact]
    public async Task A_client_that_has_run_for_a_month_waits_as_long_as_ever()
    {
        var options = Options;
        await using var server = new Http2Server(new Http2ServerOptions(), AnswerAsync);
        await using (Connect(server, options))
            _clock.Advance(TimeSpan.FromDays(30));
        await using var client = Connect(server, options);
        await client.PingAsync().Soon();
        var stream = await client.SendAsync(new("GET", "/"));
        for (var i = 0; i < 9; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(11));
            await client.PingAsync().Soon();
            Assert.False(stream.Response.IsCompleted);
        }
        _clock.Advance(TimeSpan.FromSeconds(11));
        await Assert.ThrowsAsync<TimeoutException>(() => stream.Response.Soon());
        _answering.SetResult();

        static Http2ClientConnection Connect(Http2Server server, Http2ClientOptions options)
        {
            var (ours, theirs) = PipeEnds.Create();
            _ = server.ServeAsync(theirs);
            return Http2ClientConnection.Over(ours, options);
        }
    }

    private async Task<ClientPair> StartAsync()
    {
        var pair = ClientPair.Start(AnswerAsync, Options);
        // the settings of either end are acknowledged, so that no other deadline waits
        await pair.Client.PingAsync().Soon();
        return pair;
    }

    private async ValueTask<Http2Response> AnswerAsync(Http2Request request)
    {
        await RequestTests.BytesAsync(request.Body);
        await _answering.Task;
        return new Http2Response(200);
    }
}
