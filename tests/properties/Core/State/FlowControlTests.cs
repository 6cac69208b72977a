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
