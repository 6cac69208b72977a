using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class ClientTests
{
    [Fact]
    public void A_request_opens_the_next_odd_stream_and_its_response_closes_it()
    {
        var rig = Rig.Client();
        Assert.Equal(Refusal.None, rig.Ask(out var first));
        Assert.Equal(Refusal.None, rig.Ask(out var second, end: false, method: "POST"));
        Assert.Equal((1u, 3u), (first, second));
        rig.Body(3, "abc", end: true);
        rig.Drain();
        Assert.Equal(
            ["HEADERS 1 end :method=GET :scheme=http :path=/ :authority=example.org",
             "HEADERS 3 :method=POST :scheme=http :path=/ :authority=example.org", "DATA 3 end abc"],
            rig.Frames());
        rig.Headers(1, true, (":status", "204")).Headers(3, false, (":status", "200")).Data(3, "ok").Headers(3, true, ("x-sum", "2"));
        Assert.Equal(
            ["sent 3 3 0", "response 1 end 204", "closed 1 NoError",
             "response 3 200", "data 3 ok", "trailers 3 x-sum=2", "closed 3 NoError"],
            rig.Events());
        Assert.Equal(0, rig.State.Core.Streams.OwnCount);
    }

    [Fact]
    public void Informational_responses_come_before_the_final_one()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Headers(1, false, (":status", "100")).Headers(1, false, (":status", "103")).Headers(1, true, (":status", "200"));
        Assert.Equal(["informational 1 100", "informational 1 103", "response 1 end 200", "closed 1 NoError"], rig.Events());
    }

    [Theory]
    [InlineData("100", true)]
    [InlineData("101", false)]
    [InlineData("20", false)]
    public void Malformed_responses_are_stream_errors(string status, bool end)
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Forget();
        rig.Headers(1, end, (":status", status));
        Assert.Equal(["RST_STREAM 1 ProtocolError"], rig.Frames());
        Assert.Equal("closed 1 ProtocolError abnormal", rig.Events()[^1]);
    }

    [Fact]
    public void DATA_before_the_response_is_a_stream_error()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Forget();
        rig.Data(1, "x");
        Assert.Equal(["RST_STREAM 1 ProtocolError"], rig.Frames());
        Assert.Contains("stream fault 1 ProtocolError 8.1", rig.Events());
    }

    [Theory]
    [InlineData("HEAD", "200")]
    [InlineData("GET", "304")]
    public void A_body_where_there_is_none_is_a_stream_error(string method, string status)
    {
        var rig = Rig.Client();
        rig.Ask(out _, method: method);
        rig.Headers(1, false, (":status", status), ("content-length", "5"));
        rig.Forget();
        rig.Data(1, "");
        Assert.Empty(rig.Frames());
        rig.Data(1, "hello");
        Assert.Equal(["RST_STREAM 1 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void The_length_that_a_HEAD_response_declares_is_no_promise()
    {
        var rig = Rig.Client();
        rig.Ask(out _, method: "HEAD");
        rig.Headers(1, true, (":status", "200"), ("content-length", "5"));
        Assert.Equal(["response 1 end 200", "closed 1 NoError"], rig.Events());
    }

    [Fact]
    public void A_response_shorter_than_declared_is_a_stream_error()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Headers(1, false, (":status", "200"), ("content-length", "5"));
        rig.Forget();
        rig.Data(1, "abc", end: true);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void HEADERS_on_a_stream_that_nobody_opened_are_a_connection_error()
    {
        var rig = Rig.Client();
        rig.Headers(1, true, (":status", "200"));
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
        rig = Rig.Client();
        rig.Headers(2, true, (":status", "200"));
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void The_servers_limit_of_streams_is_kept()
    {
        var rig = Rig.Client();
        rig.Setting(SettingId.MaxConcurrentStreams, 1);
        rig.Ask(out _);
        Assert.Equal(Refusal.TooManyStreams, rig.Ask(out var none));
        Assert.Equal(0u, none);
        rig.Headers(1, true, (":status", "200"));
        Assert.Equal(Refusal.None, rig.Ask(out var next));
        Assert.Equal(3u, next);
    }

    [Theory]
    [InlineData(":path", "relative")]
    [InlineData("X-Upper", "a")]
    [InlineData("te", "gzip")]
    public void Requests_that_may_not_be_sent_are_refused(string name, string value)
    {
        var rig = Rig.Client();
        Assert.Equal(Refusal.InvalidField, rig.Ask(out _, more: [(name, value)]));
        Assert.Empty(rig.Frames());
        Assert.Equal(StreamState.Idle, rig.StateOf(1));
    }

    [Fact]
    public void Extended_CONNECT_waits_for_the_servers_permission()
    {
        var rig = Rig.Client();
        Assert.Equal(Refusal.InvalidField, rig.Ask(out _, end: false, method: "CONNECT", more: [(":protocol", "websocket")]));
        rig.Setting(SettingId.EnableConnectProtocol, 1);
        var fields = Rig.Fields(
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":path", "/chat"), (":authority", "example.org"));
        Assert.Equal(Refusal.None, Connection.SubmitRequest(rig.State, fields, false, rig.Effects, out _, out _));
    }

    [Fact]
    public void A_request_must_have_its_declared_length()
    {
        var rig = Rig.Client();
        rig.Ask(out _, end: false, method: "POST", more: [("content-length", "3")]);
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Body(1, "abcd"));
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Body(1, "ab", end: true));
        Assert.Equal(Refusal.None, rig.Body(1, "abc", end: true));
    }

    [Fact]
    public void A_server_may_end_its_response_and_ask_for_no_more_of_the_request()
    {
        var rig = Rig.Client();
        rig.Ask(out _, end: false, method: "POST");
        rig.Headers(1, true, (":status", "413")).Rst(1, ErrorCode.NoError);
        Assert.Equal(["response 1 end 413", "closed 1 NoError abnormal"], rig.Events());
        Assert.Equal(Refusal.StreamClosed, rig.Body(1, "x"));
        Assert.Equal(0, rig.State.Core.Streams.OwnCount);
    }

    [Fact]
    public void A_client_does_not_answer()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        Assert.Equal(Refusal.WrongRole, rig.Respond(1));
        Assert.Equal(Refusal.WrongRole, rig.Inform(1, 103));
    }

    [Fact]
    public void After_GOAWAY_the_requests_that_were_not_taken_may_be_sent_again()
    {
        var rig = Rig.Client();
        for (var i = 0; i < 3; i++)
            rig.Ask(out _);
        rig.GoAway(3, debug: new string('d', 300));
        Assert.Equal([$"goaway 3 NoError {new string('d', 256)}", "closed 5 RefusedStream abnormal"], rig.Events());
        Assert.Equal(Refusal.GoingAway, rig.Ask(out _));
        Assert.False(rig.IsFinished);
        rig.GoAway(99).GoAway(1);
        Assert.Equal(["goaway 3 NoError ", "goaway 1 NoError ", "closed 3 RefusedStream abnormal"], rig.Events());
        rig.Headers(1, true, (":status", "200"));
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void A_server_may_reset_as_it_likes()
    {
        var rig = Rig.Client();
        for (var i = 0; i < 1000; i++)
        {
            rig.Ask(out var id);
            rig.Rst(id, ErrorCode.RefusedStream);
        }
        Assert.False(rig.IsFinished);
    }
}
