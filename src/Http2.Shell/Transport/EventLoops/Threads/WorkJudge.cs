using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// Judges from outside whether a thread can still be counted on: how long it has been at one piece of work, and whether it waits or computes in
/// it. Belongs to the watchdog's thread.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class WorkJudge
{
    /// <summary>A thread that waits in the midst of its work on one connection for this long no longer counts as serving, in milliseconds.</summary>
    internal const int StuckAfter = Sentry.StuckAfter;

    /// <summary>How long such a thread may wait while threads are held up all the time, in milliseconds.</summary>
    internal const int StuckAfterInHaste = 2;

    /// <summary>
    /// A thread that computes for this long no longer counts either, in milliseconds: another one shares its core. It is much longer than
    /// the turns that busy cores give their threads, or every load would make ever more threads take turns.
    /// </summary>
    internal const int ComputingAfter = Sentry.ComputingAfter;

    /// <summary>For how long after a thread was held up the next one is expected, in milliseconds.</summary>
    internal const int HasteFor = 1000;

    /// <summary>
    /// How long a thread may be at long work before nobody counts on its return, in milliseconds: handlers may block for as long as they like,
    /// and what waits for a thread must not wait as long, even if it takes one that serves.
    /// </summary>
    internal const int LateAfter = StandbyLoop.After;

    private long _hasteUntil = long.MinValue;
    private long _lookedAt;

    /// <summary>Whether a thread was held up a short while ago.</summary>
    internal bool IsInHaste(long now) => now < _hasteUntil;

    /// <summary>A thread that served is held up.</summary>
    internal void Hasten(long now) => _hasteUntil = now + HasteFor;

    /// <summary>Looks at a thread that is at work, and leaves in <see cref="LoopWorker.Seen"/> what its work is like.</summary>
    /// <param name="worker">The thread.</param>
    /// <param name="work">The number of its piece of work.</param>
    /// <param name="now">The time in milliseconds.</param>
    /// <returns>Whether it can be counted on no longer: because of its work, or as reports that it took have waited behind that for too long.</returns>
    internal bool IsHeldUp(LoopWorker worker, long work, long now)
    {
        _lookedAt = now;
        if (worker.SeenWork != work)
            (worker.SeenWork, worker.SeenSince, worker.IsAsked) = (work, now, false);
        var isServing = worker.State == LoopState.Serving;
        return IsTooLong(worker, now, isServing) || (isServing && worker.Batch.IsOlderThan(now - StuckAfter));
    }

    /// <summary>Whether a thread had been at its piece of work for long when it was last looked at.</summary>
    internal bool IsLate(LoopWorker worker) => worker.SeenWork == worker.Work && _lookedAt - worker.SeenSince >= LateAfter;

    private bool IsTooLong(LoopWorker worker, long now, bool isServing)
    {
        var busyFor = now - worker.SeenSince;
        if (busyFor < (IsInHaste(now) ? StuckAfterInHaste : StuckAfter))
            return false;
        // the kernel is asked again only as long as the answer changes something
        if (!worker.IsAsked || isServing || worker.HasLane)
        {
            worker.IsAsked = true;
            if (worker.Status?.IsWaiting() != false)
            {
                worker.See(WorkWeight.Waits);
                return true;
            }
            if (busyFor >= StuckAfter && worker.Seen == WorkWeight.Light)
                worker.See(WorkWeight.Computes);
        }
        return busyFor >= ComputingAfter;
    }
}
