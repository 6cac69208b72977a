using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class FlowControlTests
{
    [Fact]
    public void A_body_waits_for_the_window_of_its_stream()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.InitialWindowSize, 3).Get(1);
        rig.Forget();
        Assert.Equal(Refusal.None, rig.Respond(1, 200, "hello!"));
        Assert.Equal(6, Connection.Queued(rig.State, new(1)));
        Assert.True(Connection.CanDrain(rig.State));
        rig.Drain();
        Assert.False(Connection.CanDrain(rig.State));
        Assert.Equal(["HEADERS 1 :status=200", "DATA 1 hel"], rig.Frames());
        rig.Window(1, 2);
        rig.Drain();
        rig.Window(1, 100);
        rig.Drain();
        Assert.Equal(["DATA 1 lo", "DATA 1 end !"], rig.Frames());
        Assert.Equal(["sent 1 3 3", "sent 1 2 1", "sent 1 1 0", "closed 1 NoError"], rig.Events());
    }

    [Fact]
    public void A_smaller_initial_window_may_make_a_window_negative()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.InitialWindowSize, 3).Get(1);
        rig.Respond(1, 200, "hello");
        rig.Drain();
        rig.Forget();
        rig.Setting(SettingId.InitialWindowSize, 2);
        Assert.False(Connection.CanDrain(rig.State));
        rig.Window(1, 2);
        rig.Drain();
        Assert.Equal(["SETTINGS ack", "DATA 1 l"], rig.Frames());
    }

    [Fact]
    public void A_larger_initial_window_frees_streams_that_wait()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.InitialWindowSize, 0).Get(1);
        rig.Respond(1, 200, "hello");
        rig.Drain();
        rig.Forget();
        rig.Setting(SettingId.InitialWindowSize, 1);
        Assert.True(Connection.CanDrain(rig.State));
        rig.Drain();
        Assert.Equal(["SETTINGS ack", "DATA 1 h"], rig.Frames());
    }

    [Fact]
    public void A_body_waits_for_the_window_of_the_connection()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.InitialWindowSize, 1 << 20).Get(1).Get(3);
        rig.Forget();
        rig.Respond(1, Rig.Head(200), new byte[60_000]);
        rig.Respond(3, Rig.Head(200), new byte[6_000]);
        rig.Drain();
        Assert.False(Connection.CanDrain(rig.State));
        Assert.Equal("DATA 3 (5535)", rig.Frames()[^1]);
        rig.Window(0, 1000);
        Assert.True(Connection.CanDrain(rig.State));
        rig.Drain();
        Assert.Equal(["DATA 3 end (465)"], rig.Frames());
    }

    [Fact]
    public void Streams_take_turns_and_the_turn_survives_between_drains()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.InitialWindowSize, 1 << 20).Window(0, 1 << 20);
        foreach (var id in new uint[] { 1, 3, 5 })
        {
            rig.Get(id);
            rig.Respond(id, Rig.Head(200), new byte[70_000]);
        }
        rig.Forget();
        for (var i = 0; i < 4; i++)
            rig.Drain(1);
        rig.Drain(40_000);
        Assert.Equal(
            ["DATA 1 (16384)", "DATA 3 (16384)", "DATA 5 (16384)", "DATA 1 (16384)",
             "DATA 3 (16384)", "DATA 5 (16384)", "DATA 1 (16384)"],
            rig.Frames());
    }

    [Fact]
    public void DATA_keeps_to_the_peers_frame_size_and_gathers_small_parts()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.MaxFrameSize, 20_000).Post(1);
        rig.Respond(1, 200, end: false);
        rig.Forget();
        for (var i = 0; i < 30; i++)
            rig.Body(1, new byte[1_000], end: i == 29);
        rig.Drain();
        Assert.Equal(["DATA 1 (20000)", "DATA 1 end (10000)"], rig.Frames());
        Assert.Equal(["sent 1 20000 10000", "sent 1 10000 0"], rig.Events());
    }

    [Fact]
    public void Control_frames_do_not_wait_for_queued_DATA()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1, Rig.Head(200), new byte[1_000_000]);
        rig.Forget();
        rig.Ping(1).Settings().Post(3).Window(3, 0);
        Assert.Equal(["PING ack 1", "SETTINGS ack", "RST_STREAM 3 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void The_end_of_a_stream_needs_no_window()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.InitialWindowSize, 0).Get(1);
        rig.Forget();
        rig.Respond(1, 200, end: false);
        Assert.Equal(Refusal.None, rig.Body(1, "", end: true));
        Assert.Equal(["HEADERS 1 :status=200", "DATA 1 end "], rig.Frames());
        Assert.Equal(["closed 1 NoError"], rig.Events());
    }

    [Fact]
    public void An_overflow_of_the_connection_window_ends_the_connection()
    {
        var rig = Rig.Server();
        rig.Window(0, 0x7fffffff - 65535);
        Assert.False(rig.IsFinished);
        rig.Window(0, 1);
        Assert.Equal(["GOAWAY 0 FlowControlError"], rig.Frames());
    }

    [Fact]
    public void An_overflow_of_a_stream_window_resets_the_stream()
    {
        var rig = Rig.Server();
        rig.Post(1).Window(1, 0x7fffffff - 65535);
        Assert.Empty(rig.Frames());
        rig.Window(1, 1);
        Assert.Equal(["RST_STREAM 1 FlowControlError"], rig.Frames());
    }

    [Fact]
    public void A_window_update_of_0_on_the_connection_ends_it()
    {
        var rig = Rig.Server();
        rig.Window(0, 0);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void An_initial_window_that_makes_a_stream_overflow_ends_the_connection()
    {
        var rig = Rig.Server();
        rig.Get(1).Window(1, 0x7fffffff - 65535).Setting(SettingId.InitialWindowSize, 65536);
        Assert.Equal(["GOAWAY 1 FlowControlError"], rig.Frames());
        Assert.Contains("connection fault FlowControlError 6.9.2", rig.Events());
    }

    [Fact]
    public void A_stream_that_is_gone_does_not_count_against_the_initial_window()
    {
        var rig = Rig.Server();
        rig.Get(1).Window(1, 0x7fffffff - 65535);
        rig.Respond(1);
        rig.Forget();
        rig.Setting(SettingId.InitialWindowSize, 0x7fffffff);
        Assert.Equal(["SETTINGS ack"], rig.Frames());
    }

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

    [Fact]
    public void After_a_round_in_which_nobody_could_send_the_turn_is_still_with_the_next()
    {
        var rig = Rig.Server().Setting(SettingId.InitialWindowSize, 1);
        foreach (var id in new uint[] { 1, 3, 5 })
        {
            rig.Get(id);
            rig.Respond(id, body: "abc");
        }
        rig.Forget();
        rig.Drain();
        Assert.Equal(["DATA 1 a", "DATA 3 a", "DATA 5 a"], rig.Frames());
        rig.Setting(SettingId.InitialWindowSize, 2);
        rig.Drain();
        Assert.Equal(["SETTINGS ack", "DATA 1 b", "DATA 3 b", "DATA 5 b"], rig.Frames());
    }
}
