using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Responses by callbacks.</summary>
public sealed class ResponseHandlerTests
{
    [Fact]
    public async Task The_callbacks_come_in_order_and_the_end_is_the_last()
    {
        await using var pair = ClientPair.Start(request =>
        {
            request.SendInformational(103);
            return new(new Http2Response(200, [], "hello") { Trailers = [("x-t", "1")] });
        });
        var handler = new Noted();
        pair.Client.Send(new(), handler);
        await handler.Ended.Task.Soon();
        Assert.Equal(["103", "200", "hello", "done 1", "closed NoError "], handler.Seen);
        await pair.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_callback_may_send_the_next_request()
    {
        await using var pair = ClientPair.Start(request => new(new Http2Response(200, [], request.Path)));
        var all = new TaskCompletionSource();
        var left = 1000;
        pair.Client.Send(new(), new Next(pair.Client, () => --left > 0, all));
        await all.Task.Soon();
        Assert.Equal(1000, pair.Client.Info.StreamsServed);
        await pair.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_callback_that_blocks_does_not_hold_up_other_responses()
    {
        await using var pair = ClientPair.Start(request => new(new Http2Response(200, [], request.Path)));
        using var gate = new ManualResetEventSlim();
        var blocked = new Noted { Wait = gate };
        pair.Client.Send(new("GET", "/1"), blocked);
        Assert.Equal("/2", await RequestTests.GetAsync(pair.Client, new("GET", "/2")));
        Assert.False(blocked.Ended.Task.IsCompleted);
        gate.Set();
        await blocked.Ended.Task.Soon();
        Assert.Equal(["200", "/1", "done ", "closed NoError "], blocked.Seen);
        await pair.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_callback_that_throws_resets_its_stream_and_no_other()
    {
        var (client, server) = await RawServer.StartAsync();
        var handler = new Noted { Fails = true };
        client.Send(new(), handler);
        var request = await server.RequestAsync();
        await server.RespondAsync(request.Id, endStream: false);
        Assert.Equal(ErrorCode.Cancel, await server.Closed(request.Id));
        await handler.Ended.Task.Soon();
        Assert.Equal(["200", "closed Cancel meant"], handler.Seen);
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task A_handler_serves_one_request()
    {
        await using var pair = ClientPair.Start(_ => new(new Http2Response(200)));
        var handler = new Noted();
        pair.Client.Send(new(), handler);
        Assert.Throws<InvalidOperationException>(() => pair.Client.Send(new(), handler));
    }

    [Fact]
    public async Task What_is_not_consumed_gives_no_credit()
    {
        var (client, server) = await RawServer.StartAsync(new Http2ClientOptions { Connection = ConnectionOptions.Default with { InitialStreamWindow = 10 } });
        var handler = new Noted { Consumes = false };
        client.Send(new(), handler);
        var request = await server.RequestAsync();
        await server.RespondAsync(request.Id, endStream: false);
        await server.DataAsync(request.Id, "0123456789abcdef"u8.ToArray(), endStream: true);
        await server.SettleAsync();
        Assert.Equal(["200", "0123456789"], handler.Seen);
        handler.Consume(10);
        await server.SettleAsync();
        await server.SettleAsync();
        Assert.Equal(["200", "0123456789", "abcdef", "done ", "closed NoError "], handler.Seen);
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task A_request_on_a_connection_that_has_ended_is_told_so()
    {
        var (client, server) = await RawServer.StartAsync();
        await CancellationTests.EndAsync(client, server);
        var handler = new Noted();
        client.Send(new(), handler);
        await handler.Ended.Task.Soon();
        Assert.StartsWith("closed Cancel The request was not sent", Assert.Single(handler.Seen), StringComparison.Ordinal);
    }

    private sealed class Noted : Http2ResponseHandler
    {
        private readonly List<string> _seen = [];

        public IEnumerable<string> Seen
        {
            get
            {
                lock (_seen)
                    return [.. _seen];
            }
        }

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim? Wait { get; init; }

        public bool Fails { get; init; }

        public bool Consumes
        {
            init => AutoConsume = value;
        }

        protected override void OnInformational(Http2ResponseHead head) => Note($"{head.Status}");

        protected override void OnResponse()
        {
            Note($"{Status}");
            Wait?.Wait(Patience.Time);
            if (Fails)
                throw new InvalidOperationException("meant");
        }

        protected override void OnData(ReadOnlyMemory<byte> chunk) => Note(Encoding.UTF8.GetString(chunk.Span));

        protected override void OnResponseDone() => Note($"done {Trailers["x-t"]}");

        protected override void OnClose(ErrorCode errorCode, Exception? failure)
        {
            Note($"closed {errorCode} {failure?.Message}");
            Ended.TrySetResult();
        }

        private void Note(string what)
        {
            lock (_seen)
                _seen.Add(what);
        }
    }

    private sealed class Next(Http2ClientConnection client, Func<bool> more, TaskCompletionSource ended) : Http2ResponseHandler
    {
        protected override void OnClose(ErrorCode errorCode, Exception? failure)
        {
            if (failure is not null)
                ended.TrySetException(failure);
            else if (more())
                client.Send(Request, new Next(client, more, ended));
            else
                ended.TrySetResult();
        }
    }
}
