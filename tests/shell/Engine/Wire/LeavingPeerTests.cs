using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>When a connection ends whose peer has said GOAWAY and has no stream left.</summary>
public sealed class LeavingPeerTests
{
    // How long nothing may come, in milliseconds.
    private const int Pause = 100;

    private static readonly byte[] GoAway = Requests.Frame(7, 0, 0, new byte[8]);

    private readonly Rooms _rooms = new();
    private LeavingPeer _leaving = new();

    public LeavingPeerTests()
    {
        _rooms.Open();
        _rooms.Input.Receive(expectsMuch: false);
        _rooms.Core.SetTime(1_000);
    }

    [Fact]
    public void A_peer_that_has_not_said_GOAWAY_is_not_looked_at()
    {
        Assert.False(HasLeft(1_000));
        Assert.Equal(long.MaxValue, _leaving.Due);
        Assert.False(HasLeft(1_000 + Pause));
        Assert.Equal(long.MaxValue, _leaving.Due);
    }

    [Fact]
    public void A_peer_that_has_a_stream_left_is_not_looked_at()
    {
        _rooms.Core.Receive(Requests.Get(1));
        _rooms.Core.Receive(GoAway);
        Assert.False(HasLeft(1_000));
        Assert.Equal(long.MaxValue, _leaving.Due);
    }

    [Fact]
    public void It_has_left_when_nothing_has_come_for_a_pause()
    {
        _rooms.Core.Receive(GoAway);
        Assert.False(HasLeft(1_000));
        Assert.Equal(1_000 + Pause, _leaving.Due);
        Assert.False(HasLeft(1_000 + Pause - 1));
        Assert.Equal(1_000 + Pause, _leaving.Due);
        Assert.True(HasLeft(1_000 + Pause));
    }

    [Fact]
    public void It_has_not_left_while_octets_are_there_that_were_not_taken()
    {
        _rooms.Core.Receive(GoAway);
        Assert.False(HasLeft(1_000));
        _rooms.Transport.Come(1, 2, 3);
        Assert.True(SpinWait.SpinUntil(() => _rooms.Input.HasMore, Patience.Time));
        StaysFor(1_000 + Pause);
        _rooms.Input.CompleteReceive(isWanted: true);
        _rooms.Input.Receive(expectsMuch: false);
        StaysFor(1_000 + 2 * Pause);
        _rooms.Input.Clear();
        Assert.True(HasLeft(1_000 + 3 * Pause));
    }

    [Fact]
    public void It_has_not_left_while_nothing_is_received()
    {
        _rooms.Transport.Come(1);
        _rooms.Core.Receive(GoAway);
        Assert.False(HasLeft(1_000));
        Assert.True(SpinWait.SpinUntil(() => _rooms.Input.HasMore, Patience.Time));
        _rooms.Input.CompleteReceive(isWanted: false);
        StaysFor(1_000 + Pause);
        _rooms.Input.Receive(expectsMuch: false);
        Assert.True(HasLeft(1_000 + 2 * Pause));
    }

    [Fact]
    public void It_has_not_left_while_the_transport_has_octets()
    {
        _rooms.Core.Receive(GoAway);
        Assert.False(HasLeft(1_000));
        _rooms.Transport.Report = new TransportReport(0, Readable: 1);
        StaysFor(1_000 + Pause);
        _rooms.Transport.Report = new TransportReport(0, Readable: -1);
        Assert.True(HasLeft(1_000 + 2 * Pause));
    }

    [Fact]
    public void A_request_that_comes_behind_GOAWAY_is_served_and_the_pause_begins_anew_behind_it()
    {
        _rooms.Core.Receive(GoAway);
        Assert.False(HasLeft(1_000));
        _rooms.Core.Receive(Requests.Get(1));
        Assert.False(HasLeft(1_000 + Pause));
        Assert.Equal(long.MaxValue, _leaving.Due);
        _rooms.Core.SubmitResponse(new StreamId(1), new OutboundHead(200, []), default, endStream: true);
        Assert.False(HasLeft(5_000));
        Assert.True(HasLeft(5_000 + Pause));
    }

    private bool HasLeft(long now)
    {
        _rooms.Core.SetTime(now);
        return _leaving.HasLeft(_rooms.Core, _rooms.Input, _rooms.Sends);
    }

    // It is looked at again a pause later.
    private void StaysFor(long now)
    {
        Assert.False(HasLeft(now));
        Assert.Equal(now + Pause, _leaving.Due);
    }
}
