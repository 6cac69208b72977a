using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>When the watchdog looks and when it sleeps, in virtual time and without a thread.</summary>
[SupportedOSPlatform("linux")]
public sealed class LoopWatchdogTests : IWatchdogDuty
{
    private readonly VirtualSystem _system = new();
    private readonly WatchdogWaker _waker = new();
    private readonly LoopTimers _timers = new();
    private readonly LoopWatchdog _watchdog;
    private readonly List<LoopTimer> _scheduled = [];
    private int _looks;
    private int _supplyLooks;
    private int _ends;
    private bool _isBusy = true;
    private bool _isInHaste;
    private bool _isEnding;
    private Action _onLook = static () => { };

    public LoopWatchdogTests() => _watchdog = new LoopWatchdog(_system, _waker, _timers, this);

    bool IWatchdogDuty.IsEnding => _isEnding;

    [Fact]
    public void It_looks_as_soon_as_there_is_work_and_then_each_5_ms()
    {
        Begin();
        Assert.Equal((1, 0), (_looks, _system.Slept.Count));
        Run(3);
        Assert.Equal((4, 4), (_looks, _supplyLooks));
        Assert.Equal([5, 5, 5], _system.Slept);
    }

    [Fact]
    public void It_looks_each_millisecond_in_haste()
    {
        _isInHaste = true;
        Begin();
        Run(2);
        Assert.Equal([1, 1], _system.Slept);
    }

    [Fact]
    public void It_sleeps_after_200_looks_that_found_nobody_at_work()
    {
        Begin();
        _isBusy = false;
        Run(LoopWatchdog.QuietLooks - 1);
        Assert.False(_watchdog.IsAsleep);
        Run(1);
        Assert.True(_watchdog.IsAsleep);
        _waker.Wake();
        Run(1);
        Assert.False(_watchdog.IsAsleep);
        Assert.Equal(1 + LoopWatchdog.QuietLooks + 1, _looks);
    }

    [Fact]
    public void Work_that_begins_during_the_last_quiet_look_wakes_it()
    {
        Begin();
        _isBusy = false;
        Run(LoopWatchdog.QuietLooks - 1);
        _onLook = _waker.Wake;
        Run(1);
        Assert.True(_watchdog.IsAsleep);
        _onLook = static () => { };
        // else this waits for a second and does not look
        Run(1);
        Assert.False(_watchdog.IsAsleep);
        Assert.Equal(LoopWatchdog.QuietLooks + 2, _looks);
    }

    [Fact]
    public void Anybody_at_work_begins_the_count_of_quiet_looks_anew()
    {
        Begin();
        _isBusy = false;
        Run(LoopWatchdog.QuietLooks - 1);
        _isBusy = true;
        Run(1);
        _isBusy = false;
        Run(LoopWatchdog.QuietLooks - 1);
        Assert.False(_watchdog.IsAsleep);
    }

    [Fact]
    public void A_timer_that_is_due_is_run_once_while_there_is_traffic_and_none()
    {
        var timer = Set(_system.Now);
        Run(1);
        Assert.Equal([timer], _scheduled);
        Assert.True(_watchdog.IsAsleep);
        Begin();
        var later = Set(_system.Now + 7);
        Run(1);
        Assert.DoesNotContain(later, _scheduled);
        Run(1);
        Assert.Equal([timer, later], _scheduled);
        Assert.Equal([5, 2], _system.Slept);
    }

    [Fact]
    public void A_timer_whose_call_still_waits_is_not_queued_again()
    {
        var timer = Set(_system.Now);
        Run(1);
        _timers.Set(timer, _system.Now);
        Run(1);
        Assert.Equal([timer], _scheduled);
    }

    [Fact]
    public void When_the_loops_end_it_runs_the_timers_that_are_left_looks_at_nobody_and_ends()
    {
        var timer = Set(_system.Now);
        _isEnding = true;
        _watchdog.Run();
        Assert.Equal([timer], _scheduled);
        Assert.Equal((0, 1), (_looks, _ends));
    }

    bool IWatchdogDuty.IsInHaste(long now) => _isInHaste;

    void IWatchdogDuty.LookAtSupply(long now) => _supplyLooks++;

    bool IWatchdogDuty.LookAtWork(long now)
    {
        _looks++;
        _onLook();
        return _isBusy;
    }

    void IWatchdogDuty.Schedule(LoopTimer timer) => _scheduled.Add(timer);

    void IWatchdogDuty.OnWatchdogEnd() => _ends++;

    private void Begin()
    {
        _waker.Wake();
        Run(1);
    }

    private void Run(int times)
    {
        for (var i = 0; i < times; i++)
            _watchdog.RunOnce();
    }

    private LoopTimer Set(long due)
    {
        var timer = new LoopTimer(null!, static _ => { }, null);
        _timers.Set(timer, due);
        return timer;
    }
}
