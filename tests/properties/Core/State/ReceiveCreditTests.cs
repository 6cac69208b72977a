using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>The credit that this end gives for what it receives (RFC 9113 §5.2, §6.9).</summary>
public sealed class ReceiveCreditTests
{
    [Fact]
    public void SETTINGS_do_not_touch_the_window_of_the_connection()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.InitialWindowSize, 0x7fffffff);
        Assert.Equal(65535, rig.State.Core.Flow.Send.Octets);
    }

    [Fact]
    public void Consumed_octets_are_given_back_once_half_a_window_is_owed()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535, InitialStreamWindow = 40_000 });
        rig.Post(1).Data(1, new byte[16_000]).Data(1, new byte[4_000]);
        rig.Forget();
        rig.Consume(1, 19_999);
        Assert.Empty(rig.Frames());
        rig.Consume(1, 1);
        Assert.Equal(["WINDOW_UPDATE 1 20000"], rig.Frames());
        rig.Data(1, new byte[12_000]);
        rig.Consume(1, 12_000);
        Assert.Empty(rig.Frames());
        rig.Data(1, new byte[1_000]);
        rig.Consume(1, 1_000);
        Assert.Equal(["WINDOW_UPDATE 0 33000"], rig.Frames());
    }

    [Fact]
    public void No_more_is_given_back_than_came()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535, InitialStreamWindow = 10 });
        rig.Post(1).Data(1, "12345");
        rig.Consume(1, 1_000_000);
        rig.Consume(1, 1_000_000);
        rig.Consume(1, -5);
        rig.Consume(77, 5);
        Assert.Equal(["WINDOW_UPDATE 1 5"], rig.Frames());
        Assert.Equal(0, rig.State.Core.Flow.Unread);
    }

    [Fact]
    public void What_nobody_consumed_is_given_back_when_the_stream_closes()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535, MaxUnreadPerConnection = 65535 });
        rig.Post(1).Data(1, new byte[16_384]).Data(1, new byte[16_383]);
        Assert.Empty(rig.Frames());
        rig.Rst(1);
        Assert.Equal(["WINDOW_UPDATE 0 32767"], rig.Frames());
        rig.Consume(1, 16_384);
        Assert.Equal(65535, rig.State.Core.Flow.Receive.Octets);
    }

    [Fact]
    public void What_is_unread_on_streams_does_not_keep_the_connections_window()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535, InitialStreamWindow = 40_000 });
        rig.Post(1).Data(1, new byte[16_384]);
        Assert.Empty(rig.Frames());
        rig.Data(1, new byte[16_383]);
        Assert.Equal(["WINDOW_UPDATE 0 32767"], rig.Frames());
        Assert.Equal((32_767, 32_767), (Connection.Unread(rig.State), Connection.Unconsumed(rig.State, new(1))));
    }

    [Fact]
    public void A_bound_on_what_is_unread_holds_the_connections_window_back()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535, MaxUnreadPerConnection = 100_000 });
        rig.Post(1).Post(3).Data(3, "x");
        for (var i = 0; i < 5; i++)
            rig.Data(1, new byte[16_384]);
        rig.Data(1, new byte[16_000]);
        // 97,921 are unread, so 2,079 may come
        Assert.Equal(2_079, rig.State.Core.Flow.Receive.Octets);
        Assert.False(Connection.MayPeerSend(rig.State, new(1)));
        rig.Consume(3, 1);
        Assert.False(Connection.MayPeerSend(rig.State, new(3)));
        rig.Forget();
        rig.Consume(1, 1_000);
        Assert.Empty(rig.Frames());
        rig.Consume(1, 1_500);
        Assert.Equal(["WINDOW_UPDATE 0 2501"], rig.Frames());
        rig.Consume(1, 65_000);
        Assert.True(Connection.MayPeerSend(rig.State, new(3)));
    }

    [Fact]
    public void A_bound_that_is_lowered_takes_no_credit_back_and_one_that_is_raised_gives_it_at_once()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535 }).Post(1).Data(1, new byte[16_384]).Data(1, new byte[16_384]);
        rig.Forget();
        rig.BoundUnread(1);
        Assert.Empty(rig.Frames());
        Assert.Equal(65535, rig.State.Core.Flow.Receive.Octets);
        rig.Data(1, new byte[16_384]).Data(1, new byte[16_384]).Data(1, new byte[16_384]);
        Assert.Empty(rig.Frames());
        rig.BoundUnread(0);
        Assert.Equal(["WINDOW_UPDATE 0 49152"], rig.Frames());
    }

    /// <summary>A reader that keeps most of what came, and takes a little, gets that little: else it may wait for ever.</summary>
    [Fact]
    public void Credit_that_is_less_than_half_a_window_is_announced_once_the_peer_has_no_more_than_that()
    {
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535, InitialStreamWindow = 10 }).Post(1).Data(1, "12345");
        rig.Consume(1, 3);
        Assert.Empty(rig.Frames());
        rig.Data(1, "6");
        Assert.Empty(rig.Frames());
        rig.Data(1, "7");
        Assert.Equal(["WINDOW_UPDATE 1 3"], rig.Frames());
        rig.Data(1, "890abc");
        rig.Consume(1, 1);
        Assert.Equal(["WINDOW_UPDATE 1 1"], rig.Frames());
    }

    [Fact]
    public void Whether_it_is_the_peers_turn_is_known_for_each_stream()
    {
        var rig = Rig.Server(new() { InitialStreamWindow = 10 }).Post(1).Get(3);
        bool[] Turns() => [.. new uint[] { 1, 3, 5 }.Select(id => Connection.MayPeerSend(rig.State, new(id)))];
        Assert.Equal([true, false, false], Turns());
        rig.Data(1, "12345");
        Assert.Equal([false, false, false], Turns());
        rig.Consume(1, 5);
        Assert.Equal([true, false, false], Turns());
        rig.Submit(new Setting(SettingId.InitialWindowSize, 0));
        Assert.Equal([false, false, false], Turns());
    }

    [Fact]
    public void A_stream_whose_body_ended_gets_no_credit()
    {
        var rig = Rig.Server(new() { InitialStreamWindow = 10 });
        rig.Post(1).Data(1, "1234567890", end: true);
        rig.Consume(1, 10);
        Assert.Empty(rig.Frames());
    }

    [Fact]
    public void A_window_of_0_stays_closed_until_SETTINGS_open_it()
    {
        var rig = Rig.Server(new() { InitialStreamWindow = 0 });
        rig.Post(1).Data(1, "", end: false);
        Assert.False(rig.IsFinished);
        rig.Data(1, "x");
        Assert.Equal(["GOAWAY 1 FlowControlError"], rig.Frames());
    }

    [Fact]
    public void What_was_delivered_and_not_consumed_is_known_for_each_stream()
    {
        var rig = Rig.Server().Post(1).Post(3).Data(1, "abc").Data(1, "de").Data(3, "x");
        rig.Consume(1, 1);
        Assert.Equal([4L, 1L, 0L], new uint[] { 1, 3, 5 }.Select(id => Connection.Unconsumed(rig.State, new(id))));
        rig.Rst(1);
        Assert.Equal(0, Connection.Unconsumed(rig.State, new(1)));
    }
}
