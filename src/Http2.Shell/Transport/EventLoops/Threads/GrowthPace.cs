namespace Http2.Shell;

/// <summary>
/// Whether long work may wait for one of the threads that are there instead of getting another one. Threads are not free: each collection of
/// garbage looks through the stack of every one, and while 800 threads are at work those pauses take more than half of the time. So beyond some
/// hundreds another one is made only if none of them comes back. Not thread-safe.
/// </summary>
internal sealed class GrowthPace
{
    /// <summary>Up to so many threads each piece of long work gets one at once.</summary>
    internal const int Plenty = 256;

    /// <summary>With more, a piece waits until no thread has come back for so long, in milliseconds.</summary>
    internal const int Patience = 250;

    private bool _hasReturned = true;
    private long _returnedAt;

    /// <summary>A thread has finished its piece of work.</summary>
    internal void OnReturned() => _hasReturned = true;

    /// <summary>The watchdog's look.</summary>
    internal void Look(long now)
    {
        if (!_hasReturned)
            return;
        _hasReturned = false;
        _returnedAt = now;
    }

    /// <summary>Whether long work may wait while there are so many threads.</summary>
    internal bool MayWait(int threads, long now) => threads >= Plenty && (_hasReturned || now - _returnedAt < Patience);
}
