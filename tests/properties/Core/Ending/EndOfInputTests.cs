using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>A peer that has sent all it will, and reads on.</summary>
public sealed class EndOfInputTests
{
    [Fact]
    public void Complete_requests_are_answered_and_the_last_answer_ends_the_connection()
    {
        var rig = Rig.Server();
        rig.Get(1).Get(3);
        rig.Forget();
        rig.EndOfInput();
        rig.EndOfInput();
        Assert.Empty(rig.Events());
        Assert.False(rig.IsFinished);
        rig.Respond(3, body: "three");
        rig.Respond(1, body: "one");
        Assert.Equal(
            ["HEADERS 3 :status=200", "DATA 3 end three", "HEADERS 1 :status=200", "DATA 1 end one"], rig.Frames());
        Assert.Equal(["closed 3 NoError", "closed 1 NoError"], rig.Events());
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void Requests_that_are_not_complete_are_closed()
    {
        var rig = Rig.Server();
        rig.Get(1).Post(3);
        rig.Push(1, out _, Rig.Request());
        rig.Raw(FrameType.Headers, 0, 5, 0x82);
        rig.Forget();
        rig.EndOfInput();
        Assert.Empty(rig.Frames());
        Assert.Equal(["closed 3 Cancel abnormal"], rig.Events());
        Assert.Equal(Refusal.StreamClosed, rig.Respond(3));
        rig.Respond(2, body: "pushed");
        Assert.False(rig.IsFinished);
        rig.Respond(1);
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void Without_a_complete_request_the_connection_is_over()
    {
        var rig = Rig.Server();
        rig.Post(1);
        rig.EndOfInput();
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void A_body_that_waits_for_a_window_is_given_up()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.InitialWindowSize, 10).Get(1).Get(3);
        rig.Respond(1, Rig.Head(200), new byte[11]);
        rig.Forget();
        rig.EndOfInput();
        Assert.False(rig.IsFinished);
        Assert.True(Connection.CanDrain(rig.State));
        rig.Drain();
        Assert.Equal(["DATA 1 " + new string('\0', 10), "RST_STREAM 1 Cancel"], rig.Frames());
        Assert.Equal(["sent 1 10 1", "closed 1 Cancel abnormal"], rig.Events());
        Assert.False(Connection.CanDrain(rig.State));
        // the others go on
        rig.Respond(3, Rig.Head(200), new byte[10]);
        Assert.Equal(["closed 3 NoError"], rig.Events());
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void A_connection_window_that_is_used_up_ends_all_bodies_that_wait()
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.InitialWindowSize, 1_000_000).Get(1).Get(3).Get(5);
        rig.Respond(1, Rig.Head(200), new byte[65_535]);
        rig.Respond(3, Rig.Head(200), new byte[100]);
        rig.Forget();
        rig.EndOfInput();
        rig.Drain();
        Assert.Equal(["RST_STREAM 3 Cancel"], rig.Frames());
        Assert.False(rig.IsFinished);
        rig.Respond(5);
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void Who_has_sent_all_owes_no_acknowledgement_and_no_sign_of_life()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { KeepAliveInterval = TimeSpan.FromMilliseconds(1_000) });
        rig.Get(1);
        rig.Submit(new Setting(SettingId.InitialWindowSize, 70_000));
        rig.Raw(FrameType.Headers, 0, 3, 0x82);
        rig.Forget();
        rig.EndOfInput();
        Assert.Equal(long.MaxValue, Connection.NextDeadline(rig.State));
        rig.Tick(1_000_000);
        Assert.Empty(rig.Frames());
        Assert.False(rig.IsFinished);
    }

    [Fact]
    public void A_graceful_end_still_bounds_what_is_left()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.EndOfInput();
        rig.Shutdown();
        rig.Forget();
        rig.Tick(1_000);
        Assert.Equal(["GOAWAY 1 NoError"], rig.Frames());
        rig.Tick(29_000);
        Assert.True(rig.IsFinished);
        Assert.Equal(["closed 1 Cancel abnormal"], rig.Events());
    }

    [Fact]
    public void What_comes_behind_the_end_is_not_taken()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.EndOfInput();
        Assert.Equal(0, rig.Octets([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]));
    }

    [Theory]
    [InlineData(Role.Server)]
    [InlineData(Role.Client)]
    public void Before_the_first_SETTINGS_nothing_was_asked_for(Role role)
    {
        var rig = Rig.Fresh(role);
        rig.EndOfInput();
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void A_client_has_nothing_left_to_wait_for()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Headers(1, false, (":status", "200"));
        rig.Forget();
        rig.EndOfInput();
        Assert.Equal(["closed 1 Cancel abnormal"], rig.Events());
        Assert.True(rig.IsFinished);
    }
}
