using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The descriptors that the threads of the event loops wait at.</summary>
[SupportedOSPlatform("linux")]
public sealed class LoopPollerTests
{
    private readonly ReadyReport[] _reports = new ReadyReport[4];

    [Fact]
    public void A_signal_is_reported_once()
    {
        var poller = Open();
        Assert.Equal(0, poller.Wait(_reports, 0));
        poller.Signal();
        Assert.Equal(1, poller.Wait(_reports, 0));
        Assert.Equal(LoopPoller.SignalToken, _reports[0].Token);
        Assert.Equal(0, poller.Wait(_reports, 0));
        poller.Leave();
    }

    [Fact]
    public void To_wake_all_is_reported_for_ever()
    {
        var poller = Open();
        poller.WakeAll();
        Assert.Equal((1, 1), (poller.Wait(_reports, -1), poller.Wait(_reports, -1)));
        poller.Leave();
    }

    [Fact]
    public void The_descriptors_stay_open_until_the_last_user_has_left()
    {
        var poller = Open();
        Assert.True(poller.TryJoin());
        poller.Leave();
        poller.Signal();
        Assert.Equal(1, poller.Wait(_reports, 0));
        poller.Leave();
        Assert.False(poller.TryJoin());
        Assert.Throws<ObjectDisposedException>(() => poller.Add(0, 1));
    }

    [Fact]
    public void A_late_signal_does_not_reach_whoever_has_the_numbers_of_the_descriptors_now()
    {
        var closed = Open();
        closed.Leave();
        var others = Enumerable.Range(0, 64).Select(_ => Open()).ToList();
        closed.Signal();
        Assert.All(others, other => Assert.Equal(0, other.Wait(_reports, 0)));
        others.ForEach(other => other.Leave());
    }

    private static LoopPoller Open() => LoopPoller.Open(new LoopSettings(1));
}
