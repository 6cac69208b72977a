using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Who starts and stops a server, how often, from where, and with which token.</summary>
public sealed class StopCallsTests
{
    [Fact]
    public async Task The_token_of_any_call_cuts()
    {
        var handlers = new Handlers(() => new ScriptedHandler());
        await using var serving = await Serving.StartAsync(handlers.Make, Serving.Loopback with { DrainTimeout = TimeSpan.FromHours(1) });
        await using var client = await RawClient.ConnectAsync(serving);
        await client.RequestAsync("/");
        await client.SettleAsync();
        var first = serving.Server.StopAsync();
        using var host = new CancellationTokenSource();
        var second = serving.Server.StopAsync(host.Token);
        await client.Until<ConnectionEvent.GoAwayReceived>();
        Assert.False(first.IsCompleted || second.IsCompleted);
        await host.CancelAsync();
        await first.Soon();
        await second.Soon();
        var handler = Assert.Single(handlers.Made);
        await handler.Closed.Soon();
        Assert.Equal(Http2CloseCause.Stopped, handler.CloseReason!.Cause);
    }

    [Theory]
    [InlineData("await")]
    [InlineData("hop")]
    [InlineData("block")]
    public async Task A_handler_that_awaits_the_stop_waits_for_all_but_itself(string how)
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var other = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Http2Server? server = null;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var serving = await Serving.StartAsync(
            async (request, _) =>
            {
                if (request.Path == "/other")
                {
                    await other.Task;
                    return new Http2Response(200, [], "other");
                }
                if (how == "hop")
                    await Task.Yield();
                var stopping = server!.StopAsync(CancellationToken.None);
                if (how == "block")
                    stopping.Wait(Patience.Time);
                else
                    await stopping;
                stopped.SetResult();
                return new Http2Response(200, [], "stopped");
            },
            Serving.Loopback with { TimeProvider = clock, DrainTimeout = TimeSpan.FromHours(1) });
        server = serving.Server;
        await using var waiting = await RawClient.ConnectAsync(serving);
        await using var stopper = await RawClient.ConnectAsync(serving);
        var otherId = await waiting.RequestAsync("/other");
        await waiting.SettleAsync();
        var id = await stopper.RequestAsync("/stop");
        // Who is told may go on with what he has asked for.
        await waiting.Until<ConnectionEvent.GoAwayReceived>();
        Assert.False(stopped.Task.IsCompleted);
        var outside = serving.Server.StopAsync();
        other.SetResult();
        Assert.Equal("other", await waiting.Text(otherId));
        await waiting.End();
        await waiting.DisposeAsync();
        await stopped.Task.Soon();
        Assert.Equal("stopped", await stopper.Text(id));
        Assert.False(outside.IsCompleted);
        await stopper.DisposeAsync();
        await outside.Soon();
    }

    [Fact]
    public async Task Several_handlers_may_await_the_stop()
    {
        Http2Server? server = null;
        await using var serving = await Serving.StartAsync(async (_, _) =>
        {
            await server!.StopAsync(CancellationToken.None);
            return new Http2Response(200, [], "stopped");
        });
        server = serving.Server;
        await using var client = await RawClient.ConnectAsync(serving);
        var ids = new[] { await client.RequestAsync("/"), await client.RequestAsync("/") };
        foreach (var id in ids)
            Assert.Equal("stopped", await client.Text(id));
    }

    [Fact]
    public async Task What_a_handler_began_waits_for_all_when_its_own_request_is_over()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var other = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? background = null;
        Http2Server? server = null;
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            if (request.Path == "/other")
                await other.Task;
            else
                background = StopLater();
            return new Http2Response(200, [], "answered");

            async Task StopLater()
            {
                await go.Task;
                await server!.StopAsync(CancellationToken.None);
            }
        });
        server = serving.Server;
        await using var first = await RawClient.ConnectAsync(serving);
        Assert.Equal("answered", await first.Text(await first.RequestAsync("/")));
        await using var second = await RawClient.ConnectAsync(serving);
        var id = await second.RequestAsync("/other");
        await second.SettleAsync();
        go.SetResult();
        await second.Until<ConnectionEvent.GoAwayReceived>();
        await first.End();
        await first.DisposeAsync();
        while (serving.Server.ConnectionCount > 1)
            await Task.Yield();
        Assert.False(background!.IsCompleted);
        other.SetResult();
        Assert.Equal("answered", await second.Text(id));
        await second.DisposeAsync();
        await background.Soon();
    }

    [Fact]
    public async Task What_a_handler_has_in_its_context_stays_its_own()
    {
        var local = new AsyncLocal<string>();
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            var before = local.Value ?? "nothing";
            local.Value = request.Path;
            await Task.Yield();
            return new Http2Response(200, [], $"{before} {local.Value}");
        });
        local.Value = "the test";
        await using var client = await RawClient.ConnectAsync(serving);
        foreach (var path in new[] { "/a", "/b" })
            Assert.Equal($"nothing {path}", await client.Text(await client.RequestAsync(path)));
    }

    [Fact]
    public async Task A_second_start_says_so_and_disturbs_nothing()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "alive")));
        var port = serving.Server.Port;
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => serving.Server.StartAsync());
        Assert.Contains("started before", refusal.Message);
        Assert.Equal(port, serving.Server.Port);
        Assert.Equal("alive", await serving.Client().GetStringAsync("/"));
        await serving.Server.StopAsync(new CancellationToken(true));
        Assert.Contains("stopped", (await Assert.ThrowsAsync<InvalidOperationException>(() => serving.Server.StartAsync())).Message
            + (await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            {
                var never = new Http2Server(Serving.Loopback, (_, _) => new(new Http2Response()));
                await never.StopAsync();
                await never.StartAsync();
            })).Message);
    }

    [Fact]
    public async Task One_of_many_starts_at_once_succeeds()
    {
        var server = new Http2Server(Serving.Loopback with { Host = "localhost" }, (_, _) => new(new Http2Response()));
        var starts = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () => await Record.ExceptionAsync(() => server.StartAsync()))));
        Assert.Single(starts, failure => failure is null);
        Assert.Equal(9, starts.Count(failure => failure is InvalidOperationException));
        await server.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_start_that_failed_may_be_tried_again()
    {
        var first = new Http2Server(Serving.Loopback, (_, _) => new(new Http2Response()));
        await first.StartAsync();
        var second = new Http2Server(Serving.Loopback with { Port = first.Port }, (_, _) => new(new Http2Response()));
        await Assert.ThrowsAsync<Http2ListenException>(() => second.StartAsync());
        await first.StopAsync().Soon();
        await second.StartAsync();
        Assert.Equal(first.Port, second.Port);
        await second.StopAsync().Soon();
    }

    [Fact]
    public async Task RunAsync_serves_what_was_started_and_ends_with_it()
    {
        var server = new Http2Server(Serving.Loopback, (_, _) => new(new Http2Response()));
        await server.StartAsync();
        var port = server.Port;
        var running = server.RunAsync();
        Assert.False(running.IsCompleted);
        Assert.Equal(port, server.Port);
        await server.DisposeAsync();
        await running.Soon();
        await server.RunAsync().Soon();
    }
}
