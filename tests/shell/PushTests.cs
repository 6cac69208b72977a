using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class PushTests
{
    [Fact]
    public async Task A_push_is_promised_before_the_response_and_inherits_scheme_and_authority()
    {
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                var pushed = h.Push(
                    "/css/style.css", requestHeaders: [("content-type", "text/css")], headers: [("x-p", "1")], body: "body{margin:0;}")!;
                var facts = $"{pushed.StreamId} {pushed.IsPushed} {pushed.Path} {pushed.Method} {pushed.Host}";
                h.SendResponse(200, [("x-pushed", facts)], "page");
            },
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        var promise = await client.Until<ConnectionEvent.PushPromised>();
        Assert.Equal(id, promise.Id);
        Assert.Equal(
            ("GET", "http", serving.Uri.Authority, "/css/style.css"),
            (Ascii(promise.Head.Method), Ascii(promise.Head.Scheme), Ascii(promise.Head.Authority), Ascii(promise.Head.Path)));
        Assert.Equal("text/css", RawClient.Value(promise.Head.Fields, "content-type"));
        var page = await client.Response(id);
        Assert.Equal($"2 True /css/style.css GET {serving.Uri.Authority}", RawClient.Value(page.Head.Fields, "x-pushed"));
        Assert.Equal("page", await client.Text(id));
        var pushed = await client.Response(promise.Promised);
        Assert.Equal("1", RawClient.Value(pushed.Head.Fields, "x-p"));
        Assert.Equal("15", RawClient.Value(pushed.Head.Fields, "content-length"));
        Assert.Equal("body{margin:0;}", await client.Text(promise.Promised));
        Assert.Equal(2, handlers.Made.Count);
        Assert.Equal(ErrorCode.NoError, await handlers.Made[1].Closed.Soon());
        Assert.Equal(["close NoError"], handlers.Made[1].Calls);
    }

    [Fact]
    public async Task A_client_that_disabled_push_is_told_by_CanPush_and_by_a_clear_exception()
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                var thrown = Assert.Throws<Http2MisuseException>(() => h.Push("/x")).Refusal;
                h.SendResponse(200, body: $"{h.CanPush} {h.WhyNoPush} {thrown}");
            },
        });
        await using var client = await RawClient.ConnectAsync(serving, ConnectionOptions.Default with { EnablePush = false });
        Assert.Equal("False PushDisabled PushDisabled", await client.Text(await client.RequestAsync("/")));
        Assert.Equal("False PushDisabled PushDisabled", await serving.Client().GetStringAsync("/"));
    }

    [Fact]
    public async Task A_clients_limit_of_streams_bounds_pushes()
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                var pushes = 0;
                while (h.CanPush)
                {
                    // Never ends, so that its place stays taken.
                    h.Push($"/{pushes}", body: ResponseBody.Generate(_ => BodyRead.Deferred));
                    pushes++;
                }
                h.SendResponse(200, body: $"{pushes} {Assert.Throws<Http2MisuseException>(() => h.Push("/x")).Refusal}");
            },
        });
        await using var client = await RawClient.ConnectAsync(serving, ConnectionOptions.Default with { MaxConcurrentStreams = 3 });
        Assert.Equal("3 PushLimitReached", await client.Text(await client.RequestAsync("/")));
    }

    [Fact]
    public async Task A_push_comes_before_the_response_or_not_at_all()
    {
        var thrown = new TaskCompletionSource<Refusal>();
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                h.SendResponse(200, body: ResponseBody.Generate(_ => BodyRead.Deferred));
                Assert.False(h.CanPush);
                thrown.SetResult(Assert.Throws<Http2MisuseException>(() => h.Push("/x")).Refusal);
            },
        });
        await using var client = await RawClient.ConnectAsync(serving);
        await client.Response(await client.RequestAsync("/"));
        Assert.Equal(Refusal.ResponseAlreadySent, await thrown.Task.Soon());
        Assert.False(client.Saw<ConnectionEvent.PushPromised>());
    }

    [Theory]
    [InlineData("POST", "/x", 200)]
    [InlineData("GET", "/x", 0)]
    [InlineData("GET", "no-slash", 200)]
    public async Task A_push_that_is_none_is_a_clear_exception_and_promises_nothing(string method, string path, int status)
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                Assert.Throws<Http2MisuseException>(() => h.Push(path, method, status: status));
                h.SendResponse(200, body: "ok");
            },
        });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal("ok", await client.Text(await client.RequestAsync("/")));
        Assert.False(client.Saw<ConnectionEvent.PushPromised>());
    }

    [Fact]
    public async Task A_pushed_HEAD_has_no_body()
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                h.Push("/x", "HEAD", body: "12345");
                h.SendResponse();
            },
        });
        await using var client = await RawClient.ConnectAsync(serving);
        await client.RequestAsync("/");
        var promise = await client.Until<ConnectionEvent.PushPromised>();
        var response = await client.Response(promise.Promised);
        Assert.True(response.EndStream);
        Assert.Equal("5", RawClient.Value(response.Head.Fields, "content-length"));
    }

    [Fact]
    public async Task A_client_that_refuses_a_push_shows_in_OnClose_of_its_handler()
    {
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                h.Push("/x", body: ResponseBody.Generate(_ => BodyRead.Deferred));
                h.SendResponse(200, body: "page");
            },
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        await client.ResetAsync((await client.Until<ConnectionEvent.PushPromised>()).Promised, ErrorCode.RefusedStream);
        Assert.Equal("page", await client.Text(id));
        Assert.Equal(ErrorCode.RefusedStream, await handlers.Made[1].Closed.Soon());
        Assert.Equal(["close RefusedStream"], handlers.Made[1].Calls);
    }

    [Fact]
    public async Task A_push_from_another_thread_has_its_outcome_at_once()
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h => Task.Run(() =>
            {
                var first = h.Push("/1", body: "one")!.StreamId;
                var second = h.Push("/2", body: "two")!.StreamId;
                h.SendResponse(200, body: $"{first} {second}");
            }),
        });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal("2 4", await client.Text(await client.RequestAsync("/")));
        Assert.Equal("one", await client.Text(new StreamId(2)));
        Assert.Equal("two", await client.Text(new StreamId(4)));
    }

    private static string Ascii(ReadOnlySpan<byte> octets) => Encoding.ASCII.GetString(octets);
}
