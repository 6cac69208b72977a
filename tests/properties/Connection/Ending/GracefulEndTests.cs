using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>A graceful end: a warning, a round trip, and then the last stream that is still served (RFC 9113 §6.8).</summary>
public sealed class GracefulEndTests
{
    [Fact]
    public void A_graceful_end_warns_then_waits_a_round_trip_then_finishes_what_is_open()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Forget();
        rig.Shutdown();
        rig.Shutdown();
        Assert.Equal(["GOAWAY 2147483647 NoError", $"PING {Rig.ShutdownPing}"], rig.Frames());
        rig.Get(3);
        Assert.Equal(["request 3 end GET /"], rig.Events());
        rig.Ping(Rig.ShutdownPing, ack: true);
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
        rig.Ping(Rig.ShutdownPing, ack: true);
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void Streams_beyond_the_final_GOAWAY_are_decoded_and_discarded()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535 });
        rig.Post(1);
        rig.Shutdown();
        rig.Ping(Rig.ShutdownPing, ack: true);
        rig.Forget();
        rig.Headers(3, false, [.. Rig.Request("POST"), ("x-indexed", "value")]);
        rig.Data(3, new byte[16384]).Data(3, new byte[16383]).Window(3, 0).Window(3, 7).Rst(3);
        Assert.Equal(["WINDOW_UPDATE 0 32767"], rig.Frames());
        Assert.Empty(rig.Events());
        rig.Headers(1, true, ("x-indexed", "value"));
        Assert.Equal(["trailers 1 x-indexed=value"], rig.Events());
    }

    [Fact]
    public void Only_the_answer_to_the_warning_ends_the_warning()
    {
        var rig = Rig.Server().Get(1);
        rig.Forget();
        rig.Shutdown();
        var sent = rig.Frames();
        Assert.Equal(2, sent.Length);
        var opaque = ulong.Parse(sent[1]["PING ".Length..]);
        rig.Ping(7, ack: true);
        Assert.Empty(rig.Frames());
        rig.Ping(opaque, ack: true);
        Assert.Equal(["GOAWAY 1 NoError"], rig.Frames());
        var other = Rig.Server().Get(1).Ping(opaque, ack: true);
        other.Forget();
        Assert.Empty(other.Ping(opaque, ack: true).Frames());
    }

    [Fact]
    public void The_end_of_a_block_that_nobody_wants_may_be_the_end_of_the_connection()
    {
        var rig = Rig.Server().Get(1);
        rig.Respond(1);
        var block = rig.Block(Rig.Request());
        rig.Raw(FrameType.Headers, 1, 3, block.AsSpan(0, 2));
        rig.Shutdown();
        rig.Tick(1000);
        Assert.False(rig.IsFinished);
        rig.Raw(FrameType.Continuation, 4, 3, block.AsSpan(2));
        Assert.True(rig.IsFinished);
    }
}
