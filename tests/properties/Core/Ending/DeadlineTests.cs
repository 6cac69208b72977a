using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class DeadlineTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_preface_that_is_late_ends_the_connection(bool magic)
    {
        var rig = Rig.Fresh(Role.Server);
        if (magic)
            rig.Octets(WireConstants.Preface);
        rig.Forget();
        Assert.Equal(rig.Now + 10_000, Connection.NextDeadline(rig.State));
        rig.Tick(9_999);
        Assert.False(rig.IsFinished);
        rig.Tick(1);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
        Assert.Equal(["connection fault ProtocolError slow preface"], rig.Events());
    }

    [Fact]
    public void SETTINGS_that_are_not_acknowledged_end_the_connection()
    {
        var rig = Rig.Fresh(Role.Server);
        rig.Octets(WireConstants.Preface);
        rig.Settings();
        rig.Forget();
        rig.Tick(14_999);
        Assert.Empty(rig.Frames());
        rig.Tick(1);
        Assert.Equal(["GOAWAY 0 SettingsTimeout"], rig.Frames());
        Assert.Equal(["connection fault SettingsTimeout 6.5.3"], rig.Events());
    }

    /// <summary>As when its process is stopped for a while behind its first request.</summary>
    [Fact]
    public void A_peer_with_a_stream_open_has_twice_as_long_to_acknowledge_SETTINGS()
    {
        var rig = Rig.Fresh(Role.Server);
        rig.Octets(WireConstants.Preface);
        rig.Settings().Get(1);
        rig.Forget();
        rig.Tick(29_999);
        Assert.Empty(rig.Frames());
        rig.Tick(1);
        Assert.Equal(["GOAWAY 1 SettingsTimeout"], rig.Frames());
    }

    [Fact]
    public void A_header_block_that_stays_open_ends_the_connection()
    {
        var rig = Rig.Server();
        rig.Raw(FrameType.Headers, 0, 1, 0x82);
        rig.Tick(26_000);
        rig.Raw(FrameType.Continuation, 0, 1, 0x86);
        rig.Tick(3_999);
        Assert.False(rig.IsFinished);
        rig.Tick(1);
        Assert.Equal(["GOAWAY 0 EnhanceYourCalm"], rig.Frames());
    }

    [Fact]
    public void An_idle_connection_ends_gracefully()
    {
        var rig = Rig.Server();
        Assert.Equal(rig.Now + 120_000, Connection.NextDeadline(rig.State));
        rig.Tick(119_999);
        Assert.Empty(rig.Frames());
        rig.Ping(1);
        rig.Forget();
        rig.Tick(119_999);
        Assert.Empty(rig.Frames());
        rig.Tick(1);
        Assert.Equal("GOAWAY 2147483647 NoError", rig.Frames()[0]);
        rig.Tick(1_000);
        Assert.True(rig.IsFinished);
    }

    /// <summary>An idle connection is no server that stops: a request that met the warning is done when it is done.</summary>
    [Fact]
    public void A_request_that_came_as_an_idle_connection_ended_has_all_the_time_it_needs()
    {
        var rig = Rig.Server();
        rig.Tick(120_000);
        rig.Get(1);
        rig.Tick(1_000);
        rig.Forget();
        Assert.Equal(long.MaxValue, Connection.NextDeadline(rig.State));
        rig.Tick(10_000_000);
        Assert.Empty(rig.Frames());
        Assert.False(rig.IsFinished);
        rig.Respond(1);
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void A_server_that_stops_bounds_also_what_an_idle_connection_had_left_open()
    {
        var rig = Rig.Server();
        rig.Tick(120_000);
        rig.Get(1);
        rig.Tick(1_000);
        rig.Tick(500_000);
        rig.Forget();
        rig.Shutdown();
        Assert.Empty(rig.Frames());
        Assert.Equal(rig.Now + 30_000, Connection.NextDeadline(rig.State));
        rig.Tick(30_000);
        Assert.True(rig.IsFinished);
        Assert.Equal(["closed 1 Cancel abnormal"], rig.Events());
    }

    [Fact]
    public void A_connection_with_work_is_not_idle()
    {
        var rig = Rig.Server();
        rig.Get(1).Rst(1);
        Assert.Equal(long.MaxValue, Connection.NextDeadline(rig.State));
        rig.Retire(1);
        rig.Get(3);
        Assert.Equal(long.MaxValue, Connection.NextDeadline(rig.State));
        rig.Forget();
        rig.Tick(1_000_000);
        Assert.Empty(rig.Frames());
        rig.Respond(3);
        rig.Forget();
        // the answer came at a time the core was not told: idleness begins with the next tick
        rig.Tick(1);
        Assert.Empty(rig.Frames());
        Assert.Equal(rig.Now + 120_000, Connection.NextDeadline(rig.State));
        rig.Tick(120_000);
        Assert.Equal("GOAWAY 2147483647 NoError", rig.Frames()[0]);
    }

    [Fact]
    public void A_tick_before_every_deadline_changes_nothing()
    {
        var rig = Rig.Server();
        rig.Post(1);
        var before = rig.State;
        rig.Tick(100_000_000);
        Assert.Equal(before, rig.State);
    }
}
