using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>When long work gets a thread of its own, and when it waits for one that is there.</summary>
[SupportedOSPlatform("linux")]
public sealed class GrowthPaceTests
{
    [Fact]
    public void With_fewer_threads_than_plenty_long_work_never_waits()
    {
        var pace = new GrowthPace();
        pace.OnReturned();
        pace.Look(100);
        Assert.False(pace.MayWait(GrowthPace.Plenty - 1, 100));
        Assert.True(pace.MayWait(GrowthPace.Plenty, 100));
    }

    [Fact]
    public void With_plenty_of_threads_it_waits_until_none_has_come_back_for_a_quarter_of_a_second()
    {
        var pace = new GrowthPace();
        Assert.True(pace.MayWait(GrowthPace.Plenty, 100));
        pace.Look(100);
        pace.Look(200);
        Assert.True(pace.MayWait(GrowthPace.Plenty, 349));
        Assert.False(pace.MayWait(GrowthPace.Plenty, 350));
        pace.OnReturned();
        Assert.True(pace.MayWait(GrowthPace.Plenty, 350));
        pace.Look(400);
        Assert.True(pace.MayWait(GrowthPace.Plenty, 649));
        Assert.False(pace.MayWait(GrowthPace.Plenty, 650));
    }

    [Fact]
    public void A_crew_of_plenty_makes_no_thread_for_long_work_while_others_come_back_but_always_one_for_a_place_that_nobody_serves()
    {
        var played = new PlayedCrew(1, 0, 1000);
        while (played.Workers.Count < GrowthPace.Plenty)
        {
            played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Waits);
            var made = played.Make();
            Assert.Equal(NextDuty.DoLongWork, played.Crew.Next(made, out _));
            made.BeginWork();
        }
        played.Crew.Look(played.System.Now);
        played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Waits);
        Assert.False(played.Crew.NeedsThread(played.System.Now));
        Assert.False(played.Crew.IsShort);
        Assert.True(played.Crew.NeedsThread(played.System.Now + GrowthPace.Patience));
        played.Hold(played.Workers[0]);
        Assert.True(played.Crew.NeedsThread(played.System.Now));
    }
}
