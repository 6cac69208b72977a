using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>User code that does not come back to the connection that called it, wherever that was: the connection goes on.</summary>
public sealed class LeftBehindTests
{
    public static TheoryData<Http2Scheduling> Schedulings { get; } = [Http2Scheduling.EventLoops, Http2Scheduling.ThreadPool];

    [Theory]
    [MemberData(nameof(Schedulings))]
    public async Task A_handler_that_blocks_does_not_hold_up_its_own_connection(Http2Scheduling scheduling)
    {
        using var gate = new ManualResetEventSlim();
        await using var serving = await Serving.StartAsync(
            (request, _) =>
            {
                if (request.Path == "/block")
                    gate.Wait();
                return new(new Http2Response(200, [], request.Path));
            },
            Serving.Loopback with { Scheduling = scheduling });
        await using var client = await RawClient.ConnectAsync(serving);
        List<StreamId> blocked = [await client.RequestAsync("/block"), await client.RequestAsync("/block"), await client.RequestAsync("/block")];
        for (var i = 0; i < 20; i++)
            Assert.Equal("/quick", await client.Text(await client.RequestAsync("/quick")));
        Assert.Equal(3, serving.Server.Load.Handlers);
        gate.Set();
        foreach (var id in blocked)
            Assert.Equal("/block", await client.Text(id));
        Assert.Empty(serving.Log.Errors);
    }

    /// <summary>What was answered before, in the same batch, must not wait for the one that blocks.</summary>
    [Fact]
    public async Task Answers_before_it_go_out()
    {
        using var gate = new ManualResetEventSlim();
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            if (request.Path == "/b")
                gate.Wait();
            return new(new Http2Response(200, [], request.Path));
        });
        await using var client = await RawClient.ConnectAsync(serving);
        client.OpenUnsent();
        client.OpenUnsent();
        await client.RawAsync([.. Head(1, "/a"), .. Head(3, "/b")]);
        Assert.Equal("/a", await client.Text(new StreamId(1)));
        gate.Set();
        Assert.Equal("/b", await client.Text(new StreamId(3)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_callback_may_wait_for_a_thread_that_asks_for_a_push_and_pushes(bool byDelegate)
    {
        static void Push(Func<bool> canPush, Action push) => Task.Run(() =>
        {
            Assert.True(canPush());
            push();
        }).Wait(Patience.Time);
        await using var serving = byDelegate
            ? await Serving.StartAsync((request, _) =>
            {
                Push(() => request.CanPush, () =>
                {
                    request.SendInformational(103);
                    request.Push("/pushed", new Http2Response(200, [], "p"));
                });
                return new(new Http2Response(200, [], "ok"));
            })
            : await Serving.StartAsync(() => new ScriptedHandler
            {
                Headers_ = h =>
                {
                    Push(() => h.CanPush, () =>
                    {
                        h.SendInformational(103);
                        h.Push("/pushed", body: "p");
                    });
                    h.SendResponse(200, body: "ok");
                },
            });
        await using var client = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 20; i++)
        {
            var id = await client.RequestAsync("/");
            // in the order in which the thread gave its commands
            var first = await client.Until<ConnectionEvent>(e => e is ConnectionEvent.PushPromised or ConnectionEvent.InformationalReceived);
            Assert.IsType<ConnectionEvent.InformationalReceived>(first);
            var promise = await client.Until<ConnectionEvent.PushPromised>();
            Assert.Equal("ok", await client.Text(id));
            Assert.Equal("p", await client.Text(promise.Promised));
        }
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task Threads_that_ask_while_nobody_runs_the_connection_get_their_answer_and_their_push_goes_out()
    {
        var asked = new TaskCompletionSource<ScriptedHandler>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler { Headers_ = asked.SetResult });
        await using var client = await RawClient.ConnectAsync(serving);
        await client.RequestAsync("/");
        await client.SettleAsync();
        var handler = await asked.Task.Soon();
        Assert.True(handler.CanPush);
        handler.Push("/pushed", body: "p");
        var promise = await client.Until<ConnectionEvent.PushPromised>();
        Assert.Equal("p", await client.Text(promise.Promised));
    }

    public enum Where { Constructor, Headers, Data }

    [Theory]
    [InlineData(Where.Constructor)]
    [InlineData(Where.Headers)]
    [InlineData(Where.Data)]
    public async Task Further_callbacks_wait_in_order_until_the_one_that_blocks_has_returned(Where where)
    {
        using var gate = new ManualResetEventSlim();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Block(Where here)
        {
            if (where != here || inside.Task.IsCompleted)
                return;
            inside.SetResult();
            Assert.True(gate.Wait(Patience.Time));
        }
        var blocks = true;
        var handlers = new Handlers(() =>
        {
            if (blocks)
                Block(Where.Constructor);
            return new ScriptedHandler
            {
                Headers_ = _ => Block(Where.Headers),
                Data_ = (_, chunk) =>
                {
                    var before = chunk.ToArray();
                    Block(Where.Data);
                    Assert.Equal(before, chunk.ToArray());
                },
                Done_ = h => h.SendResponse(200, body: "all"),
            };
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, Pattern(1, 3000));
        await inside.Task.Soon();
        blocks = false;
        await client.SettleAsync();
        await SendTheRestAsync(client, id);
        Assert.Equal("all", await client.Text(await PostAsync(client)));
        gate.Set();
        Assert.Equal("all", await client.Text(id));
        var handler = handlers.Made.Single(h => h.StreamId == id);
        Assert.Equal(ErrorCode.NoError, await handler.Closed.Soon());
        Assert.Equal(["headers", .. Enumerable.Repeat("data", 9), "done", "close NoError"], handler.Calls);
        Assert.Equal(Enumerable.Range(1, 9).SelectMany(part => Pattern((byte)part, 3000)), handler.Received.ToArray());
        Assert.Equal("30", handler.Trailers["x-sum"]);
        Assert.Empty(serving.Log.Errors);
    }

    [Theory]
    [InlineData(Where.Constructor, false)]
    [InlineData(Where.Headers, false)]
    [InlineData(Where.Data, false)]
    [InlineData(Where.Constructor, true)]
    [InlineData(Where.Headers, true)]
    [InlineData(Where.Data, true)]
    public async Task A_stream_that_is_closed_meanwhile_ends_with_OnClose_behind_it(Where where, bool leaves)
    {
        using var gate = new ManualResetEventSlim();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Block(Where here)
        {
            if (where != here)
                return;
            inside.TrySetResult();
            Assert.True(gate.Wait(Patience.Time));
        }
        var handlers = new Handlers(() =>
        {
            Block(Where.Constructor);
            return new ScriptedHandler { Headers_ = _ => Block(Where.Headers), Data_ = (_, _) => Block(Where.Data) };
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            var id = await client.RequestAsync("/", "POST", endStream: false);
            await client.DataAsync(id, new byte[100]);
            await inside.Task.Soon();
            await client.DataAsync(id, new byte[100]);
            await client.SettleAsync();
            if (!leaves)
                await client.ResetAsync(id, ErrorCode.Cancel);
            await client.SettleAsync();
        }
        if (!leaves)
            gate.Set();
        // the connection is gone, but for what its handler must still see
        using (var late = new CancellationTokenSource(Patience.Time))
        {
            while (leaves && serving.Server.Load.Timers > 0 && !late.IsCancellationRequested)
                await Task.Delay(5);
        }
        gate.Set();
        await serving.NothingIsHeldAsync();
        var handler = Assert.Single(handlers.Made);
        var code = await handler.Closed.Soon();
        Assert.True(code != ErrorCode.NoError || leaves);
        AssertClosedOnceAtTheEnd(handler, code);
    }

    private static async Task SendTheRestAsync(RawClient client, StreamId id)
    {
        for (byte part = 2; part < 10; part++)
        {
            await client.DataAsync(id, Pattern(part, 3000));
            await client.SettleAsync();
        }
        await client.TrailersAsync(id, ("x-sum", "30"));
    }

    private static void AssertClosedOnceAtTheEnd(ScriptedHandler handler, ErrorCode code)
    {
        Assert.Equal($"close {code}", handler.Calls.Last());
        Assert.Equal("headers", handler.Calls.First());
        Assert.Single(handler.Calls, c => c.StartsWith("close"));
        Assert.DoesNotContain("CONCURRENT", handler.Calls);
    }

    [Fact]
    public async Task Deadlines_of_other_streams_act_while_a_handler_blocks()
    {
        using var gate = new ManualResetEventSlim();
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                if (request.Path == "/block")
                {
                    inside.SetResult();
                    gate.Wait();
                }
                await request.BodyStream.CopyToAsync(Stream.Null, cancellation);
                return new Http2Response();
            },
            Serving.Loopback with { TimeProvider = clock });
        await using var client = await RawClient.ConnectAsync(serving);
        var trickling = await client.RequestAsync("/", "POST", endStream: false);
        await client.SettleAsync();
        await client.RequestAsync("/block");
        await inside.Task.Soon();
        await client.SettleAsync();
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(ErrorCode.EnhanceYourCalm, await client.Closed(trickling));
        gate.Set();
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_a_callback_beyond_its_token()
    {
        using var gate = new ManualResetEventSlim();
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = _ => gate.Wait() });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        await client.RequestAsync("/");
        await client.SettleAsync();
        using var now = new CancellationTokenSource();
        var stopping = serving.Server.StopAsync(now.Token);
        await client.Until<ConnectionEvent.GoAwayReceived>();
        await now.CancelAsync();
        await stopping.Soon();
        gate.Set();
        await serving.NothingIsHeldAsync();
        Assert.Equal("headers", handlers.Made[0].Calls.First());
        Assert.StartsWith("close", handlers.Made[0].Calls.Last());
    }

    private static async Task<StreamId> PostAsync(RawClient client)
    {
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[10], endStream: true);
        return id;
    }

    private static byte[] Pattern(byte seed, int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(seed * 31 + i))];

    private static byte[] Head(byte stream, string path) =>
        [0, 0, (byte)(10 + path.Length), 1, 5, 0, 0, 0, stream, 0x82, 0x86, 0x41, 4, .. "test"u8, 0x04, (byte)path.Length,
            .. System.Text.Encoding.ASCII.GetBytes(path)];
}
