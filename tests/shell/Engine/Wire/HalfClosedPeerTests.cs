using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Peers that have ended their side, and those that have said that they leave.</summary>
public sealed class HalfClosedPeerTests
{
    private readonly Rooms _rooms = new();
    private readonly HalfClosed _halfClosed;

    public HalfClosedPeerTests() =>
        _halfClosed = new HalfClosed(_rooms.Core, _rooms.Input, _rooms.Output, _rooms.Sends, timeout: 10_000);

    [Fact]
    public void The_end_is_told_once_and_behind_all_frames()
    {
        _rooms.Open();
        _rooms.Receive(Requests.Get(1));
        Assert.False(_halfClosed.TryEnd());
        _rooms.Receive();
        Assert.False(_halfClosed.TryEnd());
        _rooms.Input.Take(_rooms.Input.Length);
        _rooms.Input.EndTaking(isPartial: false, now: 0);
        Assert.True(_halfClosed.TryEnd());
        Assert.False(_halfClosed.TryEnd());
    }

    [Fact]
    public void A_frame_that_never_ends_does_not_hold_up_the_end()
    {
        _rooms.Open();
        _rooms.Receive(Requests.Get(1)[..4]);
        _rooms.Receive();
        _rooms.Input.EndTaking(isPartial: true, now: 0);
        Assert.True(_halfClosed.TryEnd());
        Assert.Equal(0, _rooms.Input.Length);
    }

    [Fact]
    public void It_is_asked_less_and_less_often_whether_anybody_reads()
    {
        _rooms.Open();
        _halfClosed.BeginAsking();
        var asked = new List<long>();
        for (var octets = _rooms.Core.Output.Length; _rooms.Core.Now < 9_000;)
        {
            _rooms.Core.SetTime(_halfClosed.Due);
            Assert.Equal(HalfClosed.Finding.Reads, _halfClosed.Look());
            if (_rooms.Core.Output.Length > octets)
                asked.Add(_rooms.Core.Now);
            octets = _rooms.Core.Output.Length;
        }
        Assert.Equal([1_000, 3_000, 7_000], asked);
    }

    [Fact]
    public void Nothing_sent_for_too_long_is_the_end()
    {
        _rooms.Open();
        _halfClosed.BeginAsking();
        _rooms.Core.SetTime(9_999);
        Assert.Equal(HalfClosed.Finding.Reads, _halfClosed.Look());
        Assert.Equal(10_000, _halfClosed.Due);
        _rooms.Core.SetTime(10_000);
        Assert.Equal(HalfClosed.Finding.Silent, _halfClosed.Look());
    }

    [Fact]
    public void A_peer_that_the_transport_has_lost_is_gone()
    {
        _rooms.Open();
        _halfClosed.BeginAsking();
        _rooms.Transport.Report = new TransportReport(0) { IsLost = true };
        Assert.Equal(HalfClosed.Finding.Gone, _halfClosed.Look());
    }

    [Fact]
    public void One_that_has_said_GOAWAY_has_left_when_nothing_comes_for_a_moment()
    {
        var leaving = new LeavingPeer();
        _rooms.Open();
        Assert.False(HasLeft(ref leaving));
        Assert.Equal(long.MaxValue, leaving.Due);
        _rooms.Core.Receive(Requests.Frame(7, 0, 0, new byte[8]));
        _rooms.Input.Receive(expectsMuch: false);
        Assert.False(HasLeft(ref leaving));
        Assert.Equal(100, leaving.Due);
        _rooms.Core.SetTime(100);
        _rooms.Transport.Report = new TransportReport(0, Readable: 1);
        Assert.False(HasLeft(ref leaving));
        Assert.Equal(200, leaving.Due);
        _rooms.Core.SetTime(200);
        _rooms.Transport.Report = default;
        Assert.True(HasLeft(ref leaving));
    }

    private bool HasLeft(ref LeavingPeer leaving) => leaving.HasLeft(_rooms.Core, _rooms.Input, _rooms.Sends);
}
