using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class GoAwayTests
{
    private const ulong ShutdownPing = 0x73687574646f776e;

    [Fact]
    public void A_graceful_end_warns_then_waits_a_round_trip_then_finishes_what_is_open()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Forget();
        rig.Shutdown();
        rig.Shutdown();
        Assert.Equal(["GOAWAY 2147483647 NoError", $"PING {ShutdownPing}"], rig.Frames());
        rig.Get(3);
        Assert.Equal(["request 3 end GET /"], rig.Events());
        rig.Ping(ShutdownPing, ack: true);
        Assert.Equal(["GOAWAY 3 NoError"], rig.Frames());
        rig.Respond(1);
        Assert.False(rig.IsFinished);
        rig.Respond(3);
        Assert.True(rig.IsFinished);
        Assert.Equal(["closed 1 NoError", "closed 3 NoError"], rig.Events());
    }

    [Fact]
    public void Without_an_answer_to_its_PING_the_graceful_end_goes_on_after_a_second()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Forget();
        rig.Shutdown();
        Assert.Equal(rig.Now + 1_000, Connection.NextDeadline(rig.State));
        rig.Tick(999);
        Assert.Equal(2, rig.Frames().Length);
        rig.Tick(1);
        Assert.Equal(["GOAWAY 1 NoError"], rig.Frames());
        Assert.Equal(rig.Now + 29_000, Connection.NextDeadline(rig.State));
        rig.Tick(28_999);
        Assert.False(rig.IsFinished);
        rig.Forget();
        rig.Tick(1);
        Assert.True(rig.IsFinished);
        Assert.Equal(["GOAWAY 1 NoError"], rig.Frames());
        Assert.Equal(["closed 1 Cancel abnormal"], rig.Events());
    }

    [Fact]
    public void Without_streams_a_graceful_end_finishes_at_once_after_the_round_trip()
    {
        var rig = Rig.Server();
        rig.Shutdown();
        Assert.False(rig.IsFinished);
        rig.Ping(ShutdownPing, ack: true);
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void Streams_beyond_the_final_GOAWAY_are_decoded_and_discarded()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535 });
        rig.Post(1);
        rig.Shutdown();
        rig.Ping(ShutdownPing, ack: true);
        rig.Forget();
        rig.Headers(3, false, [.. Rig.Request("POST"), ("x-indexed", "value")]);
        rig.Data(3, new byte[16384]).Data(3, new byte[16383]).Window(3, 0).Window(3, 7).Rst(3);
        Assert.Equal(["WINDOW_UPDATE 0 32767"], rig.Frames());
        Assert.Empty(rig.Events());
        rig.Headers(1, true, ("x-indexed", "value"));
        Assert.Equal(["trailers 1 x-indexed=value"], rig.Events());
    }

    [Fact]
    public void The_last_stream_never_grows()
    {
        var rig = Rig.Server();
        rig.Post(1);
        rig.Shutdown();
        rig.Ping(ShutdownPing, ack: true);
        rig.Forget();
        rig.Get(3);
        rig.Raw(FrameType.Ping, 0, 1, new byte[8]);
        Assert.Equal(["GOAWAY 1 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void An_abort_closes_every_stream_once()
    {
        var rig = Rig.Server();
        rig.Get(1).Post(3).Rst(1).Get(5);
        rig.Forget();
        rig.Abort(ErrorCode.InternalError);
        rig.Abort(ErrorCode.InternalError);
        Assert.Equal(["GOAWAY 5 InternalError"], rig.Frames());
        Assert.Equal(["closed 3 InternalError abnormal", "closed 5 InternalError abnormal"], rig.Events());
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void The_end_of_the_transport_closes_every_stream_once()
    {
        var rig = Rig.Server();
        rig.Get(1).Post(3);
        rig.Push(1, out _, Rig.Request());
        rig.Forget();
        rig.Disconnect();
        rig.Disconnect();
        Assert.Empty(rig.Frames());
        Assert.Equal(["closed 1 Cancel abnormal", "closed 2 Cancel abnormal", "closed 3 Cancel abnormal"], rig.Events());
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void A_client_ends_with_one_GOAWAY_and_waits_for_its_responses()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Forget();
        rig.Shutdown();
        Assert.Equal(["GOAWAY 0 NoError"], rig.Frames());
        Assert.Equal(Refusal.GoingAway, rig.Ask(out _));
        Assert.False(rig.IsFinished);
        rig.Headers(1, true, (":status", "200"));
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void A_server_that_is_told_to_go_takes_requests_but_promises_nothing()
    {
        var rig = Rig.Server();
        rig.GoAway(0).Get(1);
        Assert.Equal(["goaway 0 NoError ", "request 1 end GET /"], rig.Events());
        Assert.Equal(Refusal.GoingAway, Connection.CanPush(rig.State, new(1)));
    }

    [Fact]
    public void A_client_that_said_GOAWAY_has_left_once_its_last_stream_is_done()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.GoAway(0);
        Assert.False(Connection.IsLeft(rig.State));
        rig.Get(3);
        rig.Respond(1);
        Assert.False(Connection.IsLeft(rig.State));
        rig.Respond(3);
        Assert.True(Connection.IsLeft(rig.State));
        // what it had sent along with the GOAWAY is taken
        rig.Raw(FrameType.Headers, (int)FrameFlags.EndStream, 5, rig.Block(Rig.Request()));
        Assert.False(Connection.IsLeft(rig.State));
        rig.Raw(FrameType.Continuation, (int)FrameFlags.EndHeaders, 5);
        Assert.False(Connection.IsLeft(rig.State));
        rig.Respond(5);
        Assert.True(Connection.IsLeft(rig.State));
        rig.Forget();
        rig.Abort(ErrorCode.NoError);
        Assert.Equal(["GOAWAY 5 NoError"], rig.Frames());
        Assert.False(Connection.IsLeft(rig.State));
    }

    [Fact]
    public void Nobody_has_left_who_did_not_say_so()
    {
        Assert.False(Connection.IsLeft(Rig.Server().State));
        var client = Rig.Client();
        client.Ask(out _);
        client.GoAway(1);
        Assert.False(Connection.IsLeft(client.State));
    }

    [Fact]
    public void Promises_that_the_client_did_not_take_are_closed_by_its_GOAWAY()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Push(1, out _, Rig.Request());
        rig.Forget();
        rig.GoAway(0);
        Assert.Equal(["goaway 0 NoError ", "closed 2 RefusedStream abnormal"], rig.Events());
    }

    [Fact]
    public void A_connection_that_runs_out_of_identifiers_ends_gracefully()
    {
        var rig = Rig.Server(new() { LastStreamBeforeShutdown = 101 });
        rig.Get(99);
        Assert.Empty(rig.Frames());
        rig.Get(101);
        Assert.Equal(["GOAWAY 2147483647 NoError", $"PING {ShutdownPing}"], rig.Frames());
        rig.Get(103);
        Assert.Empty(rig.Frames());
    }

    [Fact]
    public void A_client_without_identifiers_opens_nothing()
    {
        var rig = Rig.Client();
        var core = rig.State.Core;
        core.Streams.OpenOwn(new(0x7ffffffd));
        rig.State = new ConnectionState(core);
        Assert.Equal(Refusal.None, rig.Ask(out var last));
        Assert.Equal(0x7fffffffu, last);
        Assert.Equal(Refusal.GoingAway, rig.Ask(out _));
    }

    [Fact]
    public void A_server_without_identifiers_promises_nothing()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { MaxPushes = int.MaxValue }).Get(1);
        var core = rig.State.Core;
        core.Streams.OpenOwn(new(0x7ffffffc));
        rig.State = new ConnectionState(core);
        Assert.Equal(Refusal.None, rig.Push(1, out var last, Rig.Request()));
        Assert.Equal(0x7ffffffeu, last);
        Assert.Equal(Refusal.GoingAway, rig.Push(1, out _, Rig.Request()));
    }

    [Fact]
    public void An_error_of_the_connection_closes_every_stream_with_its_code()
    {
        var rig = Rig.Server();
        rig.Get(1).Post(3);
        rig.Forget();
        rig.Raw(FrameType.Ping, 0, 0, new byte[6]);
        Assert.Equal(["GOAWAY 3 FrameSizeError"], rig.Frames());
        Assert.Equal(
            ["closed 1 FrameSizeError abnormal", "closed 3 FrameSizeError abnormal", "connection fault FrameSizeError 6.7"], rig.Events());
    }
}
