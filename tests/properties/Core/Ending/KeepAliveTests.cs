using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>Peers that went away without a word.</summary>
public sealed class KeepAliveTests
{
    private const ulong Question = 0x616c6976653f;

    private static readonly ConnectionOptions Asking = new() { KeepAliveInterval = TimeSpan.FromMilliseconds(30_000) };

    [Fact]
    public void Nothing_is_asked_by_default()
    {
        var rig = Rig.Server();
        rig.Tick(119_999);
        Assert.Empty(rig.Frames());
    }

    [Theory]
    [InlineData(Role.Server)]
    [InlineData(Role.Client)]
    public void A_silent_peer_is_asked_once_and_given_up_when_it_does_not_answer(Role role)
    {
        var rig = role == Role.Server ? Rig.Server(Asking) : Rig.Client(Asking);
        Assert.Equal(rig.Now + 30_000, Connection.NextDeadline(rig.State));
        rig.Tick(29_999);
        Assert.Empty(rig.Frames());
        rig.Tick(1);
        Assert.Equal(["PING " + Question], rig.Frames());
        Assert.Equal(rig.Now + 30_000, Connection.NextDeadline(rig.State));
        rig.Tick(29_999);
        Assert.Empty(rig.Frames());
        Assert.False(rig.IsFinished);
        rig.Tick(1);
        Assert.Equal(["GOAWAY 0 InternalError"], rig.Frames());
        Assert.Equal(["connection fault InternalError keep-alive"], rig.Events());
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void A_peer_that_answers_is_asked_again_an_interval_later()
    {
        var rig = Rig.Server(Asking);
        rig.Tick(30_000);
        rig.Forget();
        rig.Tick(100);
        rig.Ping(Question, ack: true);
        Assert.Empty(rig.Events());
        Assert.Equal(rig.Now + 30_000, Connection.NextDeadline(rig.State));
        rig.Tick(29_999);
        Assert.Empty(rig.Frames());
        rig.Tick(1);
        Assert.Equal(["PING " + Question], rig.Frames());
    }

    [Fact]
    public void Any_frame_is_a_sign_of_life()
    {
        var rig = Rig.Server(Asking);
        rig.Tick(29_000);
        rig.Ping(1);
        rig.Forget();
        rig.Tick(29_999);
        Assert.Empty(rig.Frames());
        rig.Tick(1);
        Assert.Equal(["PING " + Question], rig.Frames());
        rig.Tick(29_000);
        rig.Ping(2);
        rig.Forget();
        rig.Tick(29_000);
        Assert.False(rig.IsFinished);
        Assert.Empty(rig.Frames());
    }

    [Fact]
    public void Answers_do_not_keep_an_idle_connection_open()
    {
        var rig = Rig.Server(Asking);
        for (var i = 0; i < 3; i++)
        {
            rig.Tick(30_000);
            Assert.Equal(["PING " + Question], rig.Frames());
            rig.Ping(Question, ack: true);
        }
        rig.Tick(30_000);
        Assert.Contains("GOAWAY 2147483647 NoError", rig.Frames().Concat(TickAgain(rig)));
    }

    // the question and the end may be due in the same moment; each tick does one thing
    private static string[] TickAgain(Rig rig)
    {
        rig.Tick(0);
        return rig.Frames();
    }

    [Fact]
    public void Nothing_is_asked_while_the_connection_ends()
    {
        var rig = Rig.Server(Asking with { ShutdownTimeout = TimeSpan.FromMilliseconds(100_000), ShutdownPingTimeout = TimeSpan.FromMilliseconds(100_000) });
        rig.Get(1);
        rig.Shutdown();
        rig.Forget();
        rig.Tick(60_000);
        Assert.Empty(rig.Frames());
    }

    [Fact]
    public void A_frame_of_the_same_moment_answers_the_question()
    {
        var rig = Rig.Server(Asking);
        rig.Tick(30_000);
        rig.Ping(1);
        Assert.Equal(rig.Now + 30_000, Connection.NextDeadline(rig.State));
    }

    [Fact]
    public void Answers_to_the_applications_own_questions_are_told_while_one_of_ours_is_open()
    {
        var rig = Rig.Server(Asking);
        rig.SendPing(7);
        rig.Tick(30_000);
        rig.Forget();
        rig.Ping(7, ack: true);
        Assert.Equal(["ping acknowledged 7"], rig.Events());
    }
}
