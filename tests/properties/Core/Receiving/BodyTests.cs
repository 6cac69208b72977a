using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class BodyTests
{
    [Fact]
    public void A_body_is_told_part_by_part_and_its_end_half_closes_the_stream()
    {
        var rig = Rig.Server();
        rig.Post(1, ("content-length", "6")).Data(1, "abc").Data(1, "def", end: true);
        Assert.Equal(["request 1 POST /", "data 1 abc", "data 1 end def"], rig.Events());
        Assert.Equal(StreamState.HalfClosedRemote, rig.StateOf(1));
    }

    [Theory]
    [InlineData("3", "abcd", false)]
    [InlineData("3", "ab", true)]
    [InlineData("3", "", true)]
    public void A_body_that_differs_from_its_declared_length_is_a_stream_error(string length, string body, bool end)
    {
        var rig = Rig.Server();
        rig.Post(1, ("content-length", length)).Data(1, body, end);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], rig.Frames());
        Assert.Equal(["request 1 POST /", "stream fault 1 ProtocolError 8.1.1", "closed 1 ProtocolError abnormal"], rig.Events());
    }

    [Fact]
    public void An_empty_last_frame_ends_the_body()
    {
        var rig = Rig.Server();
        rig.Post(1).Data(1, "", end: true);
        Assert.Equal(["request 1 POST /", "data 1 end "], rig.Events());
    }

    [Fact]
    public void Both_ends_done_in_either_order_close_the_stream_once()
    {
        var rig = Rig.Server();
        rig.Post(1);
        rig.Respond(1, 200, "early");
        Assert.Equal(StreamState.HalfClosedLocal, rig.StateOf(1));
        rig.Data(1, "late", end: true);
        Assert.Equal(["request 1 POST /", "data 1 end late", "closed 1 NoError"], rig.Events());
        rig.Post(3).Data(3, "x", end: true);
        rig.Respond(3);
        Assert.Equal(["request 3 POST /", "data 3 end x", "closed 3 NoError"], rig.Events());
    }

    [Fact]
    public void DATA_on_an_idle_stream_is_a_connection_error()
    {
        var rig = Rig.Server();
        rig.Data(1, "test", end: true);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
        Assert.Equal(["connection fault ProtocolError 5.1"], rig.Events());
    }

    [Fact]
    public void DATA_after_END_STREAM_is_STREAM_CLOSED()
    {
        var rig = Rig.Server();
        rig.Get(1).Data(1, "test", end: true);
        Assert.Equal(["GOAWAY 1 StreamClosed"], rig.Frames());
        Assert.Equal(["request 1 end GET /", "closed 1 StreamClosed abnormal", "connection fault StreamClosed 5.1"], rig.Events());
    }

    [Fact]
    public void DATA_on_a_stream_that_ended_is_STREAM_CLOSED()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1);
        rig.Forget();
        rig.Data(1, "test");
        Assert.Equal(["GOAWAY 1 StreamClosed"], rig.Frames());
    }

    [Fact]
    public void DATA_on_a_stream_that_the_peer_reset_is_STREAM_CLOSED()
    {
        var rig = Rig.Server();
        rig.Post(1).Rst(1).Data(1, "test");
        Assert.Equal(["GOAWAY 1 StreamClosed"], rig.Frames());
    }

    [Fact]
    public void DATA_on_a_stream_that_we_reset_is_discarded_and_given_back()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65536 });
        rig.Post(1);
        Assert.Equal(Refusal.None, rig.Reset(1, ErrorCode.NoError));
        rig.Forget();
        rig.Data(1, new byte[16384]).Data(1, new byte[16383]).Data(1, new byte[1], end: true);
        Assert.Equal(["WINDOW_UPDATE 0 32768"], rig.Frames());
        Assert.Empty(rig.Events());
        Assert.Equal(65536, rig.State.Core.Flow.Receive.Octets);
    }

    [Fact]
    public void DATA_that_errs_is_given_back_to_the_connection()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65536 });
        for (var id = 1u; id < 9; id += 2)
            rig.Post(id, ("content-length", "1")).Data(id, new byte[16384]);
        Assert.Equal(2, rig.Frames().Count(frame => frame == "WINDOW_UPDATE 0 32768"));
    }

    [Fact]
    public void Padding_is_given_back_without_the_application()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535, InitialStreamWindow = 2000 });
        rig.Post(1);
        for (var i = 0; i < 4; i++)
            rig.Raw(FrameType.Data, 0x8, 1, [249, (byte)'a', .. new byte[249]]);
        Assert.Equal(["WINDOW_UPDATE 1 1000"], rig.Frames());
        Assert.Equal(65535 - 1004, rig.State.Core.Flow.Receive.Octets);
        Assert.Equal(4, rig.State.Core.Streams.Find(new(1))!.Incoming.Unconsumed);
    }

    [Fact]
    public void An_overrun_of_the_stream_window_ends_the_connection()
    {
        var rig = Rig.Server(new() { InitialStreamWindow = 10 });
        rig.Post(1).Data(1, "1234567890");
        Assert.False(rig.IsFinished);
        rig.Data(1, "1");
        Assert.Equal(["GOAWAY 1 FlowControlError"], rig.Frames());
    }

    [Fact]
    public void An_overrun_of_the_connection_window_ends_the_connection()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535, MaxUnreadPerConnection = 65535 });
        rig.Post(1);
        for (var i = 0; i < 3; i++)
            rig.Data(1, new byte[16384]);
        rig.Data(1, new byte[16383]);
        Assert.False(rig.IsFinished);
        rig.Data(1, "1");
        Assert.Equal(["GOAWAY 1 FlowControlError"], rig.Frames());
        Assert.Contains("connection fault FlowControlError 6.9.1", rig.Events());
    }

    [Fact]
    public void A_frame_above_the_size_limit_is_judged_by_its_header_alone()
    {
        var rig = Rig.Server();
        rig.Post(1);
        Assert.Equal(0, rig.Octets([0, 0x40, 1, 0, 0, 0, 0, 0, 1]));
        Assert.Equal(["GOAWAY 1 FrameSizeError"], rig.Frames());
    }

    [Fact]
    public void A_frame_of_the_announced_size_is_taken_before_the_announcement_is_acknowledged()
    {
        var rig = Rig.Fresh(Role.Server, new() { MaxFrameSize = 20000 });
        rig.Octets(WireConstants.Preface);
        rig.Settings().Post(1).Data(1, new byte[20000], end: true);
        Assert.False(rig.IsFinished);
    }
}
