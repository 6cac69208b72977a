using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class ResponseTests
{
    [Fact]
    public void Informational_responses_come_any_number_of_times_before_the_final_one()
    {
        var rig = Rig.Server();
        rig.Get(1);
        Assert.Equal(Refusal.None, rig.Inform(1, 100));
        Assert.Equal(Refusal.None, rig.Inform(1, 103, ("link", "</a.css>")));
        Assert.Equal(Refusal.None, rig.Respond(1));
        Assert.Equal(Refusal.StreamClosed, rig.Inform(1, 103));
        Assert.Equal(["HEADERS 1 :status=100", "HEADERS 1 :status=103 link=</a.css>", "HEADERS 1 end :status=200"], rig.Frames());
    }

    [Fact]
    public void After_the_final_response_there_is_no_informational_one()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1, end: false);
        Assert.Equal(Refusal.ResponseAlreadySent, rig.Inform(1, 103));
        Assert.Equal(Refusal.ResponseAlreadySent, rig.Respond(1));
    }

    [Theory]
    [InlineData(101)]
    [InlineData(99)]
    [InlineData(200)]
    [InlineData(0)]
    public void Some_statuses_are_not_informational(int status)
    {
        var rig = Rig.Server();
        rig.Get(1);
        Assert.Equal(Refusal.InvalidStatus, rig.Inform(1, status));
        Assert.Empty(rig.Frames());
    }

    [Theory]
    [InlineData(199)]
    [InlineData(101)]
    [InlineData(0)]
    [InlineData(1000)]
    public void Some_statuses_are_not_final(int status)
    {
        var rig = Rig.Server();
        rig.Get(1);
        var before = rig.State;
        Assert.Equal(Refusal.InvalidStatus, rig.Respond(1, status));
        Assert.Equal(before, rig.State);
        Assert.Empty(rig.Frames());
    }

    [Theory]
    [InlineData("X-Upper", "a")]
    [InlineData("connection", "close")]
    [InlineData("x a", "b")]
    [InlineData(":status", "200")]
    [InlineData("x", "a\nb")]
    [InlineData("", "a")]
    public void Fields_that_may_not_be_sent_are_refused_wherever_they_stand(string name, string value)
    {
        var rig = Rig.Server();
        rig.Get(1);
        Assert.Equal(Refusal.InvalidField, rig.Respond(1, Rig.Head(200, -1, (name, value)), []));
        Assert.Equal(Refusal.InvalidField, rig.Respond(1, new(200, [], -1, new(name, value)), []));
        Assert.Equal(Refusal.InvalidField, rig.Inform(1, 103, (name, value)));
        rig.Respond(1, end: false);
        rig.Forget();
        Assert.Equal(Refusal.InvalidField, rig.Trailers(1, (name, value)));
        Assert.Empty(rig.Frames());
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    public void Some_responses_have_no_body(string method, int status)
    {
        var rig = Rig.Server();
        rig.Get(1, method: method);
        rig.Forget();
        Assert.Equal(Refusal.BodyNotAllowed, rig.Respond(1, status, "x"));
        Assert.Equal(Refusal.None, rig.Respond(1, status, end: false));
        Assert.Equal(Refusal.BodyNotAllowed, rig.Body(1, "x"));
        Assert.Equal(Refusal.None, rig.Body(1, "", end: true));
        Assert.Equal([$"HEADERS 1 :status={status}", "DATA 1 end "], rig.Frames());
    }

    [Fact]
    public void HEAD_and_304_may_declare_the_length_of_the_body_that_does_not_come()
    {
        var rig = Rig.Server();
        rig.Get(1, method: "HEAD").Get(3);
        rig.Forget();
        Assert.Equal(Refusal.None, rig.Respond(1, 200, length: 1000));
        Assert.Equal(Refusal.None, rig.Respond(3, 304, length: 1000));
        Assert.Equal(
            ["HEADERS 1 end :status=200 content-length=1000", "HEADERS 3 end :status=304 content-length=1000"], rig.Frames());
    }

    [Fact]
    public void Responses_204_and_1xx_declare_no_length()
    {
        var rig = Rig.Server();
        rig.Get(1);
        Assert.Equal(Refusal.InvalidField, rig.Respond(1, 204, length: 0));
        Assert.Equal(Refusal.InvalidField, rig.Inform(1, 103, ("content-length", "0")));
    }

    [Fact]
    public void A_body_must_have_its_declared_length()
    {
        var rig = Rig.Server();
        rig.Get(1);
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Respond(1, 200, "abc", length: 2));
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Respond(1, 200, "abc", length: 4));
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Respond(1, Rig.Head(200, 3, ("content-length", "4")), new byte[3]));
        Assert.Equal(Refusal.None, rig.Respond(1, 200, "abc", end: false, length: 5));
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Body(1, "def"));
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Body(1, "d", end: true));
        Assert.Equal(Refusal.None, rig.Body(1, "d"));
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Trailers(1));
        Assert.Equal(Refusal.None, rig.Body(1, "e"));
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Body(1, "f"));
        Assert.Equal(Refusal.None, rig.Trailers(1, ("x", "y")));
    }

    [Fact]
    public void Trailers_follow_the_queued_body_and_end_the_stream()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1, 200, end: false);
        rig.Body(1, "hello");
        Assert.Equal(Refusal.None, rig.Trailers(1, ("x-sum", "5")));
        Assert.Equal(Refusal.StreamEnded, rig.Body(1, "x"));
        Assert.Equal(Refusal.StreamEnded, rig.Trailers(1));
        rig.Drain();
        Assert.Equal(["HEADERS 1 :status=200", "DATA 1 hello", "HEADERS 1 end x-sum=5"], rig.Frames());
        Assert.Equal(["request 1 end GET /", "sent 1 5 0", "closed 1 NoError"], rig.Events());
    }

    [Fact]
    public void Trailers_with_nothing_queued_go_out_at_once()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1, 200, "abc", end: false);
        rig.Trailers(1, ("x-sum", "3"));
        Assert.Equal(["HEADERS 1 :status=200", "DATA 1 abc", "HEADERS 1 end x-sum=3"], rig.Frames());
    }

    [Fact]
    public void The_parts_of_a_response_come_in_their_order()
    {
        var rig = Rig.Server();
        Assert.Equal(Refusal.StreamClosed, rig.Respond(1));
        rig.Get(1);
        Assert.Equal(Refusal.ResponseNotSent, rig.Body(1, "x"));
        Assert.Equal(Refusal.ResponseNotSent, rig.Trailers(1));
        rig.Get(3);
        Assert.Equal(Refusal.ResponseNotSent, rig.Body(1, "x"));
        Assert.Equal(Refusal.StreamClosed, rig.Body(5, "x"));
        rig.Respond(1);
        Assert.Equal(Refusal.StreamClosed, rig.Body(1, "x"));
        Assert.Equal(Refusal.WrongRole, rig.Ask(out _));
    }

    [Fact]
    public void A_response_before_the_end_of_the_request_leaves_the_stream_open_for_the_rest()
    {
        var rig = Rig.Server();
        rig.Post(1);
        rig.Respond(1, 413);
        Assert.Equal(StreamState.HalfClosedLocal, rig.StateOf(1));
        Assert.Equal(Refusal.StreamEnded, rig.Body(1, "x"));
        Assert.Equal(Refusal.None, rig.Reset(1, ErrorCode.NoError));
        Assert.Equal(["HEADERS 1 end :status=413", "RST_STREAM 1 NoError"], rig.Frames());
        Assert.Equal(["request 1 POST /", "closed 1 NoError abnormal"], rig.Events());
    }

    [Fact]
    public void A_reset_drops_what_is_queued()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1, Rig.Head(200), new byte[100_000]);
        Assert.Equal(Refusal.None, rig.Reset(1, ErrorCode.InternalError));
        Assert.Equal(Refusal.StreamClosed, rig.Reset(1));
        Assert.False(Connection.CanDrain(rig.State));
        Assert.Equal(0, Connection.Queued(rig.State, new(1)));
        Assert.Equal(0, rig.State.Core.Streams.WaitingCount);
        Assert.Equal(["HEADERS 1 :status=200", "RST_STREAM 1 InternalError"], rig.Frames());
    }

    [Fact]
    public void A_head_larger_than_a_frame_is_cut_into_CONTINUATION_frames()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1, Rig.Head(200, -1, ("x-large", new string('\u007f', 20_000).Replace('\u007f', '~'))), []);
        var frames = rig.Frames();
        Assert.Equal("HEADERS 1 end (16384)", frames[0]);
        Assert.StartsWith("CONTINUATION 1 ", frames[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_tunnel_declares_no_length_and_ends_without_trailers()
    {
        var rig = Rig.Server();
        rig.Headers(1, false, (":method", "CONNECT"), (":authority", "example.org:443"));
        Assert.Equal(Refusal.InvalidField, rig.Respond(1, 200, end: false, length: 5));
        Assert.Equal(Refusal.None, rig.Respond(1, 200, end: false));
        Assert.Equal(Refusal.InvalidField, rig.Trailers(1, ("x", "y")));
        Assert.Equal(Refusal.None, rig.Body(1, "bye", end: true));
    }
}
