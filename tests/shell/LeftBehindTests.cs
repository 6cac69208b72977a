using System.Collections.Concurrent;
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

    public enum Where
    {
        Constructor,
        Headers,
        Data,
    }

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
        for (byte part = 2; part < 10; part++)
        {
            await client.DataAsync(id, Pattern(part, 3000));
            await client.SettleAsync();
        }
        await client.TrailersAsync(id, ("x-sum", "30"));
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
        await NothingIsHeldAsync(serving);
        var handler = Assert.Single(handlers.Made);
        var code = await handler.Closed.Soon();
        Assert.True(code != ErrorCode.NoError || leaves);
        Assert.Equal($"close {code}", handler.Calls.Last());
        Assert.Equal("headers", handler.Calls.First());
        Assert.Single(handler.Calls, c => c.StartsWith("close"));
        Assert.DoesNotContain("CONCURRENT", handler.Calls);
    }

    /// <summary>Sources of bodies, the functions behind them, what disposes of them, OnClose: everything that is called.</summary>
    [Theory]
    [InlineData("generator")]
    [InlineData("stream")]
    [InlineData("trailers")]
    [InlineData("trailers of octets")]
    [InlineData("disposal")]
    [InlineData("discarding")]
    public async Task Bodies_that_block_do_not_hold_up_the_connection(string what)
    {
        using var gate = new ManualResetEventSlim();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Block()
        {
            inside.TrySetResult();
            Assert.True(gate.Wait(Patience.Time));
        }
        var asked = 0;
        Http2Response Answer() => what switch
        {
            "generator" => new(200, [], ResponseBody.Generate(memory =>
            {
                Block();
                memory.Span[0] = (byte)'x';
                return ++asked == 1 ? BodyRead.Data(1) : BodyRead.Last(1);
            })),
            "stream" => new(200, [], new BlockingStream("xx", reading: Block)),
            "trailers" => new(200, [], new BlockingStream("xx")) { TrailersAfterBody = Trailers },
            "trailers of octets" => new(200, [], "xx") { TrailersAfterBody = Trailers },
            _ => new(200, [], new BlockingStream("xx", disposing: Block)),
        };
        Http2Headers Trailers()
        {
            Block();
            return [("x-sum", "2")];
        }
        await using var serving = await Serving.StartAsync(
            (request, _) => new(request.Path == "/blocks" ? Answer() : new Http2Response(200, [], "quick")));
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            var id = await client.RequestAsync("/blocks", what == "discarding" ? "HEAD" : "GET");
            await inside.Task.Soon();
            for (var i = 0; i < 5; i++)
                Assert.Equal("quick", await client.Text(await client.RequestAsync("/")));
            gate.Set();
            if (what == "discarding")
                Assert.Equal(200, (await client.Response(id)).Head.Status);
            else
                Assert.Equal("xx", await client.Text(id));
            if (what.StartsWith("trailers"))
            {
                id = await client.RequestAsync("/blocks");
                Assert.Equal("2", RawClient.Value((await client.Until<ConnectionEvent.TrailersReceived>(e => e.Id == id)).Fields, "x-sum"));
            }
        }
        await NothingIsHeldAsync(serving);
        Assert.Empty(serving.Log.Errors);
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("flush")]
    public async Task A_body_that_is_written_synchronously_is_sent_and_its_writer_ends_when_the_client_leaves(string way)
    {
        const int Part = 10_000;
        var ended = new ConcurrentQueue<Exception?>();
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            var parts = request.Path == "/all" ? 50 : int.MaxValue;
            return new(new Http2Response(200, [], ResponseBody.Write((writer, _) =>
            {
                try
                {
                    var stream = writer.AsStream();
                    for (var i = 0; i < parts; i++)
                    {
                        if (way == "stream")
                            stream.Write(new byte[Part]);
                        else if (writer.WriteAsync(new byte[Part]).AsTask().Result.IsCompleted)
                            break;
                    }
                    ended.Enqueue(null);
                }
                catch (Exception failure)
                {
                    ended.Enqueue(failure);
                    throw;
                }
                return Task.CompletedTask;
            })));
        });
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            Assert.Equal(50 * Part, (await client.Body(await client.RequestAsync("/all"))).Length);
            client.AutoConsume = false;
            await client.RequestAsync("/endless");
            await client.Until<ConnectionEvent.DataReceived>();
            await client.SettleAsync();
        }
        await NothingIsHeldAsync(serving);
        using var late = new CancellationTokenSource(Patience.Time);
        while (ended.Count < 2 && !late.IsCancellationRequested)
            await Task.Delay(5);
        Assert.Equal(2, ended.Count);
        Assert.True(ended.Last() is null ? way == "flush" : ended.Last() is Http2StreamClosedException);
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
        clock.Advance(TimeSpan.FromSeconds(6));
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
        await NothingIsHeldAsync(serving);
        Assert.Equal("headers", handlers.Made[0].Calls.First());
        Assert.StartsWith("close", handlers.Made[0].Calls.Last());
    }

    /// <summary>
    /// Every call of user code that can be seen is taken away at once, so hand-overs race with returns all the time; what clients and
    /// handlers see is the same as ever.
    /// </summary>
    [Theory]
    [InlineData(Http2Scheduling.EventLoops, true)]
    [InlineData(Http2Scheduling.EventLoops, false)]
    [InlineData(Http2Scheduling.ThreadPool, true)]
    [InlineData(Http2Scheduling.ThreadPool, false)]
    public async Task Connections_that_are_taken_away_all_the_time_serve_as_ever(Http2Scheduling scheduling, bool byDelegate)
    {
        const int Clients = 4, Rounds = 60, AtOnce = 5;
        var calls = 0;
        // some give their connection away themselves, and return while another thread begins with the rest
        void Race(Http2Exchange exchange)
        {
            if (Interlocked.Increment(ref calls) % 3 == 0)
                exchange.Engine.StepAside();
            else
                Thread.Yield();
        }
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = Race, Data_ = (h, _) => Race(h), Done_ = AnswerLength });
        var options = Serving.Loopback with { Scheduling = scheduling, TimeProvider = new ManualClock(DateTimeOffset.UnixEpoch) };
        await using var serving = byDelegate ? await Serving.StartAsync(LengthAsync, options) : await Serving.StartAsync(handlers.Make, options);
        var over = false;
        var taker = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
                foreach (var connection in serving.Server.Connections)
                {
                    if (connection.CurrentCall is var call and not 0)
                        connection.TryTakeAway(call);
                }
                Thread.Yield();
            }
        });
        taker.Start();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
            {
                await using var client = await RawClient.ConnectAsync(serving);
                for (var round = 0; round < Rounds; round++)
                {
                    var ids = new List<(StreamId Id, int Length)>();
                    for (var i = 0; i < AtOnce; i++)
                        ids.Add((await client.RequestAsync("/", "POST", endStream: false), 0));
                    for (var i = 0; i < AtOnce; i++)
                    {
                        var (id, length) = (ids[i].Id, (round * 997 + i * 4001) % 40_000);
                        await client.DataAsync(id, new byte[length / 2]);
                        await client.DataAsync(id, new byte[length - length / 2], endStream: true);
                        ids[i] = (id, length);
                    }
                    foreach (var (id, length) in ids)
                        Assert.Equal($"{length}", await client.Text(id));
                }
            }))).WaitAsync(3 * Patience.Time);
        }
        finally
        {
            Volatile.Write(ref over, true);
            taker.Join();
        }
        await NothingIsHeldAsync(serving);
        Assert.Equal(byDelegate ? 0 : Clients * Rounds * AtOnce, handlers.Made.Count);
        Assert.All(handlers.Made, h => Assert.Equal(["headers", "done", "close NoError"], h.Calls.Where(c => c != "data")));
        Assert.Empty(serving.Log.Errors);

        static void AnswerLength(ScriptedHandler handler) => handler.SendResponse(200, body: new BlockingStream($"{handler.Received.Length}"));

        async ValueTask<Http2Response> LengthAsync(Http2Request request, CancellationToken cancellation)
        {
            var buffer = new MemoryStream();
            Race(request);
            if (request.StreamId.Value % 4 == 1)
                request.BodyStream.CopyTo(buffer);
            else
                await request.BodyStream.CopyToAsync(buffer, cancellation).ConfigureAwait(false);
            Race(request);
            return new Http2Response(200, [], new BlockingStream($"{buffer.Length}"));
        }
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

    private static async Task NothingIsHeldAsync(Serving serving)
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (serving.Server.Load is not { Streams: 0, Handlers: 0, Connections: 0, Buffers: 0, Timers: 0 } && !late.IsCancellationRequested)
            await Task.Delay(5);
        Assert.Equal(default, serving.Server.Load);
    }

    /// <summary>A stream of text that does synchronously what it is told to, also where it should not.</summary>
    private sealed class BlockingStream(string text, Action? reading = null, Action? disposing = null) : AsyncStream
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            reading?.Invoke();
            if (_at == text.Length)
                return new(0);
            buffer.Span[0] = (byte)text[_at++];
            return new(1);
        }

        protected override void Dispose(bool isDisposing) => disposing?.Invoke();
    }
}
