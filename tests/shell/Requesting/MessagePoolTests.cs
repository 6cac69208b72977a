using System.Net;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The connections that our handler keeps for HttpClient, and the requests that it sends again.</summary>
public sealed class MessagePoolTests
{
    [Fact]
    public async Task One_connection_serves_many_requests()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(200, [], request.Path)));
        using var handler = new Http2MessageHandler();
        using var client = MessageHandlerTests.Client(serving, handler);
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => client.GetStringAsync($"/{i}"))).Soon();
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"/{i}"), answers);
        Assert.InRange(handler.ConnectionCount, 1, 16);
        client.Dispose();
        await serving.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_further_connection_is_opened_when_the_server_allows_no_more_streams()
    {
        var gate = new TaskCompletionSource();
        var connections = new System.Collections.Concurrent.ConcurrentDictionary<long, bool>();
        await using var serving = await Serving.StartAsync(
            async (request, _) =>
            {
                connections[request.Connection.Id] = true;
                if (request.Path == "/wait")
                    await gate.Task;
                return new Http2Response(200);
            },
            Serving.Loopback with { Connection = ConnectionOptions.Default with { MaxConcurrentStreams = 2 } });
        using var client = MessageHandlerTests.Client(serving);
        (await client.GetAsync("/").Soon()).Dispose();
        var waiting = new List<Task<HttpResponseMessage>> { client.GetAsync("/wait"), client.GetAsync("/wait") };
        (await client.GetAsync("/").Soon()).Dispose();
        Assert.Equal(2, connections.Count);
        gate.SetResult();
        foreach (var response in await Task.WhenAll(waiting).Soon())
            response.Dispose();
    }

    [Fact]
    public async Task The_last_place_on_a_connection_is_given_to_one_request()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200)),
            Serving.Loopback with { Connection = ConnectionOptions.Default with { MaxConcurrentStreams = 1 } });
        using var pool = new OriginPool(serving.Uri, new(), most: 2, Timeout.InfiniteTimeSpan);
        var first = await pool.TakeAsync(default);
        Assert.Equal("", await RequestTests.GetAsync(first, new()));
        first.Role.Queue.LeavePlace();
        // Both look before either sends.
        Assert.Same(first, pool.TryTake());
        Assert.Null(pool.TryTake());
        var second = await pool.TakeAsync(default).AsTask().Soon();
        Assert.NotSame(first, second);
        // A place that is given up, and one whose request has ended, are free again.
        first.Role.Queue.LeavePlace();
        Assert.Same(first, pool.TryTake());
        var stream = first.SendInPlace(new(), default);
        await stream.Response.Soon();
        await stream.Closed.Soon();
        Assert.Equal(0, first.Role.Queue.Load);
    }

    [Fact]
    public async Task Requests_that_are_not_sent_leave_their_places()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200)));
        await using var client = await Http2ClientConnection.ConnectAsync(serving.Uri, new Http2ClientOptions()).Soon();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(new(), cancelled.Token).AsTask().Soon());
        await Assert.ThrowsAsync<Http2MisuseException>(() => client.SendAsync(new("GET", "no path")).AsTask().Soon());
        await Assert.ThrowsAsync<Http2ConnectException>(() => client.OpenProtocolAsync("websocket", "/").Soon());
        var stream = await client.SendAsync(new()).AsTask().Soon();
        await stream.Closed.Soon();
        Assert.Equal(0, client.Role.Queue.Load);
    }

    [Fact]
    public async Task A_request_that_a_stopping_server_did_not_process_goes_to_the_next_connection()
    {
        await using var first = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "first")));
        using var client = MessageHandlerTests.Client(first);
        Assert.Equal("first", await client.GetStringAsync("/").Soon());
        await first.Server.StopAsync().Soon();
        await using var second = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200, [], "second")), Serving.Loopback with { Port = first.Uri.Port });
        Assert.Equal("second", await client.GetStringAsync("/").Soon());
    }

    [Fact]
    public async Task A_stream_that_was_refused_is_tried_again()
    {
        var tries = 0;
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            if (Interlocked.Increment(ref tries) < 3)
                request.Reset(ErrorCode.RefusedStream);
            return new(new Http2Response(200));
        });
        using var client = MessageHandlerTests.Client(serving);
        using var response = await client.PostAsync("/", new StringContent("again")).Soon();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task A_content_that_was_read_and_cannot_be_read_again_is_not_sent_twice()
    {
        var tries = 0;
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            tries++;
            await request.Body.ReadAsync();
            request.Reset(ErrorCode.RefusedStream);
            return new Http2Response(200);
        });
        using var client = MessageHandlerTests.Client(serving);
        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.PostAsync("/", new StreamContent(new OnceStream())).Soon());
        Assert.Equal((long)ErrorCode.RefusedStream, Assert.IsType<HttpProtocolException>(failure.InnerException).ErrorCode);
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task A_connection_that_is_old_gives_way_to_another_one()
    {
        var connections = new System.Collections.Concurrent.ConcurrentDictionary<long, bool>();
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            connections[request.Connection.Id] = true;
            return new(new Http2Response(200));
        });
        using var client = MessageHandlerTests.Client(serving, new Http2MessageHandler { ConnectionLifetime = TimeSpan.FromMilliseconds(1) });
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); connections.Count < 2 && watch.Elapsed < Patience.Time;)
            (await client.GetAsync("/").Soon()).Dispose();
        Assert.True(connections.Count >= 2);
    }

    internal sealed class OnceStream : AsyncStream
    {
        private int _left = 3;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0 || buffer.IsEmpty)
                return new(0);
            buffer.Span[0] = (byte)_left--;
            return new(1);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
