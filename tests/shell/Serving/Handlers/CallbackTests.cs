using System.Text;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class CallbackTests
{
    [Fact]
    public async Task Callbacks_come_in_order_and_close_comes_once()
    {
        var handlers = new Handlers(() => new ScriptedHandler { Done_ = h => h.SendResponse(200, body: "ok") });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[10]);
        await client.SettleAsync();
        await client.DataAsync(id, new byte[20]);
        await client.TrailersAsync(id, ("x-sum", "30"));
        Assert.Equal("ok", await client.Text(id));
        var handler = Assert.Single(handlers.Made);
        Assert.Equal(ErrorCode.NoError, await handler.Closed.Soon());
        Assert.Equal(["headers", "data", "data", "done", "close NoError"], handler.Calls);
        Assert.Equal(30, handler.Received.Length);
        Assert.Equal("30", handler.Trailers["x-sum"]);
    }

    [Fact]
    public async Task A_request_answered_in_OnHeaders_still_gets_done_and_close_in_order()
    {
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = h => h.SendResponse() });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        Assert.Equal(200, (await client.Response(id)).Head.Status);
        var handler = Assert.Single(handlers.Made);
        await handler.Closed.Soon();
        Assert.Equal(["headers", "done", "close NoError"], handler.Calls);
    }

    [Fact]
    public async Task The_request_is_there_to_be_read()
    {
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = h => h.SendResponse(204) });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        HeaderField[] more = [("x-thing", "a"), ("cookie", "a=1"), ("cookie", "b=2")];
        await client.Closed(await client.RequestAsync("/p?q", "GET", true, more));
        var handler = Assert.Single(handlers.Made);
        Assert.Equal(("GET", "http", serving.Uri.Authority, "/p?q"), (handler.Method, handler.Scheme, handler.Host, handler.Target));
        Assert.Equal(("/p", "?q"), (handler.Path, handler.Query));
        Assert.Equal(1u, handler.StreamId.Value);
        Assert.Equal("a", handler.Headers["X-Thing"]);
        Assert.Equal("a=1; b=2", handler.Headers["cookie"]);
        Assert.Equal(3, handler.Headers.Count);
        Assert.DoesNotContain(handler.Headers, f => f.Name[0] == ':');
        Assert.NotNull(handler.ClientAddress);
        Assert.Null(handler.ClientCertificate);
        Assert.False(handler.IsPushed);
        Assert.Equal(1, handler.Connection.StreamsServed);
        Assert.NotEmpty(handler.Connection.PeerSettings);
    }

    [Theory]
    [InlineData("headers", "headers,close NoError")]
    [InlineData("data", "headers,data,close NoError")]
    [InlineData("done", "headers,data,done,close NoError")]
    public async Task An_exception_before_the_response_is_answered_with_500_is_logged_and_harms_nothing_else(string where, string calls)
    {
        var failed = false;
        void Fail(string here)
        {
            if (here != where || failed)
                return;
            failed = true;
            throw new InvalidTimeZoneException($"thrown in {here}");
        }
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = _ => Fail("headers"),
            Data_ = (_, _) => Fail("data"),
            Done_ = h =>
            {
                Fail("done");
                h.SendResponse(200, body: "fine");
            },
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var bad = await client.RequestAsync("/", "POST", endStream: false);
        var good = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(bad, new byte[3], endStream: true);
        Assert.Equal(500, (await client.Response(bad)).Head.Status);
        Assert.Equal(ErrorCode.NoError, await client.Closed(bad));
        await client.DataAsync(good, new byte[3], endStream: true);
        Assert.Equal("fine", await client.Text(good));
        await handlers.Made[0].Closed.Soon();
        Assert.Equal(calls.Split(','), handlers.Made[0].Calls);
        Assert.Contains(serving.Log.Errors, e => e.Contains($"thrown in {where}"));
    }

    [Fact]
    public async Task An_exception_in_OnClose_is_logged_and_the_connection_lives()
    {
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = h => h.SendResponse(200, body: "x"),
            Close_ = (_, _) => throw new InvalidTimeZoneException("thrown in close"),
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal("x", await client.Text(await client.RequestAsync("/")));
        Assert.Equal("x", await client.Text(await client.RequestAsync("/")));
        Assert.All(handlers.Made, h => Assert.Equal(["headers", "done", "close NoError"], h.Calls));
        Assert.Contains(serving.Log.Errors, e => e.Contains("thrown in close"));
    }

    [Fact]
    public async Task An_exception_of_the_factory_is_answered_with_500()
    {
        var first = true;
        await using var serving = await Serving.StartAsync(() =>
        {
            if (!first)
                return new ScriptedHandler { Headers_ = h => h.SendResponse(200, body: "second") };
            first = false;
            throw new InvalidTimeZoneException("no handler");
        });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(500, (await client.Response(await client.RequestAsync("/"))).Head.Status);
        Assert.Equal("second", await client.Text(await client.RequestAsync("/")));
    }

    [Fact]
    public async Task A_client_that_resets_shows_its_code_in_OnClose()
    {
        var handlers = new Handlers(() => new ScriptedHandler());
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        await client.ResetAsync(id, ErrorCode.Cancel);
        await client.SettleAsync();
        Assert.Equal(["headers", "done", "close Cancel"], Assert.Single(handlers.Made).Calls);
    }

    [Fact]
    public async Task A_connection_that_is_lost_closes_every_stream_once()
    {
        var handlers = new Handlers(() => new ScriptedHandler());
        await using var serving = await Serving.StartAsync(handlers.Make);
        var client = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 5; i++)
            await client.RequestAsync("/");
        await client.SettleAsync();
        await client.DisposeAsync();
        foreach (var handler in handlers.Made)
            await handler.Closed.Soon();
        Assert.Equal(5, handlers.Made.Count);
        Assert.All(handlers.Made, h => Assert.Single(h.Calls, c => c.StartsWith("close")));
    }

    [Fact]
    public async Task A_handler_may_reset_its_stream_with_any_code()
    {
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = h => h.Reset(ErrorCode.EnhanceYourCalm) });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(ErrorCode.EnhanceYourCalm, await client.Closed(await client.RequestAsync("/")));
        Assert.Equal(["headers", "close EnhanceYourCalm"], Assert.Single(handlers.Made).Calls);
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public void Members_of_a_handler_say_that_the_request_is_not_there_in_the_constructor() =>
        Assert.Contains("OnHeaders", Assert.Throws<InvalidOperationException>(() => new ScriptedHandler().ClientAddress).Message);

    [Fact]
    public async Task Callbacks_of_many_streams_never_run_concurrently_for_one()
    {
        var handlers = new Handlers(() => new ScriptedHandler { Done_ = h => Task.Run(() => h.SendResponse(200, body: "late")) });
        await using var serving = await Serving.StartAsync(handlers.Make);
        var client = serving.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var response = await client.PostAsync($"/{i}", new ByteArrayContent(new byte[i * 100]));
            return await response.Content.ReadAsStringAsync();
        })).Soon();
        Assert.All(answers, a => Assert.Equal("late", a));
        foreach (var handler in handlers.Made)
            await handler.Closed.Soon();
        Assert.Equal(200, handlers.Made.Count);
        Assert.All(handlers.Made, h =>
        {
            Assert.DoesNotContain("CONCURRENT", h.Calls);
            Assert.Equal(["headers", "done", "close NoError"], h.Calls.Where(c => c != "data"));
        });
    }
}
