using System.Collections.Concurrent;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Callbacks that return tasks: in order, one at a time, with data that last, and with failures that are seen.</summary>
public sealed class AsyncCallbackTests
{
    [Fact]
    public async Task Callbacks_wait_for_the_one_that_has_not_come_back_and_data_last_until_then()
    {
        var handlers = new ConcurrentQueue<SlowHandler>();
        await using var serving = await Serving.StartAsync(() => Made(handlers, new SlowHandler()));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, "first "u8.ToArray());
        await client.DataAsync(id, "second "u8.ToArray());
        await client.SettleAsync();
        var handler = Assert.Single(handlers);
        Assert.Equal(["headers"], handler.Calls);
        handler.Step.Release();
        await handler.Came("data");
        // What is received meanwhile lies where the first chunk came in.
        await client.DataAsync(id, Encoding.ASCII.GetBytes(new string('x', 500)), endStream: true);
        await client.SettleAsync();
        Assert.Equal(["headers", "data"], handler.Calls);
        handler.Step.Release(4);
        Assert.Equal("first second " + new string('x', 500), await client.Text(id));
        Assert.Equal(ErrorCode.NoError, await handler.Closed.Soon());
        Assert.Equal(["headers", "data", "data", "data", "done", "close NoError"], handler.Calls);
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task The_end_is_told_at_once_to_the_token_and_by_callback_when_the_one_that_runs_has_come_back()
    {
        var handlers = new ConcurrentQueue<SlowHandler>();
        await using var serving = await Serving.StartAsync(() => Made(handlers, new SlowHandler()));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        await client.SettleAsync();
        var handler = Assert.Single(handlers);
        var told = new TaskCompletionSource();
        handler.Aborted.Register(told.SetResult);
        await client.ResetAsync(id, ErrorCode.Cancel);
        await told.Task.Soon();
        Assert.True(handler.IsClosed);
        await client.SettleAsync();
        Assert.Equal(["headers"], handler.Calls);
        Assert.False(handler.Closed.IsCompleted);
        handler.Step.Release();
        Assert.Equal(ErrorCode.Cancel, await handler.Closed.Soon());
        // The request was done, but that is of no use any more.
        Assert.Equal(["headers", "close Cancel"], handler.Calls);
        while (serving.Server.Load.Handlers > 0)
            await Task.Yield();
    }

    [Theory]
    [InlineData("headers")]
    [InlineData("data")]
    [InlineData("done")]
    public async Task A_task_that_fails_is_answered_with_500_and_logged(string where)
    {
        var handlers = new ConcurrentQueue<SlowHandler>();
        await using var serving = await Serving.StartAsync(() => Made(handlers, new SlowHandler { FailsIn = where }));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, "body"u8.ToArray(), endStream: true);
        await client.SettleAsync();
        var handler = Assert.Single(handlers);
        handler.Step.Release(3);
        Assert.Equal(500, (await client.Response(id)).Head.Status);
        await handler.Closed.Soon();
        Assert.Contains($"failed in {where}", Assert.Single(serving.Log.Errors));
        Assert.Equal(Http2CloseCause.ApplicationFailed, handler.CloseReason!.Cause);
        Assert.Equal(where, handler.Calls.ToArray()[^2]);
    }

    [Fact]
    public async Task A_connection_that_is_lost_ends_callbacks_that_heed_the_token()
    {
        var handlers = new ConcurrentQueue<WaitingHandler>();
        await using var serving = await Serving.StartAsync(() => Made(handlers, new WaitingHandler()));
        var client = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 5; i++)
            await client.RequestAsync("/");
        await client.SettleAsync();
        await client.DisposeAsync();
        foreach (var handler in handlers)
            Assert.Equal(Http2CloseCause.ConnectionLost, (await handler.Reason.Task.Soon())!.Cause);
        Assert.Equal(5, handlers.Count);
        // That they were cancelled is how they were told, and no failure.
        Assert.Empty(serving.Log.Errors);
        while (serving.Server.Load != default)
            await Task.Yield();
    }

    [Fact]
    public async Task Credit_is_given_back_when_a_task_has_taken_the_data()
    {
        var handlers = new ConcurrentQueue<SlowHandler>();
        var options = Serving.Loopback with { Connection = ConnectionOptions.Default with { InitialStreamWindow = 20_000 } };
        await using var serving = await Serving.StartAsync(() => Made(handlers, new SlowHandler()), options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[50_000], endStream: true);
        await client.SettleAsync();
        Assert.Equal(30_000, client.Queued(id));
        Assert.Single(handlers).Step.Release(100);
        Assert.Equal(50_000, (await client.Body(id)).Length);
    }

    private static T Made<T>(ConcurrentQueue<T> handlers, T handler)
    {
        handlers.Enqueue(handler);
        return handler;
    }

    /// <summary>Each callback waits for the test to let it go on; answers with what it received.</summary>
    private sealed class SlowHandler : Http2RequestHandler
    {
        private readonly ConcurrentQueue<string> _calls = new();
        private readonly StringBuilder _received = new();

        public SemaphoreSlim Step { get; } = new(0);

        public string? FailsIn { get; init; }

        public string[] Calls => [.. _calls];

        public async Task Came(string call)
        {
            while (!_calls.Contains(call))
                await Task.Yield();
        }

        protected override ValueTask OnHeadersAsync() => StepAsync("headers");

        protected override async ValueTask OnDataAsync(ReadOnlyMemory<byte> chunk)
        {
            await StepAsync("data");
            _received.Append(Encoding.ASCII.GetString(chunk.Span));
        }

        protected override async ValueTask OnRequestDoneAsync()
        {
            if (FailsIn == "done")
                await StepAsync("done");
            else
                _calls.Enqueue("done");
            SendResponse(200, body: _received.ToString());
        }

        protected override ValueTask OnCloseAsync(ErrorCode errorCode)
        {
            _calls.Enqueue($"close {errorCode}");
            return default;
        }

        private async ValueTask StepAsync(string name)
        {
            _calls.Enqueue(name);
            Assert.True(await Step.WaitAsync(Patience.Time));
            if (FailsIn == name)
                throw new InvalidTimeZoneException($"failed in {name}");
        }
    }

    private sealed class WaitingHandler : Http2RequestHandler
    {
        public TaskCompletionSource<Http2CloseReason?> Reason { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async ValueTask OnHeadersAsync() => await Task.Delay(Timeout.Infinite, Aborted);

        protected override void OnClose(ErrorCode errorCode) => Reason.SetResult(CloseReason);
    }
}
