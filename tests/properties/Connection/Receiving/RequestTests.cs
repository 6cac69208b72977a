using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

public sealed class RequestTests
{
    [Fact]
    public void A_request_is_told_and_its_answer_closes_the_stream()
    {
        var rig = Rig.Server();
        rig.Get(1, "/a");
        Assert.Equal(["request 1 end GET /a"], rig.Events());
        Assert.Equal(StreamState.HalfClosedRemote, rig.StateOf(1));
        Assert.Equal(Refusal.None, rig.Respond(1, 200, "hello", length: 5));
        Assert.Equal(["HEADERS 1 :status=200 content-length=5", "DATA 1 end hello"], rig.Frames());
        Assert.Equal(["closed 1 NoError"], rig.Events());
        Assert.Equal(StreamState.Ended, rig.StateOf(1));
    }

    [Fact]
    public void A_request_answered_at_once_leaves_no_record()
    {
        var rig = Rig.Server();
        var before = rig.State.Core.Streams.Set;
        for (var id = 1u; id < 2001; id += 2)
        {
            rig.Get(id);
            Assert.Same(before, rig.State.Core.Streams.Set);
            rig.Respond(id, 200, "hello");
            Assert.Same(before, rig.State.Core.Streams.Set);
        }
        Assert.Equal(0, rig.State.Core.Streams.PeerCount);
        Assert.Equal(0, rig.State.Core.Streams.WaitingCount);
    }

    [Fact]
    public void The_youngest_request_gets_a_record_only_when_another_comes()
    {
        var rig = Rig.Server();
        rig.Get(1);
        Assert.Equal(0, rig.State.Core.Streams.Set.Count);
        rig.Get(3);
        Assert.Equal(1, rig.State.Core.Streams.Set.Count);
        Assert.Equal(Refusal.None, rig.Respond(3));
        Assert.Equal(Refusal.None, rig.Respond(1));
        Assert.Equal(0, rig.State.Core.Streams.Set.Count);
        Assert.Equal(["HEADERS 3 end :status=200", "HEADERS 1 end :status=200"], rig.Frames());
        Assert.Equal(["request 1 end GET /", "request 3 end GET /", "closed 3 NoError", "closed 1 NoError"], rig.Events());
    }

    [Fact]
    public void A_block_in_several_frames_is_one_request()
    {
        var rig = Rig.Server();
        var block = rig.Block(Rig.Request());
        rig.Raw(FrameType.Headers, 0x1, 1, block[..2]);
        rig.Raw(FrameType.Continuation, 0, 1, block[2..5]);
        Assert.Empty(rig.Events());
        rig.Raw(FrameType.Continuation, 0x4, 1, block[5..]);
        Assert.Equal(["request 1 end GET /"], rig.Events());
    }

    [Theory]
    [InlineData(FrameType.Priority, 1u)]
    [InlineData(FrameType.Headers, 3u)]
    [InlineData(FrameType.Continuation, 3u)]
    [InlineData(FrameType.Data, 1u)]
    [InlineData((FrameType)0x16, 0u)]
    public void Nothing_comes_between_the_frames_of_a_block(FrameType type, uint id)
    {
        var rig = Rig.Server();
        rig.Raw(FrameType.Headers, 0, 1, rig.Block(Rig.Request()));
        rig.Raw(type, 0, id, new byte[5]);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
        Assert.Equal(["connection fault ProtocolError 6.10"], rig.Events());
    }

    [Fact]
    public void CONTINUATION_without_an_open_block_is_a_connection_error()
    {
        var rig = Rig.Server();
        rig.Raw(FrameType.Continuation, 0x4, 1, rig.Block(Rig.Request()));
        Assert.Equal(["connection fault ProtocolError 6.10"], rig.Events());
    }

    [Fact]
    public void A_block_in_too_many_frames_ends_the_connection()
    {
        var rig = Rig.Server();
        var block = rig.Block(Rig.Request());
        rig.Raw(FrameType.Headers, 0x1, 1, block[..1]);
        for (var i = 1; i <= 8; i++)
            rig.Raw(FrameType.Continuation, 0, 1, block[i]);
        Assert.False(rig.IsFinished);
        rig.Raw(FrameType.Continuation, 0, 1, block[9]);
        Assert.Equal(["GOAWAY 0 EnhanceYourCalm"], rig.Frames());
    }

    [Fact]
    public void A_block_that_does_not_decode_ends_the_connection()
    {
        var rig = Rig.Server();
        rig.Raw(FrameType.Headers, 0x5, 1, 0x80);
        Assert.Equal(["GOAWAY 0 CompressionError"], rig.Frames());
        Assert.Equal(["connection fault CompressionError 4.3"], rig.Events());
    }

    [Fact]
    public void A_malformed_request_is_reset_and_the_compression_state_survives()
    {
        var rig = Rig.Server();
        rig.Headers(1, true, [.. Rig.Request(), ("x-indexed", "value"), ("connection", "close")]);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], rig.Frames());
        Assert.Equal(["stream fault 1 ProtocolError 8.2.2"], rig.Events());
        rig.Headers(3, true, [.. Rig.Request(), ("x-indexed", "value")]);
        Assert.Equal(["request 3 end GET /"], rig.Events());
    }

    [Fact]
    public void A_dependency_on_the_stream_itself_is_ignored_like_any_other()
    {
        var rig = Rig.Server();
        rig.Raw(FrameType.Headers, 0x25, 1, [0, 0, 0, 1, 15, .. rig.Block([.. Rig.Request(), ("x-indexed", "value")])]);
        Assert.Equal(["request 1 end GET /"], rig.Events());
        // of a stream that is open, of one that is not yet, and exclusively
        foreach (var id in new byte[] { 1, 3 })
            rig.Raw(FrameType.Priority, 0, id, 0x80, 0, 0, id, 15);
        Assert.Empty(rig.Frames());
        rig.Headers(3, true, [.. Rig.Request(), ("x-indexed", "value")]);
        Assert.Equal(["request 3 end GET /"], rig.Events());
    }

    [Fact]
    public void A_stream_with_an_even_identifier_is_a_connection_error()
    {
        var rig = Rig.Server();
        rig.Get(2);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
        Assert.Equal(["connection fault ProtocolError 5.1.1"], rig.Events());
    }

    [Fact]
    public void An_identifier_that_was_passed_over_is_closed()
    {
        var rig = Rig.Server();
        rig.Get(5).Get(3);
        Assert.Equal(["GOAWAY 5 ProtocolError"], rig.Frames());
        Assert.Equal(["request 5 end GET /", "closed 5 ProtocolError abnormal", "connection fault ProtocolError 5.1.1"], rig.Events());
    }

    [Fact]
    public void Trailers_are_told_and_end_the_request()
    {
        var rig = Rig.Server();
        rig.Post(1).Data(1, "abc").Headers(1, true, ("x-sum", "6"));
        Assert.Equal(["request 1 POST /", "data 1 abc", "trailers 1 x-sum=6"], rig.Events());
        Assert.Equal(StreamState.HalfClosedRemote, rig.StateOf(1));
    }

    [Fact]
    public void Trailers_without_END_STREAM_are_a_stream_error()
    {
        var rig = Rig.Server();
        rig.Post(1).Headers(1, false, ("x-sum", "6"));
        Assert.Equal(["RST_STREAM 1 ProtocolError"], rig.Frames());
        Assert.Equal(["request 1 POST /", "stream fault 1 ProtocolError 8.1", "closed 1 ProtocolError abnormal"], rig.Events());
    }

    [Fact]
    public void Pseudo_fields_in_trailers_are_a_stream_error()
    {
        var rig = Rig.Server();
        rig.Post(1).Headers(1, true, (":path", "/"));
        Assert.Equal(["RST_STREAM 1 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void Trailers_that_come_before_the_declared_length_are_a_stream_error()
    {
        var rig = Rig.Server();
        rig.Post(1, ("content-length", "4")).Data(1, "abc").Headers(1, true, ("x-sum", "6"));
        Assert.Equal(["RST_STREAM 1 ProtocolError"], rig.Frames());
        Assert.Contains("stream fault 1 ProtocolError 8.1.1", rig.Events());
    }

    [Fact]
    public void A_tunnel_takes_no_trailers()
    {
        var rig = Rig.Server();
        rig.Headers(1, false, (":method", "CONNECT"), (":authority", "example.org:443"));
        Assert.Equal(Refusal.None, rig.Respond(1, 200, end: false));
        rig.Data(1, "abc");
        Assert.Equal(["request 1 CONNECT ", "data 1 abc"], rig.Events());
        rig.Headers(1, true, ("x-sum", "6"));
        Assert.Contains("stream fault 1 ProtocolError 8.5", rig.Events());
    }

    [Fact]
    public void A_field_section_above_the_soft_limit_is_answered_with_431_and_not_told()
    {
        var rig = Rig.Server();
        rig.Headers(1, true, [.. Rig.Request(), ("x-indexed", "value"), ("x-large", new string('a', 40_000))]);
        Assert.Equal(["HEADERS 1 end :status=431 content-length=0"], rig.Frames());
        Assert.Equal(["stream fault 1 NoError 5"], rig.Events());
        rig.Headers(3, true, [.. Rig.Request(), ("x-indexed", "value")]);
        Assert.Equal(["request 3 end GET /"], rig.Events());
        Assert.Equal(StreamState.Ended, rig.StateOf(1));
        Assert.Equal(1, rig.State.Core.Streams.PeerCount);
    }

    [Fact]
    public void The_431_carries_the_date_that_was_told_last()
    {
        var rig = Rig.Server();
        foreach (var (id, date) in new (uint, HeaderField?)[] { (1, ("date", "today")), (3, ("date", "tomorrow")), (5, null) })
        {
            Assert.Equal(Refusal.None, Connection.SetDate(rig.State, date, out var told));
            rig.State = told;
            rig.Headers(id, true, [.. Rig.Request(), ("x-large", new string('a', 40_000))]);
            var expected = $"HEADERS {id} end :status=431 content-length=0" + (date is null ? "" : $" date={date.Value}");
            Assert.Equal([expected], rig.Frames());
        }
    }

    [Fact]
    public void A_date_that_may_not_be_sent_is_refused()
    {
        var rig = Rig.Server();
        Assert.Equal(Refusal.InvalidField, Connection.SetDate(rig.State, ("date", "a\nb"), out var next));
        Assert.Equal(rig.State, next);
    }

    [Fact]
    public void The_rest_of_a_request_answered_with_431_is_not_wanted_but_tolerated()
    {
        var rig = Rig.Server();
        rig.Headers(1, false, [.. Rig.Request("POST"), .. Enumerable.Range(0, 101).Select(i => ($"x-{i}", "value"))]);
        // "431" above the number of the stream: some clients lose an answer that comes in one read with a reset
        byte[] opaque = [0x34, 0x33, 0x31, 0, 0, 0, 0, 1];
        Assert.Equal(["HEADERS 1 end :status=431 content-length=0", "PING 3761403989854257153"], rig.Frames());
        rig.Data(1, "abc", end: true);
        Assert.False(rig.IsFinished);
        Assert.Equal(StreamState.ResetByUs, rig.StateOf(1));
        rig.Events();
        rig.Raw(FrameType.Ping, 0x1, 0, opaque);
        Assert.Equal(["RST_STREAM 1 NoError"], rig.Frames());
        rig.Raw(FrameType.Ping, 0x1, 0, opaque);
        Assert.Empty(rig.Frames());
        Assert.Empty(rig.Events());
    }

    [Fact]
    public void A_field_section_above_the_hard_limit_ends_the_connection()
    {
        var rig = Rig.Server();
        // one entry of the dynamic table, named again and again in an octet each (CVE-2016-6581)
        byte[] entry = [0x40, 3, .. "x-b"u8, 0x7f, 0xbd, 0x1d, .. new byte[3_900].Select(_ => (byte)'a')];
        rig.Raw(FrameType.Headers, 0x5, 1, [.. rig.Block(Rig.Request()), .. entry, .. Enumerable.Repeat((byte)0xbe, 20)]);
        Assert.Equal(["GOAWAY 1 EnhanceYourCalm"], rig.Frames());
    }

    [Theory]
    [InlineData(256, 0, false)]
    [InlineData(257, 0, true)]
    [InlineData(256, 96, false)]
    [InlineData(0, 97, true)]
    public void Cookie_crumbs_have_a_bound_of_their_own(int crumbs, int others, bool refused)
    {
        // four pseudo-fields count among the hundred others
        var rig = Rig.Server();
        rig.Forget();
        rig.Headers(1, true, [
            .. Rig.Request(), .. Enumerable.Range(0, crumbs).Select(i => ("cookie", $"c={i}")),
            .. Enumerable.Range(0, others).Select(i => ($"x-{i}", "")),
        ]);
        Assert.Equal(refused ? ["HEADERS 1 end :status=431 content-length=0"] : [], rig.Frames());
    }
}
