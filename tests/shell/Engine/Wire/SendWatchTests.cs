using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Whether the peer takes what is sent to it; how progress is judged is in <see cref="SendProgressTests"/>.</summary>
public sealed class SendWatchTests
{
    private readonly Rooms _rooms = new();

    private SendWatch Sends => _rooms.Sends;

    [Fact]
    public void Nothing_is_due_as_long_as_nothing_waits()
    {
        Assert.Equal(long.MaxValue, Sends.Due);
        Sends.Begin();
        Assert.NotEqual(long.MaxValue, Sends.Due);
        Sends.End();
        Assert.Equal(long.MaxValue, Sends.Due);
    }

    [Fact]
    public void A_look_that_finds_nothing_waiting_ends_the_watch()
    {
        Sends.Begin();
        _rooms.Core.SetTime(Sends.Due);
        Assert.True(Sends.IsPeerAlive());
        Assert.Equal(long.MaxValue, Sends.Due);
    }

    [Fact]
    public void A_peer_that_takes_nothing_is_given_up()
    {
        _rooms.Transport.HoldsWrites = true;
        _rooms.Open();
        _rooms.Output.Send();
        Sends.Begin();
        while (_rooms.Core.Now < 29_999)
        {
            Assert.True(Sends.IsPeerAlive());
            _rooms.Core.SetTime(Math.Min(Sends.Due, 30_000));
        }
        Assert.False(Sends.IsPeerAlive());
    }

    [Fact]
    public void Octets_on_their_way_are_the_networks_business()
    {
        Assert.False(Sends.IsOnItsWay());
        _rooms.Transport.Report = new TransportReport(10, Unacknowledged: 10) { IsJustSent = true };
        Assert.False(Sends.IsOnItsWay());
        Assert.True(Sends.HasUnacknowledged());
        _rooms.Transport.Report = new TransportReport(10, Unacknowledged: 10);
        Assert.True(Sends.IsOnItsWay());
        Assert.NotEqual(long.MaxValue, Sends.Due);
    }
}
