using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What becomes of a request before a handler hears of it: what handles it is made, or the server answers it itself.</summary>
public sealed class RequestAdmissionTests
{
    // Of the log.
    private const int HandlerFailed = 20, Misdirected = 40;

    // :scheme https
    private static readonly byte[] Https = Requests.Frame(1, 0x5, 1, [0x82, 0x87, 0x84, 0x41, 0x01, (byte)'a']);

    private static readonly byte[] Connect = Requests.Frame(1, 0x4, 1, [0x02, 7, .. "CONNECT"u8, 0x41, 0x03, .. "a:1"u8]);

    private static readonly byte[] Reset = Requests.Frame(3, 0, 1, [0, 0, 0, 8]);

    private readonly ScriptedHandler _handler = new();

    [Fact]
    public void Each_request_has_an_exchange_of_its_own()
    {
        var server = new PlayedServer().Start([.. Requests.Get(1), .. Requests.Get(3)]);
        Assert.Equal([1u, 3u], server.Requests.Select(static request => request.StreamId.Value));
        Assert.All(server.Requests, request => Assert.Same(request, server.Connection.Exchanges.Find(request.StreamId)));
        Assert.Equal(2, server.Connection.Info.StreamsServed);
    }

    [Fact]
    public void A_whole_request_is_done_with_its_head_and_no_body_is_expected()
    {
        var server = new PlayedServer(() => _handler, new Http2ServerOptions { MaxRequestBodySize = 5 }).Start(Requests.Get(1));
        Assert.Equal(["headers", "done"], _handler.Calls);
        Assert.Equal((0, 0), (server.Connection.Exchanges.Incoming, server.Connection.WatchedBodies));
        Assert.Null(_handler.BodyLimit);
    }

    [Fact]
    public void A_body_that_is_to_come_is_limited_and_watched()
    {
        var server = new PlayedServer(() => _handler, new Http2ServerOptions { MaxRequestBodySize = 5 }).Start(Requests.Post(1));
        Assert.Equal(["headers"], _handler.Calls);
        Assert.Equal((1, 1), (server.Connection.Exchanges.Incoming, server.Connection.WatchedBodies));
        Assert.Equal(5, _handler.BodyLimit!.Most);
        Assert.Null(_handler.Gate);
    }

    [Fact]
    public void A_client_that_waits_for_100_has_a_gate()
    {
        // expect: 100-continue
        new PlayedServer(() => _handler).Start(Requests.Frame(
            1, 0x4, 1, [0x83, 0x86, 0x84, 0x41, 0x01, (byte)'a', 0x0f, 0x14, 12, .. "100-continue"u8]));
        Assert.NotNull(_handler.Gate);
        Assert.Null(_handler.BodyLimit);
    }

    [Fact]
    public void CONNECT_is_answered_with_501_and_no_handler_hears_of_it()
    {
        var server = new PlayedServer(() => _handler).Start(Connect);
        Assert.StartsWith("HEADERS 1 :status 501", server.Frames()[0], StringComparison.Ordinal);
        Assert.Empty(_handler.Calls);
        Assert.False(_handler.IsAttached);
    }

    [Fact]
    public void A_tunnel_that_is_allowed_has_a_handler_and_no_limit()
    {
        var server = new PlayedServer(() => _handler, new Http2ServerOptions { AllowConnect = true, MaxRequestBodySize = 5 }).Start(Connect);
        Assert.Equal(["headers"], _handler.Calls);
        Assert.Null(_handler.BodyLimit);
        Assert.Empty(server.Frames());
    }

    [Fact]
    public void A_request_for_another_origin_is_answered_with_421_and_no_handler_hears_of_it()
    {
        var server = new PlayedServer(() => _handler, origins: OriginCheck.Cleartext).Start(Https);
        Assert.StartsWith("HEADERS 1 :status 421", server.Frames()[0], StringComparison.Ordinal);
        Assert.Single(server.Logged(Misdirected));
        Assert.False(_handler.IsAttached);
    }

    [Fact]
    public void Where_nothing_is_known_of_origins_any_will_do()
    {
        new PlayedServer(() => _handler).Start(Https);
        Assert.Equal(["headers", "done"], _handler.Calls);
        var accepted = new ScriptedHandler();
        new PlayedServer(() => accepted, origins: OriginCheck.Cleartext).Start(Requests.Get(1));
        Assert.Equal(["headers", "done"], accepted.Calls);
    }

    [Theory]
    [InlineData("returned null")]
    [InlineData("has a stream already")]
    [InlineData("torn")]
    public void A_handler_that_cannot_be_made_is_answered_with_500(string failure)
    {
        var server = new PlayedServer(() => failure switch
        {
            "torn" => throw new InvalidTimeZoneException(failure),
            "returned null" => null!,
            _ => _handler,
        });
        server.Start(Requests.Get(1));
        if (!_handler.IsAttached)
            Assert.StartsWith("HEADERS 1 :status 500", server.Frames()[0], StringComparison.Ordinal);
        server.Take(Requests.Post(3));
        Assert.StartsWith("HEADERS 3 :status 500", server.Frames()[0], StringComparison.Ordinal);
        Assert.All(server.Logged(HandlerFailed), line => Assert.Contains(failure, line, StringComparison.Ordinal));
        Assert.Equal(_handler.IsAttached ? 1 : 2, server.Logged(HandlerFailed).Count());
    }

    [Fact]
    public void What_comes_while_a_constructor_is_away_waits_for_the_handler()
    {
        var made = 0;
        (bool Pending, bool HoldsEnd, int Work, int Calls) meanwhile = default;
        PlayedServer server = null!;
        server = new PlayedServer(() =>
        {
            made++;
            server.LeaveBehind();
            var data = Requests.Data(1, 5, end: true);
            server.Take(data);
            // the connection's buffer is used again
            data.AsSpan().Fill(9);
            var (admission, work) = (server.Role.Admission, server.Host.Engine.Resources.UserWork);
            meanwhile = (admission.HasPendingHandlers, server.Role.HoldsEnd, work, _handler.Calls.Count);
            return _handler;
        });
        server.Start(Requests.Post(1));
        Assert.Equal((true, true, 1, 0), meanwhile);
        Assert.Equal((1, false, false, 0), (
            made, server.Role.Admission.HasPendingHandlers, server.Role.HoldsEnd, server.Host.Engine.Resources.UserWork));
        Assert.Equal(["headers", "data", "done"], _handler.Calls);
        Assert.Equal(new byte[5], _handler.Received.ToArray());
        Assert.Equal((0, 0), (server.Connection.Exchanges.Incoming, server.Connection.WatchedBodies));
    }

    [Fact]
    public void A_stream_that_is_reset_while_its_constructor_is_away_is_told_behind_its_head()
    {
        PlayedServer server = null!;
        server = new PlayedServer(() =>
        {
            server.LeaveBehind();
            server.Take(Reset);
            return _handler;
        });
        server.Start(Requests.Post(1));
        Assert.Equal(["headers", "close Cancel"], _handler.Calls);
    }

    [Fact]
    public void A_constructor_that_was_away_and_fails_is_answered_with_500()
    {
        PlayedServer server = null!;
        server = new PlayedServer(() =>
        {
            server.LeaveBehind();
            throw new InvalidTimeZoneException("torn");
        });
        server.Start(Requests.Get(1));
        Assert.StartsWith("HEADERS 1 :status 500", server.Frames()[0], StringComparison.Ordinal);
        Assert.Single(server.Logged(HandlerFailed));
        Assert.False(server.Role.Admission.HasPendingHandlers);
        Assert.Equal((1, 0), (server.Connection.Info.StreamsServed, server.Connection.StreamCount));
    }

    [Fact]
    public void A_connection_that_ends_while_a_constructor_is_away_is_told_behind_the_head()
    {
        var made = 0;
        PlayedServer server = null!;
        server = new PlayedServer(() =>
        {
            made++;
            server.LeaveBehind();
            // the end, and the handler, come to the owner in this order
            server.Post(() => server.Connection.End.Close(Http2CloseCause.ConnectionLost));
            return _handler;
        });
        server.Start(Requests.Post(1));
        Assert.Equal(1, made);
        Assert.Equal(["headers", "close Cancel"], _handler.Calls);
        Assert.Equal(0, server.Connection.StreamCount);
    }

    [Fact]
    public void Other_requests_are_admitted_while_a_constructor_is_away()
    {
        PlayedServer server = null!;
        var others = new Queue<ScriptedHandler>([_handler, new ScriptedHandler()]);
        var other = others.Last();
        server = new PlayedServer(() =>
        {
            var mine = others.Dequeue();
            if (mine == _handler)
            {
                server.LeaveBehind();
                server.Take(Requests.Get(3));
            }
            return mine;
        });
        server.Start(Requests.Get(1));
        Assert.Equal((new StreamId(1), new StreamId(3)), (_handler.StreamId, other.StreamId));
        Assert.Equal(["headers", "done"], _handler.Calls);
        Assert.Equal(["headers", "done"], other.Calls);
    }

    [Fact]
    public void A_request_whose_OnHeaders_is_away_is_not_told_of_it_again()
    {
        PlayedServer server = null!;
        var meanwhile = new List<string>();
        var handler = new ScriptedHandler
        {
            Headers_ = self =>
            {
                server.LeaveBehind();
                meanwhile.AddRange(self.Calls);
            },
        };
        server = new PlayedServer(() => handler).Start();
        server.Take(Requests.Get(1));
        Assert.Equal(["headers"], meanwhile);
        Assert.Equal(["headers", "done"], handler.Calls);
    }

    [Fact]
    public void The_part_of_the_delivery_is_moved_on_before_each_call()
    {
        var server = new PlayedServer(() => _handler).Start();
        server.AsOwner(() =>
        {
            server.Feed(Requests.Get(1));
            var request = (ConnectionEvent.RequestReceived)server.Core.Events[0];
            server.Core.Events.Clear();
            Assert.True(server.Role.Admission.OnRequest(request));
            // a next owner that finds all of it done
            Assert.True(server.Role.Admission.OnRequest(request));
            server.Connection.Events.Forget();
        });
        Assert.Equal(["headers", "done"], _handler.Calls);
        Assert.Equal(1, server.Connection.Info.StreamsServed);
    }
}
