using System.Net.Sockets;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class StoppingTests
{
    [Fact]
    public async Task Stopping_sends_GOAWAY_twice_and_lets_requests_in_flight_finish()
    {
        var gate = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(async (_, _) =>
        {
            await gate.Task;
            return new Http2Response(200, [], "finished");
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        await client.SettleAsync();
        var stopped = serving.Server.StopAsync();
        var first = await client.Until<ConnectionEvent.GoAwayReceived>();
        Assert.Equal((ErrorCode.NoError, WireConstants.MaxStreamId), (first.Code, first.LastStreamId.Value));
        var second = await client.Until<ConnectionEvent.GoAwayReceived>();
        Assert.Equal((ErrorCode.NoError, id), (second.Code, second.LastStreamId));
        Assert.False(stopped.IsCompleted);
        gate.SetResult();
        Assert.Equal("finished", await client.Text(id));
        await client.End();
        await client.DisposeAsync();
        await stopped.Soon();
        Assert.Equal(0, serving.Server.ConnectionCount);
    }

    [Fact]
    public async Task A_stopped_server_listens_no_more()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response()));
        var at = serving.Server.Endpoints[0].Address;
        await serving.Server.StopAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(at));
    }

    [Fact]
    public async Task Idle_connections_end_without_waiting_for_the_drain()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "x")));
        Assert.Equal("x", await serving.Client().GetStringAsync("/"));
        await serving.Server.StopAsync().Soon();
        Assert.DoesNotContain(serving.Log.Lines, l => l.Event == 5);
    }

    [Fact]
    public async Task What_has_not_finished_when_the_drain_ends_is_cut_and_closed_once()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var handlers = new Handlers(() => new ScriptedHandler());
        await using var serving = await Serving.StartAsync(handlers.Make, Serving.Loopback with { TimeProvider = clock });
        await using var client = await RawClient.ConnectAsync(serving);
        await client.RequestAsync("/");
        await client.SettleAsync();
        var stopped = serving.Server.StopAsync();
        await client.Until<ConnectionEvent.GoAwayReceived>();
        while (!stopped.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await stopped;
        var handler = Assert.Single(handlers.Made);
        Assert.NotEqual(ErrorCode.NoError, await handler.Closed.Soon());
        Assert.Single(handler.Calls, c => c.StartsWith("close"));
        await client.End();
    }

    [Fact]
    public async Task A_cancelled_token_cuts_at_once_and_further_stops_wait_for_the_same_end()
    {
        var handlers = new Handlers(() => new ScriptedHandler());
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        await client.RequestAsync("/");
        await client.SettleAsync();
        await serving.Server.StopAsync(new CancellationToken(true)).Soon();
        await serving.Server.StopAsync().Soon();
        await Assert.Single(handlers.Made).Closed.Soon();
    }

    [Fact]
    public async Task A_connection_that_is_cut_while_a_handler_holds_it_is_closed_when_the_handler_returns()
    {
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = _ =>
            {
                entered.Set();
                leave.Wait();
            },
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        await client.RequestAsync("/");
        Assert.True(await Task.Run(() => entered.Wait(Patience.Time)));
        await serving.Server.StopAsync(new CancellationToken(true)).Soon();
        Assert.False(handlers.Made[0].Closed.IsCompleted);
        leave.Set();
        await handlers.Made[0].Closed.Soon();
        Assert.Equal("headers", handlers.Made[0].Calls.First());
        Assert.Single(handlers.Made[0].Calls, c => c.StartsWith("close"));
    }

    [Fact]
    public async Task RunAsync_serves_until_its_token_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var server = Http2Server.Create("127.0.0.1", 0, (_, _) => new(new Http2Response(200, [], "run")));
        await server.StartAsync();
        var running = server.RunAsync(stop.Token);
        using var client = new HttpClient
        {
            DefaultRequestVersion = new Version(2, 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal("run", await client.GetStringAsync(server.Endpoints[0].Uri));
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await running.Soon();
    }

    [Fact]
    public async Task RunAsync_ends_when_the_server_is_stopped_and_reports_what_keeps_it_from_starting()
    {
        var server = Http2Server.Create("127.0.0.1", 0, (_, _) => new(new Http2Response()));
        await server.StartAsync();
        var running = server.RunAsync();
        var taken = Http2Server.Create("127.0.0.1", server.Port, (_, _) => new(new Http2Response()));
        await Assert.ThrowsAsync<Http2ListenException>(() => taken.RunAsync());
        await server.StopAsync();
        await running.Soon();
    }
}
