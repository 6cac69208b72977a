using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>PRIORITY of RFC 7540, which does nothing, and PRIORITY_UPDATE of RFC 9218.</summary>
public sealed class PriorityTests
{
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
    public void A_broken_PRIORITY_is_judged_before_it_is_counted()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { GlitchLimit = new(0, 0) });
        rig.Raw(FrameType.Priority, 0, 0, 0, 0, 0, 1, 16);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    [InlineData(7, false)]
    [InlineData(2, true)]
    [InlineData(4, false)]
    public void A_priority_is_taken_for_streams_that_may_be_open(uint id, bool taken)
    {
        // 1 and 2 are open, and there is room for two more
        var rig = Rig.Server(ConnectionOptions.Default with { MaxConcurrentStreams = 3 }).Get(1);
        rig.Push(1, out _, Rig.Request());
        rig.Send(output => PriorityUpdateFrame.Write(output, new(id), "u=1"u8));
        Assert.Equal(taken, !rig.IsFinished);
    }

    [Fact]
    public void A_priority_is_taken_for_streams_below_the_highest_and_for_pushes()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { MaxConcurrentStreams = 3 }).Get(1).Get(3).Get(5);
        rig.Push(1, out _, Rig.Request());
        Assert.False(rig.Send(output => PriorityUpdateFrame.Write(output, new(1), "u=1"u8)).IsFinished);
        var pushing = Rig.Server(ConnectionOptions.Default with { MaxConcurrentStreams = 1 }).Get(1);
        pushing.Push(1, out var promised, Rig.Request());
        Assert.False(pushing.Send(output => PriorityUpdateFrame.Write(output, new(promised), "u=1"u8)).IsFinished);
    }

    [Fact]
    public void A_priority_is_taken_for_a_stream_that_is_open_although_the_limit_is_below_what_is_open()
    {
        var rig = Rig.Server().Get(1).Get(3).Get(5);
        rig.Submit(new Setting(SettingId.MaxConcurrentStreams, 1));
        Assert.False(rig.Send(output => PriorityUpdateFrame.Write(output, new(5), "u=1"u8)).IsFinished);
        Assert.True(rig.Send(output => PriorityUpdateFrame.Write(output, new(7), "u=1"u8)).IsFinished);
    }
}
