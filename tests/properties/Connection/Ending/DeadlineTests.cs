using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

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
    public void A_tick_before_every_deadline_changes_nothing()
    {
        var rig = Rig.Server();
        rig.Post(1);
        var before = rig.State;
        rig.Tick(100_000_000);
        Assert.Equal(before, rig.State);
    }

    [Fact]
    public void A_tick_before_its_time_changes_nothing()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { SettingsTimeout = TimeSpan.FromMilliseconds(1_000_000) }).Get(1);
        rig.Respond(1);
        var (before, due) = (rig.State, Connection.NextDeadline(rig.State));
        rig.Tick(10);
        Assert.Equal(before, rig.State);
        Assert.Equal(due, Connection.NextDeadline(rig.State));
    }

    [Fact]
    public void Each_overdue_thing_has_its_own_code()
    {
        // SETTINGS are due before the preface is
        var early = Rig.Fresh(Role.Server, ConnectionOptions.Default with { SettingsTimeout = TimeSpan.FromMilliseconds(1000) });
        early.Forget();
        early.Tick(1000);
        Assert.Equal(["GOAWAY 0 SettingsTimeout"], early.Frames());

        // a header block is due before SETTINGS are
        var block = Rig.Fresh(Role.Server, ConnectionOptions.Default with { SettingsTimeout = TimeSpan.FromMilliseconds(50_000) });
        block.Octets(WireConstants.Preface);
        block.Settings().Raw(FrameType.Headers, 0, 1, 0x82);
        block.Forget();
        Assert.Equal(block.Now + 30_000, Connection.NextDeadline(block.State));
        block.Tick(30_000);
        Assert.Equal(["GOAWAY 0 EnhanceYourCalm"], block.Frames());

        // the warning is over before the header block is due
        var warned = Rig.Server().Get(1);
        warned.Raw(FrameType.Headers, 0, 3, 0x82);
        warned.Shutdown();
        warned.Forget();
        warned.Tick(1000);
        Assert.Equal(["GOAWAY 1 NoError"], warned.Frames());
    }
}
