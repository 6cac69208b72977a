using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class PrefaceTests
{
    [Fact]
    public void A_server_begins_with_SETTINGS_and_widens_the_connection_window()
    {
        var rig = Rig.Fresh(Role.Server);
        Assert.Equal(
            ["SETTINGS MaxConcurrentStreams=100 InitialWindowSize=262144 MaxHeaderListSize=32768 NoRfc7540Priorities=1",
             "WINDOW_UPDATE 0 983041"],
            rig.Frames());
    }

    [Fact]
    public void A_client_begins_with_the_magic_octets()
    {
        var rig = Rig.Fresh(Role.Client, new() { EnablePush = false, InitialConnectionWindow = 65535 });
        Assert.Equal(
            ["MAGIC",
             "SETTINGS EnablePush=0 MaxConcurrentStreams=100 InitialWindowSize=262144 MaxHeaderListSize=32768 NoRfc7540Priorities=1"],
            rig.Frames());
    }

    [Fact]
    public void What_differs_from_the_defaults_is_announced()
    {
        var rig = Rig.Fresh(Role.Server, new() { DecoderTableSize = 8192, MaxFrameSize = 32768, EnableConnectProtocol = true });
        Assert.Contains("HeaderTableSize=8192", rig.Frames()[0], StringComparison.Ordinal);
        rig = Rig.Fresh(Role.Server, new() { DecoderTableSize = 0, MaxFrameSize = 32768, EnableConnectProtocol = true });
        var settings = rig.Frames()[0];
        Assert.Contains("HeaderTableSize=0", settings, StringComparison.Ordinal);
        Assert.Contains("MaxFrameSize=32768", settings, StringComparison.Ordinal);
        Assert.Contains("EnableConnectProtocol=1", settings, StringComparison.Ordinal);
    }

    [Fact]
    public void The_peers_first_SETTINGS_are_applied_and_acknowledged()
    {
        var rig = Rig.Fresh(Role.Server);
        rig.Forget();
        rig.Octets(WireConstants.Preface);
        rig.Settings(new Setting(SettingId.InitialWindowSize, 5), new Setting((SettingId)0xff, 1));
        Assert.Equal(["SETTINGS ack"], rig.Frames());
        Assert.Equal(["settings InitialWindowSize=5 255=1"], rig.Events());
    }

    [Fact]
    public void An_octet_that_differs_from_the_magic_is_judged_at_once()
    {
        var rig = Rig.Fresh(Role.Server);
        rig.Forget();
        Assert.Equal(0, rig.Octets("PRI * HTTP/1"u8));
        Assert.True(rig.IsFinished);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
        Assert.Equal(["connection fault ProtocolError 3.4"], rig.Events());
    }

    [Fact]
    public void GOAWAY_names_the_broken_rule_in_its_debug_data()
    {
        var rig = Rig.Server();
        rig.Ping(1).Window(0, 0);
        var goAway = rig.Effects.Output.WrittenMemory.Span[17..];
        Assert.Equal("RFC 9113 6.9: a window increment is not 0", System.Text.Encoding.UTF8.GetString(goAway[(9 + 8)..]));
    }

    [Fact]
    public void A_part_of_the_magic_is_not_judged_yet()
    {
        var rig = Rig.Fresh(Role.Server);
        Assert.Equal(0, rig.Octets(WireConstants.Preface[..23]));
        Assert.False(rig.IsFinished);
    }

    [Theory]
    [InlineData(Role.Server)]
    [InlineData(Role.Client)]
    public void A_first_frame_that_is_not_SETTINGS_is_a_connection_error(Role role)
    {
        var rig = Rig.Fresh(role);
        if (role == Role.Server)
            rig.Octets(WireConstants.Preface);
        rig.Forget();
        rig.Ping(1);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
        Assert.Equal(["connection fault ProtocolError 3.4"], rig.Events());
    }

    [Fact]
    public void A_first_frame_that_acknowledges_SETTINGS_is_a_connection_error()
    {
        var rig = Rig.Fresh(Role.Server);
        rig.Octets(WireConstants.Preface);
        rig.Forget();
        rig.SettingsAck();
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void A_connection_that_is_over_takes_nothing()
    {
        var rig = Rig.Server();
        rig.Raw(FrameType.Ping, 0, 3, new byte[8]);
        rig.Forget();
        var before = rig.State;
        Assert.Equal(0, rig.Octets(new byte[100]));
        rig.Get(1);
        rig.Tick(100_000);
        rig.Shutdown();
        rig.Abort(ErrorCode.NoError);
        rig.EndOfInput();
        rig.Disconnect();
        rig.SendPing(1);
        rig.Drain();
        Assert.Equal(Refusal.StreamClosed, rig.Respond(1));
        Assert.Equal(Refusal.StreamClosed, rig.Reset(1));
        Assert.Equal(Refusal.GoingAway, rig.Submit(new Setting(SettingId.InitialWindowSize, 1)));
        Assert.Equal(before, rig.State);
        Assert.Empty(rig.Frames());
        Assert.Empty(rig.Events());
        Assert.Equal(long.MaxValue, Connection.NextDeadline(rig.State));
    }
}
