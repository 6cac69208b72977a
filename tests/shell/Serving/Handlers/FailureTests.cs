using System.Text;
using Http2.Pure;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A handler that fails: its client gets an answer, its author a line, and nobody else notices.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task The_default_answer_is_500_with_a_line_that_tells_nothing()
    {
        await using var serving = await Serving.StartAsync((_, _) => throw new InvalidTimeZoneException("a secret"));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        var response = await client.Response(id);
        Assert.Equal(500, response.Head.Status);
        Assert.Equal("text/plain; charset=utf-8", RawClient.Value(response.Head.Fields, "content-type"));
        Assert.NotNull(RawClient.Value(response.Head.Fields, "date"));
        Assert.Equal("500 Internal Server Error\n", await client.Text(id));
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        Assert.Contains("a secret", Assert.Single(serving.Log.Errors));
    }

    [Fact]
    public async Task The_answer_to_HEAD_has_no_body()
    {
        await using var serving = await Serving.StartAsync((_, _) => throw new InvalidTimeZoneException());
        await using var client = await RawClient.ConnectAsync(serving);
        var response = await client.Response(await client.RequestAsync("/", "HEAD"));
        Assert.Equal(500, response.Head.Status);
        Assert.True(response.EndStream);
    }

    [Theory]
    [InlineData("made", 503, "made for /made: boom")]
    [InlineData("null", 500, "500 Internal Server Error\n")]
    [InlineData("throws", 500, "500 Internal Server Error\n")]
    [InlineData("refused", 500, "500 Internal Server Error\n")]
    public async Task The_answer_may_be_made_by_option_and_the_default_takes_its_place(string how, int status, string text)
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => throw new InvalidTimeZoneException("boom"),
            Serving.Loopback with
            {
                FailureResponse = (request, failure) => how switch
                {
                    "made" => new Http2Response(503, [("retry-after", "1")], $"made for {request.Path}: {failure.Message}"),
                    "null" => null,
                    "throws" => throw new InvalidOperationException("and this too"),
                    _ => new Http2Response(42),
                },
            });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync($"/{how}");
        Assert.Equal(status, (await client.Response(id)).Head.Status);
        Assert.Equal(text, await client.Text(id));
        Assert.Equal(how is "throws" or "refused" ? 2 : 1, serving.Log.Errors.Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_that_fails_after_its_answer_began_resets_the_stream(bool later)
    {
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                h.SendResponse(200, body: ResponseBody.Generate(_ => BodyRead.Deferred));
                if (!later)
                    throw new InvalidTimeZoneException("after");
            },
            Data_ = (_, _) => throw new InvalidTimeZoneException("after"),
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        if (later)
        {
            await client.Response(id);
            await client.DataAsync(id, new byte[1]);
        }
        Assert.Equal(ErrorCode.InternalError, await client.Closed(id));
        var handler = Assert.Single(handlers.Made);
        await handler.Closed.Soon();
        Assert.Equal(Http2CloseCause.ApplicationFailed, handler.CloseReason!.Cause);
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("null")]
    [InlineData("again")]
    public async Task A_factory_that_fails_is_answered_with_500_also_for_uploads(string how)
    {
        var first = new ScriptedHandler { Headers_ = h => h.SendResponse(200, body: "first") };
        var made = 0;
        await using var serving = await Serving.StartAsync(() => (made++, how) switch
        {
            (0, _) => first,
            (1 or 2, "throws") => throw new InvalidTimeZoneException("no handler"),
            (1 or 2, "null") => null!,
            (1 or 2, _) => first,
            _ => new ScriptedHandler { Headers_ = h => h.SendResponse(200, body: "last") },
        });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal("first", await client.Text(await client.RequestAsync("/")));
        Assert.Equal(500, (await client.Response(await client.RequestAsync("/"))).Head.Status);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        Assert.Equal(500, (await client.Response(id)).Head.Status);
        await client.DataAsync(id, new byte[100_000]);
        // The rest is taken for a moment, and then the client is told to stop, without blame.
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        Assert.Equal("last", await client.Text(await client.RequestAsync("/")));
        Assert.Equal(2, serving.Log.Errors.Count());
        while (serving.Server.Load.Streams > 0)
            await Task.Yield();
    }

    [Fact]
    public async Task What_a_failed_handler_began_may_still_answer_without_effect_and_without_an_exception()
    {
        var answered = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                _ = Task.Run(async () =>
                {
                    await go.Task;
                    answered.SetResult(h.TrySendResponse(200, body: "too late"));
                });
                throw new InvalidTimeZoneException();
            },
        });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(500, (await client.Response(await client.RequestAsync("/"))).Head.Status);
        go.SetResult();
        Assert.False(await answered.Task.Soon());
    }

    [Fact]
    public async Task A_response_from_another_thread_that_is_refused_becomes_500()
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h => Task.Run(() => h.SendResponse(200, [("content-length", "7")], "12345")),
        });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(500, (await client.Response(await client.RequestAsync("/"))).Head.Status);
        var line = Assert.Single(serving.Log.Errors);
        Assert.Contains("7", line);
        Assert.Contains("5", line);
    }

    [Fact]
    public async Task A_cancellation_that_is_not_the_requests_own_is_a_failure()
    {
        await using var serving = await Serving.StartAsync(async (_, _) =>
        {
            await Task.Yield();
            throw new OperationCanceledException("a time of the handler's own is over");
        });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(500, (await client.Response(await client.RequestAsync("/"))).Head.Status);
        Assert.Single(serving.Log.Errors);
    }

    [Fact]
    public async Task The_body_of_a_response_that_is_refused_is_disposed_of()
    {
        var body = new WatchedStream([1, 2, 3]);
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(42, [], body)));
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(500, (await client.Response(await client.RequestAsync("/"))).Head.Status);
        await body.Disposed.Soon();
    }

    [Fact]
    public async Task The_log_says_why_streams_and_connections_ended()
    {
        var handlers = new Handlers(() => new ScriptedHandler());
        await using var serving = await Serving.StartAsync(handlers.Make);
        var client = await RawClient.ConnectAsync(serving);
        var reset = await client.RequestAsync("/");
        await client.ResetAsync(reset, ErrorCode.Cancel);
        await client.RequestAsync("/");
        await client.SettleAsync();
        // PING of seven octets
        await client.FrameAsync(6, 0, 0, 1, 2, 3, 4, 5, 6, 7);
        await client.End();
        await client.DisposeAsync();
        Assert.Equal(ErrorCode.FrameSizeError, await handlers.Made[1].Closed.Soon());
        Assert.Equal(Http2CloseCause.PeerReset, handlers.Made[0].CloseReason!.Cause);
        var fault = handlers.Made[1].CloseReason!;
        Assert.Equal((Http2CloseCause.PeerFault, ErrorCode.FrameSizeError, "6.7"), (fault.Cause, fault.Code, fault.Rule!.Section));
        await serving.Log.SeeAsync(11);
        Assert.Contains(serving.Log.Lines, l => l.Text.Contains("closed with Cancel: the peer reset it with CANCEL"));
        Assert.Contains(serving.Log.Lines, l => l.Text.Contains("stream 3: closed") && l.Text.Contains("RFC 9113 §6.7"));
        Assert.Contains(serving.Log.Lines, l => l.Event == 11 && l.Text.Contains("RFC 9113 §6.7"));
    }

    [Fact]
    public void Without_a_logger_a_failure_is_told_once_and_then_counted()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var output = new Lines();
        ILogger log = new StandardErrorLog(clock, () => output);
        for (var i = 0; i < 1000; i++)
            log.Log(LogLevel.Error, new EventId(20), "the handler failed", new InvalidTimeZoneException("boom\nbang"), (s, _) => s);
        log.Log(LogLevel.Warning, new EventId(5), "not an error", null, (s, _) => s);
        log.Log(LogLevel.Error, new EventId(20), "the handler failed", new FormatException("another"), (s, _) => s);
        Assert.Equal(
            [
                "http2: error: the handler failed: InvalidTimeZoneException: boom bang (for more give Http2ServerOptions.LoggerFactory a logger)",
                "http2: error: the handler failed: FormatException: another (for more give Http2ServerOptions.LoggerFactory a logger)",
            ],
            output.Wait(2));
        clock.Advance(LogGate<int>.Period);
        Assert.Equal("http2: error: the handler failed: InvalidTimeZoneException: boom bang (999 more in the last 10 s)", output.Wait(3)[2]);
        // Then there is nothing to tell, and the next one is the first again.
        clock.Advance(LogGate<int>.Period);
        log.Log(LogLevel.Error, new EventId(20), "the handler failed", new InvalidTimeZoneException("later"), (s, _) => s);
        Assert.Contains("later", output.Wait(4)[3]);
    }

    [Fact]
    public async Task Output_that_blocks_holds_up_nobody()
    {
        using var leave = new ManualResetEventSlim();
        var output = new Lines { Blocks = leave };
        ILogger log = new StandardErrorLog(TimeProvider.System, () => output);
        await Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
                log.Log(LogLevel.Error, new EventId(i), "failed", null, (s, _) => s);
        }).Soon();
        leave.Set();
        Assert.NotEmpty(output.Wait(1));
    }

    [Fact]
    public async Task A_server_without_a_logger_tells_on_standard_error()
    {
        var output = new Lines();
        var before = Console.Error;
        Console.SetError(output);
        try
        {
            var server = new Http2Server(Serving.Loopback, (_, _) => throw new InvalidTimeZoneException("told on standard error"));
            await server.StartAsync();
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(server.Endpoints[0].Address).Soon();
            await using var client = await RawClient.OverAsync(new System.Net.Sockets.NetworkStream(socket));
            Assert.Equal(500, (await client.Response(await client.RequestAsync("/"))).Head.Status);
            while (!output.All.Any(line => line.Contains("told on standard error")))
                await Task.Yield();
            await server.StopAsync(new CancellationToken(true));
        }
        finally
        {
            Console.SetError(before);
        }
    }

    private sealed class Lines : TextWriter
    {
        private readonly List<string> _lines = [];

        public ManualResetEventSlim? Blocks { get; init; }

        public override Encoding Encoding => Encoding.UTF8;

        public string[] All
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public override void WriteLine(string? value)
        {
            Blocks?.Wait(Patience.Time);
            lock (_lines)
                _lines.Add(value!);
        }

        public string[] Wait(int count)
        {
            Assert.True(SpinWait.SpinUntil(() => All.Length >= count, Patience.Time));
            return All;
        }
    }
}
