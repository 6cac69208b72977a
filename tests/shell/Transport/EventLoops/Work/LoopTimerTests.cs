using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>One timer of the event loops alone: what happens between the moment that it is due and the call of its function.</summary>
[SupportedOSPlatform("linux")]
public sealed class LoopTimerTests
{
    [Fact]
    public void One_that_is_queued_is_not_queued_again_until_it_goes_off()
    {
        using var loops = new EventLoops(1);
        var calls = 0;
        using var timer = new LoopTimer(loops, _ => calls++, null);
        for (var i = 1; i <= 2; i++)
        {
            Assert.True(timer.TryQueue());
            Assert.False(timer.TryQueue());
            ((IThreadPoolWorkItem)timer).Execute();
            Assert.Equal(i, calls);
        }
    }

    [Fact]
    public void One_that_is_queued_calls_nothing_behind_its_end()
    {
        using var loops = new EventLoops(1);
        var calls = 0;
        var timer = new LoopTimer(loops, _ => calls++, null);
        Assert.True(timer.TryQueue());
        timer.Dispose();
        ((IThreadPoolWorkItem)timer).Execute();
        Assert.Equal(0, calls);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void Parts_of_a_millisecond_count_as_a_whole_one()
    {
        using var loops = new EventLoops(1);
        using var timer = new LoopTimer(loops, static _ => { }, null);
        timer.Change(TimeSpan.FromHours(1), TimeSpan.FromTicks(1));
        Assert.Equal(1, timer.Period);
        timer.Change(TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        Assert.Equal(0, timer.Period);
    }
}
