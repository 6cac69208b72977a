using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Timers of the event loops.</summary>
[SupportedOSPlatform("linux")]
public sealed class LoopTimersTests
{
    [Fact]
    public void What_is_due_comes_in_order_whatever_was_moved_or_stopped()
    {
        using var loops = new EventLoops(1);
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var timers = new LoopTimers();
            var all = Enumerable.Range(0, 200).Select(_ => new LoopTimer(loops, static _ => { }, null)).ToList();
            var due = new Dictionary<LoopTimer, long>();
            for (var i = 0; i < 1000; i++)
            {
                var timer = all[random.Next(all.Count)];
                due[timer] = random.Next(4) == 0 ? long.MaxValue : random.Next(1000);
                timers.Set(timer, due[timer]);
            }
            var taken = new List<(LoopTimer Timer, long Due)>();
            while (timers.TakeDue(500) is { } timer)
                taken.Add((timer, due[timer]));
            Assert.Equal(taken.Select(t => t.Due).Order(), taken.Select(t => t.Due));
            Assert.Equal(due.Where(d => d.Value <= 500).Select(d => d.Key).ToHashSet(), taken.Select(t => t.Timer).ToHashSet());
        }
    }

    [Fact]
    public void Only_a_timer_that_is_due_earlier_than_the_watchdog_would_look_wakes_it()
    {
        using var loops = new EventLoops(1);
        var timers = new LoopTimers();
        Assert.Equal(long.MaxValue, timers.BeginSleep());
        Assert.True(timers.Set(new LoopTimer(loops, static _ => { }, null), 100));
        Assert.False(timers.Set(new LoopTimer(loops, static _ => { }, null), 200));
        Assert.True(timers.Set(new LoopTimer(loops, static _ => { }, null), 50));
        Assert.Equal(50, timers.BeginSleep());
        Assert.False(timers.IsEmpty);
    }

    [Fact]
    public async Task They_fire_on_threads_of_the_loops_once_or_again_and_again_until_they_are_disposed_of()
    {
        using var loops = new EventLoops(1);
        var time = new LoopTime();
        time.Use(loops);
        var onPool = new TaskCompletionSource<bool>();
        using var once = time.CreateTimer(
            _ => onPool.TrySetResult(Thread.CurrentThread.IsThreadPoolThread), null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        Assert.False(await onPool.Task.Soon());
        using var three = new CountdownEvent(3);
        using (time.CreateTimer(
            _ =>
            {
                if (!three.IsSet)
                    three.Signal();
            },
            null, TimeSpan.Zero, TimeSpan.FromMilliseconds(1)))
        {
            Assert.True(await Task.Run(() => three.Wait(Patience.Time)));
        }
        var never = time.CreateTimer(_ => Assert.Fail("it was stopped"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        Assert.True(never.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        never.Dispose();
        Assert.False(never.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task A_timer_that_was_set_before_the_loops_ended_still_fires()
    {
        var loops = new EventLoops(1);
        var time = new LoopTime();
        time.Use(loops);
        var before = Task.Delay(TimeSpan.FromMilliseconds(200), time);
        loops.Dispose();
        await before.Soon();
        await Task.Delay(TimeSpan.FromMilliseconds(1), time).Soon();
    }
}
