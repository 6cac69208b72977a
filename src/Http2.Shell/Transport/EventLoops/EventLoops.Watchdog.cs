using System.Diagnostics;

namespace Http2.Shell;

/// <content>
/// The watchdog: sees threads that are held up, makes new ones, and wakes what a timer waits for. It never runs anything of the user's, so
/// nothing can hold it up.
/// </content>
internal sealed partial class EventLoops
{
    /// <summary>A thread that waits in the midst of its work on one connection for this long no longer counts as serving, in milliseconds.</summary>
    internal const int StuckAfter = 5;

    /// <summary>The same while threads are held up all the time, in milliseconds.</summary>
    internal const int StuckAfterInHaste = 2;

    /// <summary>
    /// A thread that computes for this long no longer counts either, in milliseconds: another one shares its core. It is much longer than
    /// the turns that busy cores give their threads, or every load would make ever more threads take turns.
    /// </summary>
    internal const int ComputingAfter = 25;

    // Milliseconds between two looks: while nothing is held up, and for a while after something was.
    private const int LookEach = 5;
    private const int LookEachInHaste = 1;
    private const int HasteFor = 1000;

    // Looks that find nobody at work before the watchdog goes to sleep.
    private const int QuietLooks = 200;

    // How long before a thread is wanted again when none could be had.
    private const int RefusedFor = 5000;

    private readonly ManualResetEventSlim _watch = new(false);
    private readonly AutoResetEvent _hurry = new(false);
    private long _hasteUntil;
    private long _refusedUntil;

    private static long Now => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000);

    /// <summary>Keeps the watchdog awake, which looks after the owners of connections too: one thread less that wakes up for that.</summary>
    internal void KeepWatched()
    {
        if (!_watch.IsSet)
            _watch.Set();
        if (_stopping)
            OwnerWatch.KeepAwake();
    }

    // Looks at the threads every few milliseconds while there is traffic and sleeps when there is none.
    private void Watch()
    {
        var isAsleep = true;
        var quiet = 0;
        while (!_stopping || !_timers.IsEmpty)
        {
            _supply.Look(Now);
            var next = Math.Clamp(_timers.BeginSleep() - Now, 0, ThreadSupply.LookEach);
            if (isAsleep && !_stopping)
            {
                isAsleep = !_watch.Wait((int)next);
                quiet = 0;
            }
            else
            {
                Pause(next);
            }
            RunTimers();
            if (isAsleep || _stopping)
                continue;
            // Asleep first, then one more look: a thread that begins in between either sees the watch down and sets it, or is seen.
            if (quiet == QuietLooks - 1)
                _watch.Reset();
            quiet = _queue.Look() | Look() | OwnerWatch.Look() ? 0 : quiet + 1;
            isAsleep = quiet == QuietLooks;
        }
        _supply.End();
        lock (_gate)
        {
            _isWatchdogGone = true;
            CloseWhenGone();
        }
    }

    // A plain call of the kernel costs a fraction of waiting for an event, and between two looks there is nothing to be woken for.
    private void Pause(long next)
    {
        if (_stopping)
            _hurry.WaitOne((int)next);
        else
            Epoll.Sleep((int)Math.Min(next, Now < _hasteUntil ? LookEachInHaste : LookEach));
    }

    private void RunTimers()
    {
        while (_timers.TakeDue(Now) is { } timer)
        {
            if (timer.TryQueue())
                Schedule(timer);
        }
    }

    /// <summary>Has places taken that are held up, and makes the threads for that.</summary>
    /// <returns>Whether any thread was at work.</returns>
    private bool Look()
    {
        bool isBusy, mustMake;
        lock (_gate)
        {
            isBusy = JudgeWorkers();
            CallForTurns();
            mustMake = MustMake();
        }
        while (mustMake && !_stopping)
        {
            var made = TryAddWorker();
            lock (_gate)
            {
                if (!made)
                    BackOff();
                CallForTurns();
                mustMake = made && MustMake();
            }
        }
        return isBusy;
    }

    private bool TryAddWorker()
    {
        if (!_supply.MayTake(Now))
            return false;
        if (TryMakeWorker())
            return true;
        _supply.Refused();
        return false;
    }

    private bool MustMake()
    {
        if (_refusedUntil != 0 && Now >= _refusedUntil)
        {
            _refusedUntil = 0;
            _book.LimitTo(_settings.Limit);
        }
        return (_book.Stuck > 0 || _book.Serving + _book.Stuck < _settings.Threads || _turns.Ready > _called) && _book.MayMake && _refusedUntil == 0;
    }

    // No thread can be had. The runtime, which ends the process when it gets none, finds room for its own once ours are fewer.
    private void BackOff()
    {
        _refusedUntil = Now + RefusedFor;
        foreach (var worker in _book.LimitTo(Math.Max(_book.Alive - _supply.Missing, _settings.Threads + _settings.Spare)))
            worker.Call.Set();
    }

    private bool JudgeWorkers()
    {
        var now = Now;
        var isBusy = false;
        var isHeld = false;
        foreach (var worker in _workers)
        {
            var work = worker.Work;
            if ((work & 1) == 0)
                continue;
            isBusy = true;
            if (worker.SeenWork != work)
                (worker.SeenWork, worker.SeenSince, worker.IsAsked) = (work, now, false);
            var isServing = worker.State == LoopState.Serving;
            if (!Judge(worker, (int)Math.Min(now - worker.SeenSince, int.MaxValue), isServing)
                && !(isServing && worker.Batch.IsOlderThan(Environment.TickCount64 - StuckAfter)))
                continue;
            GiveLaneBack(worker);
            if (!isServing)
                continue;
            isHeld = true;
            _book.Hold(worker)?.Call.Set();
        }
        if (isHeld)
        {
            _hasteUntil = now + HasteFor;
            RebuildFront();
        }
        return isBusy;
    }

    /// <summary>Learns what the work of a thread is like.</summary>
    /// <returns>Whether it must no longer be counted on.</returns>
    private bool Judge(LoopWorker worker, int busyFor, bool isServing)
    {
        if (busyFor < (Now < _hasteUntil ? StuckAfterInHaste : StuckAfter))
            return false;
        // the kernel is asked again only as long as the answer changes something
        if (!worker.IsAsked || isServing || worker.HasLane)
        {
            worker.IsAsked = true;
            if (worker.Thread?.IsWaiting() != false)
            {
                worker.Seen = WorkWeight.Waits;
                return true;
            }
            if (busyFor >= StuckAfter && worker.Seen == WorkWeight.Light)
                worker.Seen = WorkWeight.Computes;
        }
        return busyFor >= ComputingAfter;
    }
}
