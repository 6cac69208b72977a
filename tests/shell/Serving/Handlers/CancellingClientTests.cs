using System.Net;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Clients that ask for much and then for less: closed tabs, search boxes, long polls. None of it is an attack.</summary>
public sealed class CancellingClientTests
{
    private static readonly HttpStatusCode Ok = HttpStatusCode.OK;

    /// <summary>Answers at once, but for /waits, which ends with its token, and /deaf, which ends with the gate.</summary>
    private static Func<Http2Request, CancellationToken, ValueTask<Http2Response>> Handler(Task? gate = null, Action? onWait = null) =>
        async (request, cancellation) =>
        {
            if (request.Path.StartsWith("/waits", StringComparison.Ordinal))
            {
                onWait?.Invoke();
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            else if (request.Path.StartsWith("/deaf", StringComparison.Ordinal))
            {
                onWait?.Invoke();
                await gate!;
            }
            return new Http2Response(200, [], "ok");
        };

    [Theory]
    [InlineData("/waits")]
    [InlineData("/deaf")]
    public async Task A_request_behind_a_hundred_that_were_cancelled_is_answered(string path)
    {
        var gate = new TaskCompletionSource();
        var begun = new CountdownEvent(100);
        await using var serving = await Serving.StartAsync(Handler(gate.Task, () => begun.Signal()));
        var client = serving.Client(OneConnection);
        using var cancel = new CancellationTokenSource();
        var abandoned = Enumerable.Range(0, 100).Select(_ => client.GetAsync(path, cancel.Token)).ToArray();
        Assert.True(begun.Wait(Patience.Time));
        await cancel.CancelAsync();
        for (var i = 0; i < 100; i++)
            Assert.Equal(Ok, (await client.GetAsync("/")).StatusCode);
        foreach (var request in abandoned)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Equal(1, serving.Server.Load.Connections);
        gate.SetResult();
    }

    [Fact]
    public async Task Long_polls_that_are_cancelled_in_waves_end_no_connection()
    {
        await using var serving = await Serving.StartAsync(Handler());
        var client = serving.Client(OneConnection);
        for (var wave = 0; wave < 10; wave++)
        {
            using var cancel = new CancellationTokenSource();
            var polls = Enumerable.Range(0, 90).Select(_ => client.GetAsync("/waits", cancel.Token)).ToArray();
            // this request is behind all of them, and what follows is at least so much later
            Assert.Equal(Ok, (await client.GetAsync("/")).StatusCode);
            await Task.Delay(40);
            await cancel.CancelAsync();
            foreach (var poll in polls)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        }
        Assert.Equal(Ok, (await client.GetAsync("/")).StatusCode);
        Assert.DoesNotContain(serving.Log.Lines, line => line.Text.Contains("EnhanceYourCalm", StringComparison.Ordinal));
        Assert.Equal(1, serving.Server.Load.Connections);
    }

    [Fact]
    public async Task Searches_that_are_typed_ahead_end_no_connection()
    {
        await using var serving = await Serving.StartAsync(Handler());
        var client = serving.Client(OneConnection);
        for (var key = 0; key < 60; key++)
        {
            using var cancel = new CancellationTokenSource();
            var search = client.GetAsync($"/waits?q={key}", cancel.Token);
            await Task.Delay(40);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        }
        Assert.Equal(Ok, (await client.GetAsync("/")).StatusCode);
        Assert.Equal(1, serving.Server.Load.Connections);
        Assert.DoesNotContain(serving.Log.Lines, line => line.Text.Contains("EnhanceYourCalm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Work_that_goes_on_for_cancelled_requests_is_bounded_and_new_ones_wait_for_it()
    {
        var works = new WorkCount();
        await using var serving = await Serving.StartAsync(works.Handle, Few(3));
        await using var client = await RawClient.ConnectAsync(serving);
        var waiting = new List<StreamId>();
        for (var i = 0; i < 12; i++)
        {
            var id = await client.RequestAsync("/works");
            await client.SettleAsync();
            if (i < 9)
                await client.ResetAsync(id, ErrorCode.Cancel);
            else
                waiting.Add(id);
        }
        await client.SettleAsync();
        // twice as many as there may be streams, all of which were cancelled, and none of those behind them
        Assert.Equal((6, 6), (works.Begun, works.Running));
        Assert.Equal(3, serving.Server.Load.Streams);
        works.Release(2);
        await works.UntilBegun(8);
        await client.SettleAsync();
        Assert.Equal(8, works.Begun);
        works.Release(100);
        foreach (var id in waiting)
            Assert.Equal("ok", await client.Text(id));
        Assert.Equal(9, works.Begun);
        Assert.False(client.Saw<ConnectionEvent.StreamClosed>(e => e.Code == ErrorCode.RefusedStream));
    }

    [Fact]
    public async Task A_request_that_waits_keeps_its_place_in_line_and_its_body()
    {
        var works = new WorkCount();
        await using var serving = await Serving.StartAsync(works.Handle, Few(2));
        await using var client = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 4; i++)
            await client.ResetAsync(await client.RequestAsync("/works"), ErrorCode.Cancel);
        var first = await client.RequestAsync("/reads", "POST", endStream: false);
        await client.DataAsync(first, "the "u8.ToArray());
        var second = await client.RequestAsync("/");
        await client.DataAsync(first, "body"u8.ToArray());
        await client.TrailersAsync(first, ("x-end", "1"));
        await client.SettleAsync();
        Assert.False(client.Saw<ConnectionEvent.ResponseReceived>());
        works.Release(4);
        Assert.Equal("the body 1", await client.Text(first));
        Assert.Equal("ok", await client.Text(second));
        Assert.Equal(["/works", "/works", "/works", "/works", "/reads", "/"], works.Paths);
    }

    [Fact]
    public async Task A_request_that_is_cancelled_while_it_waits_never_begins()
    {
        var works = new WorkCount();
        await using var serving = await Serving.StartAsync(works.Handle, Few(1));
        await using var client = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 2; i++)
            await client.ResetAsync(await client.RequestAsync("/works"), ErrorCode.Cancel);
        for (var i = 0; i < 3; i++)
        {
            var id = await client.RequestAsync("/never", "POST", endStream: false);
            await client.DataAsync(id, new byte[1000]);
            await client.SettleAsync();
            await client.ResetAsync(id, ErrorCode.Cancel);
        }
        var last = await client.RequestAsync("/");
        await client.SettleAsync();
        works.Release(2);
        Assert.Equal("ok", await client.Text(last));
        Assert.Equal(["/works", "/works", "/"], works.Paths);
    }

    [Fact]
    public async Task Requests_that_wait_are_given_up_with_their_connection()
    {
        var works = new WorkCount();
        await using var serving = await Serving.StartAsync(works.Handle, Few(1));
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            for (var i = 0; i < 2; i++)
                await client.ResetAsync(await client.RequestAsync("/works"), ErrorCode.Cancel);
            await client.RequestAsync("/never");
            await client.SettleAsync();
            Assert.Equal(1, serving.Server.Load.Streams);
        }
        while (serving.Server.Load.Connections > 0)
            await Task.Yield();
        works.Release(2);
        while (serving.Server.Load != default)
            await Task.Yield();
        Assert.Equal(["/works", "/works"], works.Paths);
    }

    private static void OneConnection(SocketsHttpHandler handler) => handler.EnableMultipleHttp2Connections = false;

    private static Http2ServerOptions Few(int streams) =>
        Serving.Loopback with { Connection = ConnectionOptions.Default with { MaxConcurrentStreams = streams } };

    /// <summary>A handler that is deaf to its token: /works ends when it is released.</summary>
    private sealed class WorkCount
    {
        private readonly SemaphoreSlim _gate = new(0);
        private readonly SemaphoreSlim _beginnings = new(0);
        private readonly List<string> _paths = [];
        private int _running;
        private int _begun;

        public int Begun => Volatile.Read(ref _begun);

        public int Running => Volatile.Read(ref _running);

        public IReadOnlyList<string> Paths
        {
            get
            {
                lock (_paths)
                    return [.. _paths];
            }
        }

        public void Release(int count) => _gate.Release(count);

        public async Task UntilBegun(int count)
        {
            while (Begun < count)
                await _beginnings.WaitAsync().Soon();
        }

        public async ValueTask<Http2Response> Handle(Http2Request request, CancellationToken cancellation)
        {
            lock (_paths)
                _paths.Add(request.Path);
            Interlocked.Increment(ref _begun);
            _beginnings.Release();
            if (request.Path == "/works")
            {
                Interlocked.Increment(ref _running);
                await _gate.WaitAsync(CancellationToken.None);
                Interlocked.Decrement(ref _running);
            }
            if (request.Path != "/reads")
                return new Http2Response(200, [], "ok");
            using var reader = new StreamReader(request.BodyStream);
            var body = await reader.ReadToEndAsync(CancellationToken.None);
            return new Http2Response(200, [], $"{body} {request.Trailers["x-end"]}");
        }
    }
}
