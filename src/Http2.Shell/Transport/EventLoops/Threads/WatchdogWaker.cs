namespace Http2.Shell;

/// <summary>Wakes the watchdog of event loops, which sleeps while there is nothing to watch. Thread-safe but for what the watchdog calls.</summary>
internal sealed class WatchdogWaker
{
    private readonly ManualResetEventSlim _work = new(false);
    private readonly AutoResetEvent _hurry = new(false);

    /// <summary>There is something to watch. Called before each piece of work, so it costs one look when the watchdog is awake.</summary>
    internal void Wake()
    {
        if (!_work.IsSet)
            _work.Set();
    }

    /// <summary>Wakes the watchdog from either wait.</summary>
    internal void Hurry()
    {
        _work.Set();
        _hurry.Set();
    }

    /// <summary>From now on whoever has something to watch must wake the watchdog, which looks once more before it sleeps. The watchdog's.</summary>
    internal void Reset() => _work.Reset();

    /// <summary>Waits until there is something to watch. The watchdog's.</summary>
    /// <returns>False when the time has passed without.</returns>
    internal bool WaitForWork(int milliseconds) => _work.Wait(milliseconds);

    /// <summary>Waits until it must be quick, or the time has passed. The watchdog's.</summary>
    internal void WaitForHurry(int milliseconds) => _hurry.WaitOne(milliseconds);
}
