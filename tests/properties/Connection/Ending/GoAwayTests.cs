using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

public sealed class GoAwayTests
{
    [Fact]
    public void The_last_stream_never_grows()
    {
        var rig = Rig.Server();
        rig.Post(1);
        rig.Shutdown();
        rig.Ping(Rig.ShutdownPing, ack: true);
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
        Assert.Equal(["GOAWAY 2147483647 NoError", $"PING {Rig.ShutdownPing}"], rig.Frames());
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

    [Fact]
    public void A_promise_that_comes_after_our_last_GOAWAY_does_not_make_the_next_one_grow()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Forget();
        rig.Shutdown();
        Assert.Equal(["GOAWAY 0 NoError"], rig.Frames());
        rig.Promise(1, 2, Rig.Request());
        rig.Forget();
        rig.Abort(ErrorCode.InternalError);
        Assert.Equal(["GOAWAY 0 InternalError"], rig.Frames());
        Assert.True(rig.State.Core.Closing.IsFinal);
    }

    [Fact]
    public void The_GOAWAY_that_tells_of_an_error_is_the_last()
    {
        var rig = Rig.Server().Get(1);
        rig.Shutdown();
        Assert.False(rig.State.Core.Closing.IsFinal);
        rig.Window(0, 0);
        Assert.True(rig.State.Core.Closing.IsFinal);
    }

    [Fact]
    public void GOAWAY_ends_the_clients_streams_that_were_not_seen_and_no_pushes()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Ask(out _);
        rig.Promise(1, 4, Rig.Request());
        rig.Forget();
        rig.GoAway(1);
        Assert.Equal(["goaway 1 NoError ", "closed 3 RefusedStream abnormal"], rig.Events());
        Assert.Equal(StreamState.ReservedRemote, rig.StateOf(4));
        Assert.False(rig.IsFinished);
        Assert.True(Rig.Client().GoAway(0).IsFinished);
        Assert.False(Rig.Server().GoAway(0).IsFinished);
    }
}
