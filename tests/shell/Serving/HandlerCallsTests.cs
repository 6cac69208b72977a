using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How handlers and delegates are called, and what is done when a call has come back.</summary>
public sealed class HandlerCallsTests
{
    // Of the log.
    private const int HandlerFailed = 20, BodyTooLarge = 26;

    [Fact]
    public void A_handler_is_told_of_its_request_by_a_callback_and_a_delegate_by_its_call()
    {
        var handler = new ScriptedHandler();
        new PlayedServer(() => handler).Start(Requests.Get(1));
        Assert.Equal(["headers", "done"], handler.Calls);
        Assert.Equal(new StreamId(1), new PlayedServer().Start(Requests.Get(1)).Request.StreamId);
    }

    [Fact]
    public void Whether_the_head_is_the_whole_request_is_told_to_a_delegate()
    {
        List<bool> isWhole = [];
        foreach (var request in new[] { Requests.Get(1), Requests.Post(1) })
        {
            new PlayedServer
            {
                Answer = asked =>
                {
                    isWhole.Add(asked.Body.TryRead(out var read) && read.IsCompleted);
                    return new(new Http2Response(200));
                },
            }.Start(request);
        }
        Assert.Equal([true, false], isWhole);
    }

    [Fact]
    public void What_a_callback_was_given_counts_as_consumed_when_it_has_returned()
    {
        var (server, handler) = Upload(new ScriptedHandler());
        server.AsOwner(() =>
        {
            server.Feed([.. Requests.Data(1, 7), .. Requests.Data(1, 5)]);
            var data = (ConnectionEvent.DataReceived)server.Core.Events[0];
            server.Core.Events.Clear();
            Assert.True(server.Role.Calls.Tell(handler, new Delivery(Delivery.Kinds.Data, data.Data)));
            Assert.Equal(5, server.Core.Unread);
        });
        Assert.Equal(["headers", "data"], handler.Calls);
    }

    [Fact]
    public void A_handler_that_consumes_later_keeps_its_credit()
    {
        var (server, _) = Upload(new ScriptedHandler { ConsumesLater = true });
        server.Take(Requests.Data(1, 7));
        Assert.Equal(7, server.Core.Unread);
    }

    [Fact]
    public void A_callback_that_returns_at_once_is_given_the_connections_own_octets()
    {
        ReadOnlyMemory<byte> given = default;
        var (server, handler) = Upload(new ScriptedHandler { ConsumesLater = true, Data_ = (_, chunk) => given = chunk });
        var octets = new byte[] { 1, 2, 3 };
        server.AsOwner(() => server.Role.Calls.Tell(handler, new Delivery(Delivery.Kinds.Data, octets)));
        octets[0] = 9;
        Assert.Equal([9, 2, 3], given.ToArray());
    }

    [Fact]
    public void A_callback_that_returns_a_task_is_given_a_copy()
    {
        var handler = new Keeping();
        var server = new PlayedServer(() => handler).Start(Requests.Post(1));
        var octets = new byte[] { 1, 2, 3 };
        server.AsOwner(() => server.Role.Calls.Tell(handler, new Delivery(Delivery.Kinds.Data, octets)));
        octets[0] = 9;
        Assert.Equal([1, 2, 3], handler.Kept.ToArray());
    }

    [Fact]
    public void A_body_beyond_its_limit_is_answered_with_413_and_not_delivered()
    {
        var (server, handler) = Upload(new ScriptedHandler(), new Http2ServerOptions { MaxRequestBodySize = 5 });
        server.Take(Requests.Data(1, 5));
        Assert.Empty(server.Frames());
        server.Take(Requests.Data(1, 1));
        Assert.StartsWith("HEADERS 1 end :status 413", server.Frames()[0], StringComparison.Ordinal);
        Assert.Single(server.Logged(BodyTooLarge));
        Assert.Equal(["headers", "data"], handler.Calls);
    }

    [Fact]
    public void A_limit_that_the_declared_length_exceeds_is_in_force_once_OnHeaders_has_returned()
    {
        // content-length: 6
        byte[] post = Requests.Frame(1, 0x4, 1, [0x83, 0x86, 0x84, 0x41, 0x01, (byte)'a', 0x0f, 0x0d, 1, (byte)'6']);
        var (server, handler) = Upload(new ScriptedHandler { Headers_ = static handler => handler.MaxRequestBodySize = 5 }, request: post);
        Assert.StartsWith("HEADERS 1 end :status 413", server.Frames()[0], StringComparison.Ordinal);
        var (allowing, allowed) = Upload(
            new ScriptedHandler { Headers_ = static handler => handler.MaxRequestBodySize = 6 }, new Http2ServerOptions { MaxRequestBodySize = 5 }, post);
        Assert.Empty(allowing.Frames());
        Assert.Equal(["headers"], handler.Calls);
        Assert.Equal(["headers"], allowed.Calls);
    }

    [Fact]
    public void A_client_that_waits_for_100_gets_it_when_OnHeaders_has_returned()
    {
        var (server, _) = Upload(new ScriptedHandler(), request: Expecting(1));
        Assert.Equal(["HEADERS 1 :status 100"], server.Frames());
        (server, _) = Upload(new ScriptedHandler { ContinuesLater = true }, request: Expecting(1));
        Assert.Empty(server.Frames());
    }

    [Theory]
    [InlineData("OnHeaders")]
    [InlineData("OnData")]
    [InlineData("OnRequestDone")]
    public void A_callback_that_fails_is_logged_by_its_name_and_answered_with_500(string callback)
    {
        var (server, handler) = Upload(new ScriptedHandler
        {
            Headers_ = _ => Fail(callback == "OnHeaders"),
            Data_ = (_, _) => Fail(callback == "OnData"),
            Done_ = _ => Fail(callback == "OnRequestDone"),
        });
        server.Take(Requests.Data(1, 1, end: true));
        Assert.StartsWith("HEADERS 1 :status 500", server.Frames()[0], StringComparison.Ordinal);
        Assert.Contains($"{callback} of the handler failed", Assert.Single(server.Logged(HandlerFailed)), StringComparison.Ordinal);
        Assert.True(handler.IsClosed);
    }

    [Fact]
    public void The_end_of_a_stream_is_told_when_OnClose_has_returned()
    {
        Task<ErrorCode> closed = null!;
        var toldBefore = true;
        var (server, handler) = Upload(new ScriptedHandler { Close_ = (_, _) => toldBefore = closed.IsCompleted });
        closed = ((Http2Stream)handler).Closed;
        server.Take(Requests.Frame(3, 0, 1, [0, 0, 0, 8]));
        Assert.False(toldBefore);
        Assert.True(closed.IsCompletedSuccessfully);
    }

    [Fact]
    public void The_end_of_a_stream_whose_OnClose_fails_is_told_too()
    {
        var (server, handler) = Upload(new ScriptedHandler { Close_ = static (_, _) => Fail(true) });
        var closed = ((Http2Stream)handler).Closed;
        server.Take(Requests.Frame(3, 0, 1, [0, 0, 0, 8]));
        Assert.True(closed.IsCompletedSuccessfully);
        Assert.Contains("OnClose of the handler failed", Assert.Single(server.Logged(HandlerFailed)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_the_server_answers_itself_has_its_body_thrown_away()
    {
        var server = new PlayedServer(static () => new ScriptedHandler()).Start();
        server.AsOwner(() =>
        {
            server.Feed(Requests.Post(1));
            var refused = new RefusedExchange();
            refused.Attach(server.Connection, (ConnectionEvent.RequestReceived)server.Core.Events[0]);
            server.Connection.Exchanges.Add(refused);
            server.Feed(Requests.Data(1, 7));
            server.Core.Events.Clear();
            Assert.True(server.Role.Calls.Tell(refused, new Delivery(Delivery.Kinds.Data, new byte[7])));
            Assert.Equal(0, server.Core.Unread);
        });
    }

    [Fact]
    public void Nothing_that_waited_for_a_body_is_nothing_to_call()
    {
        var server = new PlayedServer().Start(Requests.Post(1));
        server.AsOwner(() =>
        {
            var call = server.Connection.Owner.CurrentCall;
            Assert.True(server.Role.Calls.GoOn(server.Request, default, Delivery.Kinds.Data));
            Assert.Equal(call, server.Connection.Owner.CurrentCall);
        });
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public void What_waited_for_a_body_goes_on_in_a_call_of_user_code()
    {
        var server = new PlayedServer().Start(Requests.Post(1));
        var call = 0L;
        server.AsOwner(() => Assert.True(server.Role.Calls.GoOn(
            server.Request, Waiting(() => call = server.Connection.Owner.CurrentCall), Delivery.Kinds.Data)));
        Assert.NotEqual(0, call);
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public void What_waited_for_a_body_and_fails_is_the_handlers_failure()
    {
        var server = new PlayedServer().Start(Requests.Post(1));
        server.AsOwner(() => Assert.True(server.Role.Calls.GoOn(server.Request, Waiting(static () => Fail(true)), Delivery.Kinds.Done)));
        Assert.Contains("OnRequestDone of the handler failed", Assert.Single(server.Logged(HandlerFailed)), StringComparison.Ordinal);
        Assert.StartsWith("HEADERS 1 :status 500", server.Frames()[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_waited_for_a_body_and_does_not_come_back_counts_as_work_until_it_has(bool fails)
    {
        var server = new PlayedServer().Start(Requests.Post(1));
        var work = 0;
        // the call of the delegate is the first
        Assert.Equal(1, server.Request.WorkInProgress);
        server.Connection.Events.AddWork(new GoingOn(server, Waiting(() =>
        {
            server.LeaveBehind();
            work = server.Request.WorkInProgress;
            Fail(fails);
        })));
        server.AsOwner(static () => { });
        Assert.Equal((2, 1), (work, server.Request.WorkInProgress));
        Assert.Equal(fails ? 1 : 0, server.Logged(HandlerFailed).Count());
    }

    [Fact]
    public void A_stream_that_closed_meanwhile_is_forgotten_when_the_last_that_works_for_it_comes_back()
    {
        var later = new Later<Http2Response>();
        var server = new PlayedServer { Answer = _ => later.Task }.Start(Requests.Post(1));
        server.Connection.Events.AddWork(new GoingOn(server, Waiting(() =>
        {
            server.LeaveBehind();
            later.Complete(new Http2Response(200));
            server.Take(Requests.Frame(3, 0, 1, [0, 0, 0, 8]));
            Assert.Equal((1, 1), (server.Request.WorkInProgress, server.Connection.Exchanges.Outliving));
        })));
        server.AsOwner(static () => { });
        Assert.Equal((0, 0), (server.Request.WorkInProgress, server.Connection.Exchanges.Outliving));
        Assert.Empty(server.Log.Errors);
    }

    private static (PlayedServer Server, ScriptedHandler Handler) Upload(
        ScriptedHandler handler, Http2ServerOptions? options = null, byte[]? request = null) =>
        (new PlayedServer(() => handler, options).Start(request ?? Requests.Post(1)), handler);

    // expect: 100-continue
    private static byte[] Expecting(uint id) => Requests.Frame(
        1, 0x4, id, [0x83, 0x86, 0x84, 0x41, 0x01, (byte)'a', 0x0f, 0x14, 12, .. "100-continue"u8]);

    private static void Fail(bool fails)
    {
        if (fails)
            throw new InvalidTimeZoneException("torn");
    }

    private static Resumption Waiting(Action goesOn)
    {
        Resumption.Hold();
        Resumption.Scheduler.Schedule(_ => goesOn(), null);
        return Resumption.Take();
    }

    private sealed class GoingOn(PlayedServer server, Resumption resumption) : IUserWork
    {
        public bool Run() => server.Role.Calls.GoOn(server.Request, resumption, Delivery.Kinds.Data);
    }

    private sealed class Keeping : Http2RequestHandler
    {
        public Keeping() => AutoConsume = false;

        public ReadOnlyMemory<byte> Kept { get; private set; }

        protected override ValueTask OnDataAsync(ReadOnlyMemory<byte> chunk)
        {
            Kept = chunk;
            return default;
        }
    }
}
