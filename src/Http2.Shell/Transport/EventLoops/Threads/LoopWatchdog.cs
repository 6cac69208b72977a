using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>What the watchdog of event loops looks after. Only the watchdog's thread calls this.</summary>
internal interface IWatchdogDuty
{
    /// <summary>Whether the loops are ending.</summary>
    bool IsEnding { get; }

    /// <summary>Whether a thread was held up a short while ago, so that the next look must come soon.</summary>
    bool IsInHaste(long now);

    /// <summary>What is looked after even while nobody is at work. Called at least each <see cref="ThreadSupply.LookEach"/> milliseconds.</summary>
    void LookAtSupply(long now);

    /// <summary>Looks after those that are at work.</summary>
    /// <returns>Whether there are any.</returns>
    bool LookAtWork(long now);

    /// <summary>Runs what a timer waits for, on another thread.</summary>
    void Schedule(LoopTimer timer);

    /// <summary>The watchdog's thread ends.</summary>
    void OnWatchdogEnd();
}

/// <summary>
/// The thread that looks after event loops: every few milliseconds while there is traffic, and whenever a timer is due. It sleeps when there is
/// no traffic. It never runs anything of the user's, so nothing can hold it up.
/// </summary>
/// <param name="system">The time, and sleep.</param>
/// <param name="waker">Wakes it.</param>
/// <param name="timers">The timers that it has run.</param>
/// <param name="duty">What it looks after.</param>
[SupportedOSPlatform("linux")]
internal sealed class LoopWatchdog(LoopSystem system, WatchdogWaker waker, LoopTimers timers, IWatchdogDuty duty)
{
    // Milliseconds between two looks: while nothing is held up, and for a while after something was.
    internal const int LookEach = 5;
    internal const int LookEachInHaste = 1;

    // Looks that find nobody at work before the watchdog goes to sleep.
    internal const int QuietLooks = 200;

    private int _quiet;

    /// <summary>Whether it sleeps until there is work, or a timer is due.</summary>
    internal bool IsAsleep { get; private set; } = true;

    /// <summary>What its thread does: looks until the loops end and no timer is left.</summary>
    internal void Run()
    {
        while (!duty.IsEnding || !timers.IsEmpty)
            RunOnce();
        duty.OnWatchdogEnd();
    }

    /// <summary>Waits for the time of the next look, and looks.</summary>
    internal void RunOnce()
    {
        duty.LookAtSupply(system.Now);
        var next = (int)Math.Clamp(timers.BeginSleep() - system.Now, 0, ThreadSupply.LookEach);
        if (duty.IsEnding)
        {
            waker.WaitForHurry(next);
        }
        else if (IsAsleep)
        {
            IsAsleep = !waker.WaitForWork(next);
            _quiet = 0;
        }
        else
        {
            system.Sleep(Math.Min(next, duty.IsInHaste(system.Now) ? LookEachInHaste : LookEach));
        }
        RunTimers();
        if (!IsAsleep && !duty.IsEnding)
            LookAtWork();
    }

    private void RunTimers()
    {
        while (timers.TakeDue(system.Now) is { } timer)
        {
            if (timer.TryQueue())
                duty.Schedule(timer);
        }
    }

    // The waker is reset first, and one more look follows: a thread that begins work in between either sees the reset and wakes the watchdog,
    // or is seen by that look.
    private void LookAtWork()
    {
        if (_quiet == QuietLooks - 1)
            waker.Reset();
        _quiet = duty.LookAtWork(system.Now) ? 0 : _quiet + 1;
        IsAsleep = _quiet == QuietLooks;
    }
}
