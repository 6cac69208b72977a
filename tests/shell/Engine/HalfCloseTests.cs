using System.Net.Security;
using System.Net.Sockets;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Clients that have said all they will: they half-close, or say GOAWAY, or are gone.</summary>
public sealed class HalfCloseTests
{
    public static TheoryData<Http2Scheduling, bool> Carriers => new()
    {
        { Http2Scheduling.EventLoops, false }, { Http2Scheduling.EventLoops, true }, { Http2Scheduling.ThreadPool, false },
        { Http2Scheduling.ThreadPool, true },
    };

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_client_that_half_closes_gets_the_answers_in_flight(Http2Scheduling scheduling, bool tls)
    {
        var (gate, cancelled, ended) = (new TaskCompletionSource(), false, new EndTap());
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                cancellation.UnsafeRegister(_ => cancelled = true, null);
                await gate.Task;
                return new Http2Response(200, [], request.Path);
            },
            Serving.Loopback with { Scheduling = scheduling, FrameTap = ended, Tls = tls ? Http2Tls.From(TestCertificate.Server) : null });
        var (socket, client) = await ConnectAsync(serving, tls);
        var first = await client.RequestAsync("/first");
        var second = await client.RequestAsync("/second");
        await client.SettleAsync();
        socket.Shutdown(SocketShutdown.Send);
        await ended.Seen.Soon();
        Assert.False(cancelled);
        gate.SetResult();
        Assert.Equal("/first", await client.Text(first));
        Assert.Equal("/second", await client.Text(second));
        await client.End();
        await NothingIsLeft(serving);
        Assert.False(cancelled);
        Assert.Empty(serving.Log.Errors);
        await client.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_client_that_is_gone_while_its_handlers_wait_frees_everything(Http2Scheduling scheduling, bool tls)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var serving = await Serving.StartAsync(
            async (_, cancellation) =>
            {
                cancellation.UnsafeRegister(_ => cancelled.TrySetResult(), null);
                await Task.Delay(Timeout.Infinite, cancellation);
                return new Http2Response();
            },
            Serving.Loopback with { Scheduling = scheduling, Tls = tls ? Http2Tls.From(TestCertificate.Server) : null });
        var (_, client) = await ConnectAsync(serving, tls);
        await client.RequestAsync("/");
        await client.SettleAsync();
        // everything was read, so that TCP says no more than a half-close would
        await client.DisposeAsync();
        await cancelled.Task.Soon();
        await NothingIsLeft(serving);
    }

    /// <summary>It has read all that it was sent, so TCP says nothing of its own; only what is sent to it then tells that nobody is there.</summary>
    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_client_that_half_closes_and_is_gone_later_is_found_out(Http2Scheduling scheduling, bool tls)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (clock, gate, ended) = (new ManualClock(DateTimeOffset.UnixEpoch), new TaskCompletionSource(), new EndTap());
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                if (request.Path == "/first")
                {
                    await gate.Task;
                    return new Http2Response(200, [], "first");
                }
                cancellation.UnsafeRegister(_ => cancelled.TrySetResult(), null);
                await Task.Delay(Timeout.Infinite, cancellation);
                return new Http2Response();
            },
            Serving.Loopback with
            {
                Scheduling = scheduling, TimeProvider = clock, FrameTap = ended, Tls = tls ? Http2Tls.From(TestCertificate.Server) : null,
            });
        var (socket, client) = await ConnectAsync(serving, tls);
        var first = await client.RequestAsync("/first");
        await client.RequestAsync("/waits");
        await client.SettleAsync();
        socket.Shutdown(SocketShutdown.Send);
        await ended.Seen.Soon();
        gate.SetResult();
        // Behind the question that is asked at once.
        Assert.Equal("first", await client.Text(first));
        await client.DisposeAsync();
        for (var second = 0; second < 30 && !cancelled.Task.IsCompleted; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(cancelled.Task, Task.Delay(50));
        }
        await cancelled.Task.Soon();
        await NothingIsLeft(serving);
    }

    [Fact]
    public async Task A_request_that_was_not_complete_is_told_and_others_are_answered()
    {
        var (gate, failure) = (new TaskCompletionSource(), new TaskCompletionSource<Exception>());
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            if (request.Method == "GET")
            {
                await gate.Task;
                return new Http2Response(200, [], "whole");
            }
            try
            {
                await request.BodyStream.CopyToAsync(Stream.Null, CancellationToken.None);
            }
            catch (Exception fault)
            {
                failure.SetResult(fault);
                throw;
            }
            return new Http2Response(200, [], "never");
        });
        var (socket, client) = await ConnectAsync(serving, tls: false);
        var whole = await client.RequestAsync("/");
        var part = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(part, new byte[100]);
        await client.SettleAsync();
        socket.Shutdown(SocketShutdown.Send);
        Assert.IsType<Http2StreamClosedException>(await failure.Task.Soon());
        gate.SetResult();
        Assert.Equal("whole", await client.Text(whole));
        await client.End();
        await NothingIsLeft(serving);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_body_beyond_the_window_that_nobody_can_open_any_more_is_reset()
    {
        var (gate, ended) = (new TaskCompletionSource(), new EndTap());
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = h => gate.Task.ContinueWith(
                _ => h.SendResponse(200, body: ResponseBody.Generate(memory => BodyRead.Data(memory.Length))), TaskScheduler.Default),
        });
        await using var serving = await Serving.StartAsync(handlers.Make, Serving.Loopback with { FrameTap = ended });
        var (socket, client) = await ConnectAsync(serving, tls: false, ConnectionOptions.Default with { InitialStreamWindow = 100_000 });
        var id = await client.RequestAsync("/");
        await client.SettleAsync();
        socket.Shutdown(SocketShutdown.Send);
        await ended.Seen.Soon();
        gate.SetResult();
        Assert.Equal(ErrorCode.Cancel, await client.Closed(id));
        await client.End();
        await NothingIsLeft(serving);
        Assert.Empty(serving.Log.Errors);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Requests_that_wait_behind_output_when_the_end_comes_are_answered_too()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200, [], new byte[60_000])),
            Serving.Loopback with { MaxUnsentPerConnection = 16_384 });
        var wide = ConnectionOptions.Default with { InitialConnectionWindow = int.MaxValue };
        var (socket, client) = await ConnectAsync(serving, tls: false, wide);
        var ids = new List<StreamId>();
        for (var i = 0; i < 90; i++)
            ids.Add(await client.RequestAsync("/"));
        socket.Shutdown(SocketShutdown.Send);
        foreach (var id in ids)
            Assert.Equal(60_000, (await client.Body(id)).Length);
        await client.End();
        await NothingIsLeft(serving);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_half_closed_connection_on_which_nothing_is_sent_has_an_end()
    {
        var (clock, ended) = (new ManualClock(DateTimeOffset.UnixEpoch), new EndTap());
        var handlers = new Handlers(() => new ScriptedHandler());
        await using var serving = await Serving.StartAsync(
            handlers.Make, Serving.Loopback with { TimeProvider = clock, FrameTap = ended });
        var (socket, client) = await ConnectAsync(serving, tls: false);
        await client.RequestAsync("/");
        await client.SettleAsync();
        socket.Shutdown(SocketShutdown.Send);
        await ended.Seen.Soon();
        var end = client.End();
        for (var second = 0; !end.IsCompleted; second++)
        {
            Assert.True(second < 100 || !end.IsCompleted);
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await handlers.Made[0].Closed.Soon();
        await NothingIsLeft(serving);
        await client.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_says_GOAWAY_and_has_no_streams_is_done(bool tls)
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200, [], "done")),
            Serving.Loopback with { Tls = tls ? Http2Tls.From(TestCertificate.Server) : null });
        var (_, client) = await ConnectAsync(serving, tls);
        Assert.Equal("done", await client.Text(await client.RequestAsync("/")));
        await client.FrameAsync(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        var goAway = await client.Until<ConnectionEvent.GoAwayReceived>();
        Assert.Equal((ErrorCode.NoError, 1u), (goAway.Code, goAway.LastStreamId.Value));
        await client.End();
        await client.DisposeAsync();
        await NothingIsLeft(serving);
    }

    [Fact]
    public async Task Streams_that_are_open_at_a_GOAWAY_and_requests_behind_it_are_answered_first()
    {
        var gate = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            if (request.Path == "/waits")
                await gate.Task;
            return new Http2Response(200, [], request.Path);
        });
        var (_, client) = await ConnectAsync(serving, tls: false);
        var waits = await client.RequestAsync("/waits");
        await client.FrameAsync(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        var behind = await client.RequestAsync("/behind");
        Assert.Equal("/behind", await client.Text(behind));
        await client.SettleAsync();
        Assert.False(client.Saw<ConnectionEvent.GoAwayReceived>());
        gate.SetResult();
        Assert.Equal("/waits", await client.Text(waits));
        Assert.Equal(behind, (await client.Until<ConnectionEvent.GoAwayReceived>()).LastStreamId);
        await client.End();
        await client.DisposeAsync();
        await NothingIsLeft(serving);
    }

    private static async Task<(Socket Socket, RawClient Client)> ConnectAsync(Serving serving, bool tls, ConnectionOptions? options = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (tls)
        {
            var secured = new SslStream(stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
            await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2],
            }).Soon();
            stream = secured;
        }
        return (socket, await RawClient.OverAsync(stream, options, serving.Uri.Authority));
    }

    private static async Task NothingIsLeft(Serving serving)
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (serving.Server.Load != default)
        {
            Assert.False(late.IsCancellationRequested, serving.Server.Load.ToString());
            await Task.Yield();
        }
    }

    /// <summary>Tells when a connection's core has heard that its input has ended.</summary>
    private sealed class EndTap : Http2FrameTap
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public override bool TakesInputs => true;

        public override void Input(Http2ConnectionInfo connection, Input input)
        {
            if (input is Http2.Pure.Input.EndOfInput)
                _seen.TrySetResult();
        }
    }
}
