using System.Net;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class ResponseTests
{
    [Fact]
    public async Task A_response_has_date_and_content_length_and_the_server_name_when_asked()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200, [], "12345")), Serving.Loopback with { ServerHeader = "spec" });
        var response = await serving.Client().GetAsync("/");
        Assert.Equal(5, response.Content.Headers.ContentLength);
        Assert.Equal("spec", response.Headers.Server.ToString());
        Assert.InRange(response.Headers.Date!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task Fields_that_the_handler_sets_are_not_added_again()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(
                200, [("date", "Thu, 01 Jan 1970 00:00:00 GMT"), ("content-length", "2"), ("server", "own")], "ok")),
            Serving.Loopback with { ServerHeader = "spec" });
        await using var client = await RawClient.ConnectAsync(serving);
        var fields = new Http2Headers((await client.Response(await client.RequestAsync("/"))).Head.Fields, 1);
        Assert.Equal(["Thu, 01 Jan 1970 00:00:00 GMT"], fields.GetValues("date"));
        Assert.Equal(["2"], fields.GetValues("content-length"));
        Assert.Equal(["own"], fields.GetValues("server"));
    }

    [Fact]
    public async Task The_date_follows_the_clock()
    {
        var clock = new ManualClock(DateTimeOffset.Parse("2026-03-01T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response()), Serving.Loopback with { TimeProvider = clock });
        await using var client = await RawClient.ConnectAsync(serving);
        async Task<string?> Date() => RawClient.Value((await client.Response(await client.RequestAsync("/"))).Head.Fields, "date");
        Assert.Equal("Sun, 01 Mar 2026 12:00:00 GMT", await Date());
        clock.Advance(TimeSpan.FromMilliseconds(1500));
        Assert.Equal("Sun, 01 Mar 2026 12:00:01 GMT", await Date());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_core_answers_by_itself_has_the_date_too(bool sendsDate)
    {
        var clock = new ManualClock(DateTimeOffset.Parse("2026-03-01T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response()), Serving.Loopback with { TimeProvider = clock, SendDate = sendsDate });
        await using var client = await RawClient.ConnectAsync(serving);
        foreach (var date in new[] { "Sun, 01 Mar 2026 12:00:00 GMT", "Sun, 01 Mar 2026 12:00:02 GMT" })
        {
            var id = await client.RequestAsync("/", "GET", true, ("x-large", new string('x', 40_000)));
            var response = await client.Response(id);
            Assert.Equal(431, response.Head.Status);
            Assert.Equal(sendsDate ? date : null, RawClient.Value(response.Head.Fields, "date"));
            clock.Advance(TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>Many applications say so of every response without a body.</summary>
    [Fact]
    public async Task A_204_with_a_content_length_of_0_is_sent_without_it()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(204, [("content-length", "0"), ("x-a", "1")])), Serving.Loopback with { ServerHeader = "x" });
        await using var client = await RawClient.ConnectAsync(serving);
        var response = await client.Response(await client.RequestAsync("/"));
        Assert.Equal((204, true), (response.Head.Status, response.EndStream));
        Assert.Null(RawClient.Value(response.Head.Fields, "content-length"));
        Assert.Equal("1", RawClient.Value(response.Head.Fields, "x-a"));
        Assert.Equal("x", RawClient.Value(response.Head.Fields, "server"));
    }

    [Theory]
    [InlineData("HEAD", 200, "10")]
    [InlineData("GET", 204, null)]
    [InlineData("GET", 205, "0")]
    [InlineData("HEAD", 205, "0")]
    [InlineData("GET", 304, null)]
    public async Task A_response_that_has_no_body_sends_none(string method, int status, string? length)
    {
        var stream = new WatchedStream("0123456789"u8.ToArray());
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(status, [], stream)));
        await using var client = await RawClient.ConnectAsync(serving);
        var response = await client.Response(await client.RequestAsync("/", method));
        Assert.True(response.EndStream);
        Assert.Equal(status, response.Head.Status);
        Assert.Equal(length, RawClient.Value(response.Head.Fields, "content-length"));
        await stream.Disposed.Soon();
    }

    [Fact]
    public async Task A_second_response_is_a_clear_exception()
    {
        var thrown = new TaskCompletionSource<Http2MisuseException>();
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                h.SendResponse(200, body: "first");
                thrown.SetResult(Assert.Throws<Http2MisuseException>(() => h.SendResponse(200, body: "second")));
            },
        });
        Assert.Equal("first", await serving.Client().GetStringAsync("/"));
        Assert.Equal(Refusal.ResponseAlreadySent, (await thrown.Task.Soon()).Refusal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(199)]
    [InlineData(1000)]
    [InlineData(-200)]
    public async Task A_status_that_is_none_is_a_clear_exception_and_the_stream_can_still_be_answered(int status)
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                var thrown = Assert.Throws<Http2MisuseException>(() => h.SendResponse(status));
                h.SendResponse(200, body: thrown.Refusal.ToString());
            },
        });
        Assert.Equal("InvalidStatus", await serving.Client().GetStringAsync("/"));
    }

    [Fact]
    public async Task What_is_sent_after_close_is_without_effect_and_says_so()
    {
        var handlers = new Handlers(() => new ScriptedHandler());
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        await client.ResetAsync(await client.RequestAsync("/"), ErrorCode.Cancel);
        await client.SettleAsync();
        var handler = Assert.Single(handlers.Made);
        var bodies = new[] { new WatchedStream([1]), new WatchedStream([2]), new WatchedStream([3]) };
        Assert.True(handler.IsClosed);
        Assert.False(handler.TrySendInformational(103));
        handler.SendInformational(103);
        Assert.Null(handler.Push("/x", body: bodies[0]));
        Assert.False(handler.TryPush("/x", new Http2Response(200, body: bodies[1]), out _));
        Assert.False(handler.CanPush);
        Assert.Equal(Refusal.StreamClosed, handler.WhyNoPush);
        Assert.False(handler.TrySendResponse(200, body: bodies[2]));
        handler.Reset();
        handler.Consume(10);
        foreach (var body in bodies)
            await body.Disposed.Soon();
        // To answer twice is wrong whether the client is there or not.
        Assert.Equal(Refusal.ResponseAlreadySent, Assert.Throws<Http2MisuseException>(() => handler.SendResponse()).Refusal);
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task A_response_whose_length_is_a_lie_is_a_clear_exception()
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                var thrown = Assert.Throws<Http2MisuseException>(() => h.SendResponse(200, [("content-length", "7")], "12345"));
                h.SendResponse(200, body: thrown.Refusal.ToString());
            },
        });
        Assert.Equal("ContentLengthMismatch", await serving.Client().GetStringAsync("/"));
    }

    [Fact]
    public async Task Answers_from_other_threads_reach_their_streams()
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Done_ = h => ThreadPool.QueueUserWorkItem(_ => h.SendResponse(200, [("x-path", h.Path)], h.Path)),
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var ids = new List<StreamId>();
        for (var i = 0; i < 50; i++)
            ids.Add(await client.RequestAsync($"/{i}"));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal($"/{i}", RawClient.Value((await client.Response(ids[i])).Head.Fields, "x-path"));
            Assert.Equal($"/{i}", await client.Text(ids[i]));
        }
    }

    [Fact]
    public async Task A_second_response_from_another_thread_is_a_clear_exception()
    {
        var thrown = new TaskCompletionSource<Refusal>();
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h => Task.Run(() =>
            {
                h.SendResponse(200, body: "first");
                thrown.SetResult(Assert.Throws<Http2MisuseException>(() => h.SendResponse(200, body: "second")).Refusal);
            }),
        });
        Assert.Equal("first", await serving.Client().GetStringAsync("/"));
        Assert.Equal(Refusal.ResponseAlreadySent, await thrown.Task.Soon());
    }

    [Fact]
    public async Task Informational_responses_come_before_the_final_one()
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                h.SendInformational(103, [("link", "</style.css>; rel=preload")]);
                Assert.Equal(Refusal.InvalidStatus, Assert.Throws<Http2MisuseException>(() => h.SendInformational(101)).Refusal);
                Assert.Equal(Refusal.InvalidStatus, Assert.Throws<Http2MisuseException>(() => h.SendInformational(200)).Refusal);
                Task.Run(() =>
                {
                    h.SendInformational(102);
                    h.SendResponse(200, body: "done");
                });
            },
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        var hints = await client.Until<ConnectionEvent.InformationalReceived>();
        Assert.Equal(103, hints.Head.Status);
        Assert.Equal("</style.css>; rel=preload", RawClient.Value(hints.Head.Fields, "link"));
        Assert.Equal(102, (await client.Until<ConnectionEvent.InformationalReceived>()).Head.Status);
        Assert.Equal("done", await client.Text(id));
    }

    [Fact]
    public async Task An_informational_response_after_the_final_one_is_a_clear_exception()
    {
        var thrown = new TaskCompletionSource<Refusal>();
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                h.SendResponse();
                thrown.SetResult(Assert.Throws<Http2MisuseException>(() => h.SendInformational(103)).Refusal);
            },
        });
        Assert.Equal(HttpStatusCode.OK, (await serving.Client().GetAsync("/")).StatusCode);
        Assert.Equal(Refusal.ResponseAlreadySent, await thrown.Task.Soon());
    }

    [Fact]
    public async Task An_early_response_does_not_end_the_request()
    {
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = h => h.SendResponse(200, body: "early") });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        Assert.Equal("early", await client.Text(id));
        await client.DataAsync(id, new byte[1000], endStream: true);
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        await client.SettleAsync();
        Assert.Equal(["headers", "data", "done", "close NoError"], Assert.Single(handlers.Made).Calls);
    }
}
