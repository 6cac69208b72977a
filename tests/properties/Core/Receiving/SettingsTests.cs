using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class SettingsTests
{
    [Fact]
    public void Entries_are_applied_in_order()
    {
        var rig = Rig.Server();
        rig.Settings(new Setting(SettingId.InitialWindowSize, 100), new Setting(SettingId.InitialWindowSize, 1)).Get(1);
        rig.Forget();
        rig.Respond(1, 200, "hello");
        rig.Drain();
        Assert.Equal(["HEADERS 1 :status=200", "DATA 1 h"], rig.Frames());
    }

    [Theory]
    [InlineData(SettingId.EnablePush, 2u, ErrorCode.ProtocolError)]
    [InlineData(SettingId.InitialWindowSize, 0x80000000u, ErrorCode.FlowControlError)]
    [InlineData(SettingId.MaxFrameSize, 16383u, ErrorCode.ProtocolError)]
    [InlineData(SettingId.MaxFrameSize, 16777216u, ErrorCode.ProtocolError)]
    [InlineData(SettingId.EnableConnectProtocol, 2u, ErrorCode.ProtocolError)]
    [InlineData(SettingId.NoRfc7540Priorities, 2u, ErrorCode.ProtocolError)]
    public void Values_out_of_range_end_the_connection(SettingId id, uint value, ErrorCode code)
    {
        var rig = Rig.Server();
        rig.Setting(id, value);
        Assert.Equal([$"GOAWAY 0 {code}"], rig.Frames());
    }

    [Fact]
    public void A_server_that_allows_pushes_to_itself_is_in_error()
    {
        var rig = Rig.Client();
        rig.Setting(SettingId.EnablePush, 1);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void Extended_CONNECT_cannot_be_taken_back()
    {
        var rig = Rig.Client();
        rig.Setting(SettingId.EnableConnectProtocol, 1).Setting(SettingId.EnableConnectProtocol, 0);
        Assert.Equal(["SETTINGS ack", "GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void The_choice_about_priorities_cannot_change()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.NoRfc7540Priorities, 0);
        Assert.Equal(["SETTINGS ack"], rig.Frames());
        rig.Setting(SettingId.NoRfc7540Priorities, 1);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void An_acknowledgement_of_nothing_is_a_connection_error()
    {
        var rig = Rig.Server();
        rig.SettingsAck();
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
        Assert.Equal(["connection fault ProtocolError 6.5.3"], rig.Events());
    }

    [Fact]
    public void Settings_of_ours_are_acknowledged_in_the_order_they_were_sent()
    {
        var rig = Rig.Server();
        Assert.Equal(Refusal.None, rig.Submit(new Setting(SettingId.InitialWindowSize, 1000)));
        Assert.Equal(Refusal.None, rig.Submit(new Setting(SettingId.InitialWindowSize, 10)));
        Assert.Equal(["SETTINGS InitialWindowSize=1000", "SETTINGS InitialWindowSize=10"], rig.Frames());
        rig.SettingsAck();
        // the peer may still count on the 1000 octets
        rig.Post(1).Data(1, new byte[1000]);
        Assert.False(rig.IsFinished);
        rig.SettingsAck();
        Assert.Equal(2, rig.Events().Count(line => line == "settings acknowledged"));
        rig.Post(3).Data(3, new byte[11]);
        Assert.Equal(["GOAWAY 3 FlowControlError"], rig.Frames());
    }

    [Theory]
    [InlineData(SettingId.NoRfc7540Priorities, 0u)]
    [InlineData(SettingId.EnableConnectProtocol, 1u)]
    [InlineData(SettingId.MaxFrameSize, 1u)]
    [InlineData(SettingId.EnablePush, 1u)]
    [InlineData(SettingId.HeaderTableSize, 0x80000000u)]
    public void Settings_we_must_not_send_are_refused(SettingId id, uint value)
    {
        var rig = Rig.Server();
        var before = rig.State;
        Assert.Equal(Refusal.InvalidArgument, rig.Submit(new Setting(id, value)));
        Assert.Equal(before, rig.State);
        Assert.Empty(rig.Frames());
    }

    [Fact]
    public void Our_table_size_binds_the_decoder_once_it_is_acknowledged()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Submit(new Setting(SettingId.HeaderTableSize, 0));
        rig.Get(3);
        Assert.False(rig.IsFinished);
        rig.SettingsAck().Get(5);
        // the next block had to begin with a size update
        Assert.Equal("connection fault CompressionError 4.3", rig.Events()[^1]);
    }

    [Fact]
    public void The_peers_table_size_is_kept_by_our_encoder()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.HeaderTableSize, 0).Get(1);
        rig.Forget();
        rig.Respond(1, Rig.Head(200, -1, ("x-a", "b")), []);
        // the rig's decoder would refuse a table larger than allowed; what matters is that a size update came first
        Assert.Equal(0x20, rig.Effects.Output.Written()[9]);
        Assert.Equal(["HEADERS 1 end :status=200 x-a=b"], rig.Frames());
    }

    [Fact]
    public void A_PING_is_answered_with_its_octets()
    {
        var rig = Rig.Server();
        rig.Ping(0x0102030405060708);
        Assert.Equal(["PING ack 72623859790382856"], rig.Frames());
    }

    [Fact]
    public void An_answer_to_our_PING_is_told_and_others_are_ignored()
    {
        var rig = Rig.Server();
        rig.SendPing(5);
        rig.SendPing(6);
        rig.Ping(7, ack: true).Ping(6, ack: true).Ping(6, ack: true).Ping(5, ack: true);
        Assert.Equal(["PING 5", "PING 6"], rig.Frames());
        Assert.Equal(["ping acknowledged 6", "ping acknowledged 5"], rig.Events());
    }
}
