using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How handlers answer: at once on the owner's thread, by a task on any other, and once.</summary>
public sealed class AnswerCommandsTests
{
    // Of the log.
    private const int ResponseRefused = 22;

    private const string Hello = "HEADERS 1 :status 200, content-length 5";

    private readonly PlayedServer _server = new PlayedServer().Start(Requests.Get(1));
    private readonly WatchedStream _body = new([1, 2, 3]);

    private AnswerCommands Answers => _server.Role.Answers;

    private Http2Request Request => _server.Request;

    [Fact]
    public void An_answer_of_the_owners_thread_is_written_before_the_call_returns()
    {
        _server.AsOwner(() =>
        {
            var before = _server.Core.Output.Length;
            Assert.True(Answers.Respond(Request, new Http2Response(200, [], "hello")));
            Assert.NotEqual(before, _server.Core.Output.Length);
        });
        Assert.Equal([Hello, "DATA 1 5 end"], _server.Frames());
    }

    [Fact]
    public void An_answer_of_another_thread_is_a_task_for_the_owner()
    {
        Assert.True(Answers.Respond(Request, new Http2Response(200, [], "hello")));
        Assert.True(Request.IsAnswered);
        Assert.Empty(_server.Frames());
        _server.Run();
        Assert.Equal([Hello, "DATA 1 5 end"], _server.Frames());
    }

    [Fact]
    public void A_second_answer_is_a_mistake_and_its_body_is_given_up()
    {
        Answers.Respond(Request, new Http2Response(200, [], "hello"));
        var mistake = Assert.Throws<Http2MisuseException>(() => Answers.Respond(Request, new Http2Response(200, [], _body)));
        Assert.Equal(Refusal.ResponseAlreadySent, mistake.Refusal);
        Assert.True(_body.Disposed.IsCompleted);
        _server.Run();
        Assert.Equal([Hello, "DATA 1 5 end"], _server.Frames());
    }

    [Fact]
    public void An_answer_on_a_closed_stream_has_no_effect_and_its_body_is_given_up()
    {
        _server.Take(Reset(1));
        Assert.False(Answers.Respond(Request, new Http2Response(200, [], _body)));
        Assert.True(_body.Disposed.IsCompleted);
        Assert.Empty(_server.Scheduler.Queue);
        Assert.Empty(_server.Frames());
    }

    [Fact]
    public void An_answer_behind_that_of_the_server_is_no_mistake()
    {
        Assert.True(Request.TryAnswerForHandler());
        Assert.False(Answers.Respond(Request, new Http2Response(200, [], _body)));
        Assert.False(Answers.Respond(Request, new Http2Response(200, [], "again")));
        Assert.True(_body.Disposed.IsCompleted);
        Assert.Empty(_server.Scheduler.Queue);
    }

    [Theory]
    [InlineData(199)]
    [InlineData(1000)]
    public void A_status_that_no_final_response_has_is_refused_on_the_callers_thread(int status)
    {
        var mistake = Assert.Throws<Http2MisuseException>(() => Answers.Respond(Request, new Http2Response(status, [], _body)));
        Assert.Equal(Refusal.InvalidStatus, mistake.Refusal);
        Assert.True(_body.Disposed.IsCompleted);
        Assert.False(Request.IsAnswered);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(999)]
    public void Any_other_status_is_taken(int status)
    {
        Assert.True(Answers.Respond(Request, new Http2Response(status)));
        _server.Run();
        Assert.Equal([$"HEADERS 1 end :status {status}, content-length 0"], _server.Frames());
    }

    [Fact]
    public void An_answer_that_cannot_be_sent_leaves_room_for_another()
    {
        _server.AsOwner(() =>
        {
            Assert.Throws<Http2MisuseException>(
                () => Answers.Respond(Request, new Http2Response(200, [("content-length", "4")], _body)));
            Assert.True(_body.Disposed.IsCompleted);
            Assert.False(Request.IsAnswered);
            Assert.True(Answers.Respond(Request, new Http2Response(200, [], "hello")));
        });
        Assert.Equal([Hello, "DATA 1 5 end"], _server.Frames());
    }

    [Fact]
    public void What_the_core_refuses_is_told_on_the_owners_thread()
    {
        _server.AsOwner(() =>
        {
            var mistake = Assert.Throws<Http2MisuseException>(() => Answers.Respond(Request, new Http2Response(200, Forbidden)));
            Assert.Equal(Refusal.InvalidField, mistake.Refusal);
            Assert.False(Request.IsAnswered);
        });
        Assert.Empty(_server.Frames());
    }

    [Fact]
    public void A_stream_that_closes_before_the_owner_hears_of_it_is_nobodys_mistake()
    {
        _server.AsOwner(() =>
        {
            _server.Core.SubmitReset(Request.StreamId, ErrorCode.Cancel);
            Assert.False(Answers.Respond(Request, new Http2Response(200, [], "hello")));
        });
    }

    [Fact]
    public void What_the_owner_refuses_later_is_answered_with_500()
    {
        Assert.True(Answers.Respond(Request, new Http2Response(200, Forbidden)));
        _server.Run();
        Assert.StartsWith("HEADERS 1 :status 500", _server.Frames()[0], StringComparison.Ordinal);
        Assert.Single(_server.Logged(ResponseRefused));
    }

    [Fact]
    public void A_stream_that_closes_before_the_task_is_run_costs_the_body_alone()
    {
        Assert.True(Answers.Respond(Request, new Http2Response(200, [], _body)));
        Request.MarkClosed(null, aborted: true);
        Assert.False(_body.Disposed.IsCompleted);
        _server.Run();
        Assert.True(_body.Disposed.IsCompleted);
        Assert.Empty(_server.Frames());
        Assert.Empty(_server.Log.Errors);
    }

    [Fact]
    public void The_owner_answers_for_a_delegate_at_once()
    {
        _server.AsOwner(() => Answers.RespondAsOwner(Request, new Http2Response(200, [], "hello")));
        Assert.Equal([Hello, "DATA 1 5 end"], _server.Frames());
        _server.AsOwner(() => Assert.Equal(
            Refusal.ResponseAlreadySent,
            Assert.Throws<Http2MisuseException>(() => Answers.RespondAsOwner(Request, new Http2Response(200))).Refusal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_owner_need_not_send_is_given_up_as_user_code(bool isClosed)
    {
        _server.AsOwner(() =>
        {
            if (isClosed)
                Request.MarkClosed(null, aborted: true);
            else
                Request.TryAnswerForHandler();
            Answers.RespondAsOwner(Request, new Http2Response(200, [], _body));
            Assert.False(_body.Disposed.IsCompleted);
        });
        Assert.True(_body.Disposed.IsCompleted);
        Assert.Empty(_server.Frames());
    }

    [Fact]
    public void An_answer_of_the_owner_that_may_not_be_sent_leaves_room_for_another()
    {
        _server.AsOwner(() =>
        {
            var status = Assert.Throws<Http2MisuseException>(() => Answers.RespondAsOwner(Request, new Http2Response(100)));
            Assert.StartsWith("100 is no such status", status.Message, StringComparison.Ordinal);
            Assert.Throws<Http2MisuseException>(() => Answers.RespondAsOwner(Request, new Http2Response(200, Forbidden)));
            Assert.False(Request.IsAnswered);
        });
    }

    [Theory]
    [InlineData(99)]
    [InlineData(101)]
    [InlineData(200)]
    public void A_status_that_is_not_informational_is_refused(int status) =>
        Assert.Equal(
            Refusal.InvalidStatus,
            Assert.Throws<Http2MisuseException>(() => Answers.SendInformational(Request, status, Http2Headers.Empty)).Refusal);

    [Theory]
    [InlineData(100)]
    [InlineData(102)]
    [InlineData(199)]
    public void An_informational_response_goes_out_at_once_or_by_a_task(int status)
    {
        _server.AsOwner(() =>
        {
            var before = _server.Core.Output.Length;
            Assert.True(Answers.SendInformational(Request, status, [("x", "1")]));
            Assert.NotEqual(before, _server.Core.Output.Length);
        });
        Assert.Equal([$"HEADERS 1 :status {status}, x 1"], _server.Frames());
        Assert.True(Answers.SendInformational(Request, status, [("x", "2")]));
        Assert.Empty(_server.Frames());
        _server.Run();
        Assert.Equal([$"HEADERS 1 :status {status}, x 2"], _server.Frames());
    }

    [Fact]
    public void Nothing_is_informed_of_behind_the_answer()
    {
        Request.TryAnswer();
        var mistake = Assert.Throws<Http2MisuseException>(() => Answers.SendInformational(Request, 103, Http2Headers.Empty));
        Assert.Equal(Refusal.ResponseAlreadySent, mistake.Refusal);
    }

    [Fact]
    public void Behind_the_answer_of_the_server_or_the_end_of_the_stream_it_has_no_effect()
    {
        Request.TryAnswerForHandler();
        Assert.False(Answers.SendInformational(Request, 103, Http2Headers.Empty));
        Request.TakeBackAnswer();
        Request.MarkClosed(null, aborted: true);
        Assert.False(Answers.SendInformational(Request, 103, Http2Headers.Empty));
        Assert.Empty(_server.Scheduler.Queue);
    }

    [Fact]
    public void One_that_the_end_of_the_stream_overtakes_is_not_logged()
    {
        Request.Reset(ErrorCode.Cancel);
        Assert.True(Answers.SendInformational(Request, 103, Http2Headers.Empty));
        _server.Run();
        Assert.Equal(["RST_STREAM 1 CANCEL"], _server.Frames());
        Assert.Empty(_server.Log.Errors);
    }

    [Fact]
    public void One_that_the_answer_overtakes_is_not_logged()
    {
        var server = new PlayedServer().Start(Requests.Post(1));
        server.AsOwner(() =>
        {
            var other = new Thread(() => server.Role.Answers.SendInformational(server.Request, 103, Http2Headers.Empty));
            other.Start();
            other.Join();
            server.Role.Answers.Respond(server.Request, new Http2Response(200, [], "hello"));
        });
        Assert.Equal(["HEADERS 1 :status 200", "DATA 1 5 end"], server.Frames());
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public void One_whose_stream_has_closed_is_not_sent()
    {
        Assert.True(Answers.SendInformational(Request, 103, Http2Headers.Empty));
        Request.MarkClosed(null, aborted: true);
        _server.Run();
        Assert.Empty(_server.Frames());
    }

    [Fact]
    public void One_that_the_core_refuses_later_is_logged()
    {
        Assert.True(Answers.SendInformational(Request, 103, Forbidden));
        _server.Run();
        Assert.Single(_server.Logged(ResponseRefused));
        Assert.Empty(_server.Frames());
    }

    // No field of a response; the list of fields takes it, and the core does not.
    private static Http2Headers Forbidden => [("te", "gzip")];

    private static byte[] Reset(uint id) => Requests.Frame(3, 0, id, [0, 0, 0, 8]);
}
