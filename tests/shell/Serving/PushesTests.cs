using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Promised requests and their answers: what goes out, what is refused, and what becomes of a body that is not sent.</summary>
public sealed class PushesTests
{
    private readonly PlayedServer _server = new PlayedServer().Start(Requests.Get(1));
    private readonly WatchedStream _body = new([1, 2, 3]);

    private Pushes Pushes => _server.Role.Pushes;

    private Http2Request Parent => _server.Requests[0];

    [Fact]
    public void The_promise_goes_out_before_its_answer()
    {
        var pushed = Push("/style", new Http2Response(200, [("x", "y")], "body{}"), headers: [("accept", "text/css")]);
        _server.Run();
        Assert.Equal(
            [
                "PUSH_PROMISE 1 2 :method GET, :scheme http, :authority a, :path /style, accept text/css",
                "HEADERS 2 :status 200, x y, content-length 6", "DATA 2 6 end",
            ],
            _server.Frames());
        Assert.Equal(
            (new StreamId(2), "GET", "http", "a", "/style", "text/css", true),
            (pushed!.StreamId, pushed.Method, pushed.Scheme, pushed.Host, pushed.Path, pushed.Headers["accept"], pushed.IsAnswered));
    }

    [Fact]
    public void A_pushed_stream_is_told_of_its_end()
    {
        // half of the answer waits for the client
        var pushed = Push("/style", new Http2Response(200, [], new byte[100_000]))!;
        Assert.Same(pushed, _server.Connection.Exchanges.Find(pushed.StreamId));
        _server.Take(Requests.Frame(3, 0, 2, [0, 0, 0, 8]));
        Assert.True(pushed.IsClosed);
        Assert.Equal(Http2CloseCause.PeerReset, pushed.CloseReason!.Cause);
    }

    [Fact]
    public void An_answer_to_a_promised_HEAD_has_no_body()
    {
        Push("/style", new Http2Response(200, [], "body{}"), "HEAD");
        _server.Run();
        Assert.Equal("HEADERS 2 end :status 200, content-length 6", _server.Frames()[1]);
    }

    [Fact]
    public void The_owners_thread_writes_both_before_the_call_returns()
    {
        _server.AsOwner(() =>
        {
            var before = _server.Core.Output.Length;
            Assert.NotNull(Push("/style", new Http2Response(200)));
            Assert.NotEqual(before, _server.Core.Output.Length);
        });
    }

    [Fact]
    public void What_makes_the_handler_and_the_trailers_is_not_called_as_the_owner()
    {
        List<bool> isOwner = [];
        PlayedServer server = null!;
        server = new PlayedServer(() =>
        {
            NoteOwner();
            return new ScriptedHandler();
        });
        server.Start(Requests.Get(1));
        isOwner.Clear();
        var parent = (Http2Exchange)server.Connection.Exchanges.Find(new StreamId(1))!;
        server.Role.Pushes.Push(parent, "/style", "GET", [], new Http2Response(200, [], "body{}")
        {
            TrailersAfterBody = () =>
            {
                NoteOwner();
                return [("sum", "6")];
            },
        });
        Assert.Equal([false, false], isOwner);
        server.Run();
        Assert.Equal("HEADERS 2 end sum 6", server.Frames()[^1]);

        void NoteOwner()
        {
            using var access = server.Connection.Owner.TryAccess();
            isOwner.Add(access.IsTaken);
        }
    }

    [Fact]
    public void A_path_a_method_and_an_answer_must_be_given()
    {
        Assert.Throws<ArgumentException>(() => Push("", new Http2Response(200)));
        Assert.Throws<ArgumentNullException>(() => Push(null!, new Http2Response(200)));
        Assert.Throws<ArgumentNullException>(() => Push("/style", null!));
        Assert.Throws<ArgumentNullException>(() => Push("/style", new Http2Response(200), null!));
    }

    [Theory]
    [InlineData("POST", 200, Refusal.InvalidArgument)]
    [InlineData("get", 200, Refusal.InvalidArgument)]
    [InlineData("GET", 199, Refusal.InvalidStatus)]
    [InlineData("GET", 1000, Refusal.InvalidStatus)]
    public void What_cannot_be_promised_or_answered_is_a_mistake_and_its_body_is_given_up(string method, int status, Refusal refusal)
    {
        Assert.Equal(refusal, Misuse(() => Push("/style", new Http2Response(status, [], _body), method)));
        Assert.True(_body.Disposed.IsCompleted);
        Assert.Equal(refusal, Misuse(() => TryPush(new Http2Response(status), method)));
        NothingIsSent();
    }

    [Fact]
    public void A_push_behind_the_answer_of_its_stream_is_a_mistake()
    {
        Parent.TryAnswer();
        Assert.Equal(Refusal.ResponseAlreadySent, Pushes.WhyNoPush(Parent));
        Assert.Equal(Refusal.ResponseAlreadySent, Misuse(() => Push("/style", new Http2Response(200, [], _body))));
        Assert.True(_body.Disposed.IsCompleted);
        Assert.Equal(Refusal.ResponseAlreadySent, Misuse(() => TryPush(new Http2Response(200))));
        NothingIsSent();
    }

    [Fact]
    public void One_behind_the_answer_of_the_server_has_no_effect()
    {
        Parent.TryAnswerForHandler();
        Assert.Null(Push("/style", new Http2Response(200, [], _body)));
        Assert.True(_body.Disposed.IsCompleted);
        NothingIsSent();
    }

    [Fact]
    public void One_on_a_closed_stream_has_no_effect()
    {
        _server.Take(Requests.Frame(3, 0, 1, [0, 0, 0, 8]));
        Assert.Equal(Refusal.StreamClosed, Pushes.WhyNoPush(Parent));
        Assert.Null(Push("/style", new Http2Response(200, [], _body)));
        Assert.True(_body.Disposed.IsCompleted);
        // whether it was answered before does not matter any more
        Parent.TryAnswer();
        Assert.Equal(Refusal.StreamClosed, Pushes.WhyNoPush(Parent));
        NothingIsSent();
    }

    [Fact]
    public void A_stream_that_the_owner_finds_closed_has_no_effect_either()
    {
        _server.AsOwner(() =>
        {
            _server.Core.SubmitReset(Parent.StreamId, ErrorCode.Cancel);
            Assert.Equal(Refusal.StreamClosed, Pushes.WhyNoPush(Parent));
            Assert.Null(Push("/style", new Http2Response(200, [], _body)));
        });
        Assert.True(_body.Disposed.IsCompleted);
        Assert.Equal(["RST_STREAM 1 CANCEL"], _server.Frames());
    }

    [Fact]
    public void A_stream_that_closes_while_the_handler_is_made_has_no_effect_either()
    {
        ScriptedHandler? parent = null;
        var server = new PlayedServer(() =>
        {
            parent?.MarkClosed(null, aborted: true);
            return new ScriptedHandler();
        }).Start(Requests.Get(1));
        parent = (ScriptedHandler)server.Connection.Exchanges.Find(new StreamId(1))!;
        Assert.Null(server.Role.Pushes.Push(parent, "/style", "GET", [], new Http2Response(200, [], _body)));
        Assert.True(_body.Disposed.IsCompleted);
        server.Run();
        Assert.Empty(server.Frames());
    }

    [Fact]
    public void A_client_that_takes_no_pushes_gets_none()
    {
        // SETTINGS_ENABLE_PUSH 0
        _server.Take(Requests.Frame(4, 0, 0, [0, 2, 0, 0, 0, 0]));
        _server.Frames();
        Assert.Equal(Refusal.PushDisabled, Pushes.WhyNoPush(Parent));
        Assert.Equal(Refusal.PushDisabled, Misuse(() => Push("/style", new Http2Response(200, [], _body))));
        Assert.True(_body.Disposed.IsCompleted);
        Assert.Null(TryPush(new Http2Response(200)));
        NothingIsSent();
    }

    [Fact]
    public void A_client_that_takes_no_more_streams_gets_none()
    {
        // SETTINGS_MAX_CONCURRENT_STREAMS 0
        _server.Take(Requests.Frame(4, 0, 0, [0, 3, 0, 0, 0, 0]));
        _server.Frames();
        Assert.Equal(Refusal.PushLimitReached, Misuse(() => Push("/style", new Http2Response(200))));
        Assert.Null(TryPush(new Http2Response(200)));
        NothingIsSent();
    }

    [Fact]
    public void Nothing_keeps_a_push_back_from_a_client_that_takes_them()
    {
        Assert.Equal(Refusal.None, Pushes.WhyNoPush(Parent));
        Assert.Equal(new StreamId(2), TryPush(new Http2Response(200))!.StreamId);
    }

    [Fact]
    public void A_promise_whose_answer_may_not_be_sent_is_taken_back()
    {
        Assert.Equal(
            Refusal.ContentLengthMismatch, Misuse(() => Push("/style", new Http2Response(200, [("content-length", "4")], _body))));
        Assert.True(_body.Disposed.IsCompleted);
        _server.Run();
        var frames = _server.Frames();
        Assert.StartsWith("PUSH_PROMISE 1 2", frames[0], StringComparison.Ordinal);
        Assert.Equal(["RST_STREAM 2 INTERNAL_ERROR"], frames[1..]);
        // no field of a response; the list of fields takes it, and the core does not
        Assert.Equal(Refusal.InvalidField, Misuse(() => Push("/style", new Http2Response(200, [("te", "gzip")]))));
        _server.Run();
        Assert.Equal("RST_STREAM 4 INTERNAL_ERROR", _server.Frames()[^1]);
        Assert.Equal(1, _server.Connection.Exchanges.Count);
    }

    private void NothingIsSent()
    {
        _server.Run();
        Assert.Empty(_server.Frames());
    }

    private Http2Exchange? Push(string path, Http2Response response, string method = "GET", Http2Headers? headers = null) =>
        Pushes.Push(Parent, path, method, headers ?? Http2Headers.Empty, response);

    private Http2Exchange? TryPush(Http2Response response, string method = "GET") =>
        Pushes.TryPush(Parent, "/style", method, Http2Headers.Empty, response);

    private static Refusal Misuse(Action act) => Assert.Throws<Http2MisuseException>(act).Refusal;
}
