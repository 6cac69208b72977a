using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class StreamRuleTests
{
    [Fact]
    public void RST_STREAM_on_an_idle_stream_is_a_connection_error()
    {
        var rig = Rig.Server();
        rig.Rst(1);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void WINDOW_UPDATE_on_an_idle_stream_is_a_connection_error()
    {
        var rig = Rig.Server();
        rig.Window(1, 100);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void HEADERS_on_a_half_closed_stream_are_STREAM_CLOSED()
    {
        var rig = Rig.Server();
        rig.Get(1).Get(1);
        Assert.Equal(["GOAWAY 1 StreamClosed"], rig.Frames());
        Assert.Contains("connection fault StreamClosed 5.1", rig.Events());
    }

    [Fact]
    public void HEADERS_on_a_stream_that_ended_are_a_connection_error()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1);
        rig.Forget();
        rig.Get(1);
        Assert.Equal(["GOAWAY 1 StreamClosed"], rig.Frames());
    }

    [Fact]
    public void HEADERS_on_a_stream_that_the_peer_reset_are_a_connection_error()
    {
        var rig = Rig.Server();
        rig.Post(1).Rst(1).Get(1);
        Assert.Equal(["GOAWAY 1 StreamClosed"], rig.Frames());
    }

    [Fact]
    public void HEADERS_on_a_stream_that_we_reset_are_decoded_and_discarded()
    {
        var rig = Rig.Server();
        rig.Post(1);
        rig.Reset(1);
        rig.Forget();
        rig.Headers(1, true, ("x-indexed", "value"));
        Assert.Empty(rig.Frames());
        Assert.Empty(rig.Events());
        rig.Headers(3, true, [.. Rig.Request(), ("x-indexed", "value")]);
        Assert.Equal(["request 3 end GET /"], rig.Events());
    }

    [Fact]
    public void Control_frames_on_closed_streams_are_tolerated()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1);
        rig.Forget();
        rig.Window(1, 1).Rst(1).Raw(FrameType.Priority, 0, 1, 0, 0, 0, 0, 5).Ping(7);
        Assert.Equal(["PING ack 7"], rig.Frames());
    }

    [Fact]
    public void RST_STREAM_is_not_answered_and_told_once()
    {
        var rig = Rig.Server();
        rig.Post(1).Rst(1, ErrorCode.InternalError).Rst(1);
        Assert.Empty(rig.Frames());
        Assert.Equal(["request 1 POST /", "closed 1 InternalError abnormal"], rig.Events());
        Assert.Equal(StreamState.ResetByPeer, rig.StateOf(1));
        Assert.Equal(Refusal.StreamClosed, rig.Respond(1));
    }

    [Fact]
    public void RST_STREAM_on_the_youngest_request_is_told_too()
    {
        var rig = Rig.Server();
        rig.Get(1).Rst(1);
        Assert.Equal(["request 1 end GET /", "closed 1 Cancel abnormal"], rig.Events());
    }

    [Fact]
    public void The_limit_of_streams_holds_before_SETTINGS_are_acknowledged()
    {
        var rig = Rig.Fresh(Role.Server, new() { MaxConcurrentStreams = 1 });
        rig.Octets(WireConstants.Preface);
        rig.Settings();
        rig.Forget();
        rig.Headers(1, true, [.. Rig.Request()]);
        rig.Headers(3, true, [.. Rig.Request(), ("x-indexed", "value")]);
        Assert.Equal(["RST_STREAM 3 RefusedStream"], rig.Frames());
        Assert.Equal(["request 1 end GET /", "stream fault 3 RefusedStream 5.1.2"], rig.Events());
        rig.Respond(1);
        rig.Forget();
        rig.Headers(5, true, [.. Rig.Request(), ("x-indexed", "value")]);
        Assert.Equal(["request 5 end GET /"], rig.Events());
    }

    [Fact]
    public void The_body_of_a_refused_request_is_discarded()
    {
        var rig = Rig.Server(new() { MaxConcurrentStreams = 0 });
        rig.Post(1).Data(1, "abc").Data(1, "def", end: true).Window(1, 5).Rst(1);
        Assert.Equal(["RST_STREAM 1 RefusedStream"], rig.Frames());
        Assert.Equal(["stream fault 1 RefusedStream 5.1.2"], rig.Events());
    }

    [Fact]
    public void Unknown_frames_are_ignored()
    {
        var rig = Rig.Server();
        rig.Raw((FrameType)0x16, 0xff, 0, new byte[8]).Raw(FrameType.AltSvc, 0, 0, 0, 0).Raw((FrameType)0xfe, 0, 77).Ping(1);
        Assert.Equal(["PING ack 1"], rig.Frames());
    }

    [Fact]
    public void PRIORITY_is_taken_on_any_stream_and_does_nothing()
    {
        var rig = Rig.Server();
        rig.Raw(FrameType.Priority, 0, 9, 0, 0, 0, 3, 5).Get(1).Raw(FrameType.Priority, 0, 1, 0, 0, 0, 3, 5);
        Assert.Empty(rig.Frames());
        Assert.Equal(["request 1 end GET /"], rig.Events());
    }

    [Fact]
    public void A_stream_error_of_PRIORITY_on_an_idle_stream_ends_the_connection()
    {
        var rig = Rig.Server();
        rig.Raw(FrameType.Priority, 0, 1, 0, 0, 0, 1);
        Assert.Equal(["GOAWAY 0 FrameSizeError"], rig.Frames());
    }

    [Fact]
    public void A_stream_error_on_an_open_request_resets_it()
    {
        var rig = Rig.Server();
        rig.Post(1).Raw(FrameType.Priority, 0, 1, 0, 0, 0, 0);
        Assert.Equal(["RST_STREAM 1 FrameSizeError"], rig.Frames());
        rig.Post(3).Window(3, 0);
        Assert.Equal(["RST_STREAM 3 ProtocolError"], rig.Frames());
        Assert.False(rig.IsFinished);
    }

    [Fact]
    public void A_stream_error_on_a_stream_that_we_reset_is_not_answered()
    {
        var rig = Rig.Server();
        rig.Post(1);
        rig.Reset(1);
        rig.Forget();
        rig.Window(1, 0);
        Assert.Empty(rig.Frames());
    }

    // CVE-2025-8671: each of these makes a server reset a stream that it works on
    [Theory]
    [InlineData("window update of 0", ErrorCode.ProtocolError)]
    [InlineData("window overflow", ErrorCode.FlowControlError)]
    [InlineData("priority of 4 octets", ErrorCode.FrameSizeError)]
    [InlineData("headers", ErrorCode.StreamClosed)]
    [InlineData("data", ErrorCode.StreamClosed)]
    public void A_client_that_errs_on_a_complete_request_loses_the_connection(string how, ErrorCode code)
    {
        var rig = Rig.Server();
        rig.Get(1).Get(3);
        foreach (var id in new uint[] { 1, 3 })
        {
            var copy = rig.State;
            _ = how switch
            {
                "window update of 0" => rig.Window(id, 0),
                "window overflow" => rig.Window(id, 0x7fffffff),
                "priority of 4 octets" => rig.Raw(FrameType.Priority, 0, id, 0, 0, 0, 0),
                "headers" => rig.Raw(FrameType.Headers, 0x5, id, 0x82),
                _ => rig.Data(id, "x"),
            };
            Assert.Equal([$"GOAWAY 3 {code}"], rig.Frames());
            rig.State = copy;
        }
    }

    [Theory]
    [InlineData(FrameType.Data)]
    [InlineData(FrameType.Headers)]
    [InlineData(FrameType.Priority)]
    [InlineData(FrameType.RstStream)]
    [InlineData(FrameType.PushPromise)]
    [InlineData(FrameType.Continuation)]
    public void Frames_of_streams_are_refused_on_stream_0(FrameType type)
    {
        var rig = Rig.Server();
        rig.Raw(type, 0x4, 0, new byte[5]);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Theory]
    [InlineData(FrameType.Settings, 6)]
    [InlineData(FrameType.Ping, 8)]
    [InlineData(FrameType.GoAway, 8)]
    public void Frames_of_the_connection_are_refused_on_streams(FrameType type, int length)
    {
        var rig = Rig.Server();
        rig.Raw(type, 0, 1, new byte[length]);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void PRIORITY_UPDATE_is_taken_from_clients_for_streams_within_the_limit()
    {
        var rig = Rig.Server(new() { MaxConcurrentStreams = 2 });
        rig.Raw(FrameType.PriorityUpdate, 0, 0, [0, 0, 0, 1, .. "u=1"u8]).Raw(FrameType.PriorityUpdate, 0, 0, [0, 0, 0, 3, .. "u=1"u8]);
        Assert.Empty(rig.Frames());
        rig.Raw(FrameType.PriorityUpdate, 0, 0, [0, 0, 0, 5, .. "u=1"u8]);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void PRIORITY_UPDATE_is_refused_for_idle_pushes_and_from_servers()
    {
        var rig = Rig.Server();
        rig.Raw(FrameType.PriorityUpdate, 0, 0, 0, 0, 0, 2);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
        var client = Rig.Client();
        client.Raw(FrameType.PriorityUpdate, 0, 0, 0, 0, 0, 1);
        Assert.Equal(["GOAWAY 0 ProtocolError"], client.Frames());
    }

    [Fact]
    public void A_request_that_is_sent_again_after_others_was_used_and_not_passed_over()
    {
        var rig = Rig.Server();
        foreach (var id in new uint[] { 1, 3, 5 })
        {
            rig.Get(id);
            rig.Respond(id);
        }
        rig.Forget();
        rig.Get(3);
        Assert.Equal(["connection fault StreamClosed 5.1"], rig.Events());
    }

    [Fact]
    public void DATA_on_a_stream_that_never_took_any_breaks_the_rule_for_idle_streams()
    {
        foreach (var id in new uint[] { 2, 3 })
        {
            var rig = Rig.Server().Get(1);
            rig.Push(1, out _, Rig.Request());
            rig.Forget();
            rig.Data(id, "x");
            Assert.Equal(Rules.Idle, rig.Effects.Events.OfType<ConnectionEvent.ConnectionFaulted>().Single().Fault.Rule);
        }
    }
}
