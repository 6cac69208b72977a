namespace Http2.Shell;

/// <summary>
/// Something that is said at most once in so many milliseconds, however often it happens, and then with how often it did. Thread-safe.
/// </summary>
/// <param name="pause">Milliseconds.</param>
internal sealed class SeldomNotice(long pause)
{
    /// <summary>A minute.</summary>
    internal const long Minute = 60_000;

    private long _count;
    private long _quietUntil = long.MinValue;

    /// <summary>It has happened.</summary>
    /// <param name="now">The time in milliseconds.</param>
    /// <param name="count">How often it did since it was said last.</param>
    /// <returns>Whether it is to be said now.</returns>
    internal bool Happened(long now, out long count)
    {
        count = Interlocked.Increment(ref _count);
        var quietUntil = Volatile.Read(ref _quietUntil);
        if (now < quietUntil || Interlocked.CompareExchange(ref _quietUntil, now + pause, quietUntil) != quietUntil)
            return false;
        count = Interlocked.Exchange(ref _count, 0);
        return true;
    }
}
