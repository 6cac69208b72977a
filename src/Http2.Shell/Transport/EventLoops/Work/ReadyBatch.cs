namespace Http2.Shell;

/// <summary>A change that epoll reported.</summary>
/// <param name="Events">What changed.</param>
/// <param name="Token">Whose descriptor.</param>
internal readonly record struct ReadyReport(uint Events, ulong Token);

/// <summary>
/// The reports that a thread took at once. It works through them, and whoever has nothing to do takes from them too: so what lies behind a
/// report whose handler blocks waits for nobody. Taking is safe on any thread, filling is the owner's.
/// </summary>
internal sealed class ReadyBatch
{
    /// <summary>The most reports of one batch.</summary>
    internal const int Most = 32;

    private const int CountBits = 16;
    private const long CountMask = (1L << CountBits) - 1;

    private readonly ReadyReport[] _reports = new ReadyReport[Most];

    // From the lowest bits: how many reports there are, which one is next, and the number of the filling, so that a slow taker of an
    // earlier one cannot mistake this for that.
    private long _place;

    private long _filledAt;

    /// <summary>Whether all reports were taken.</summary>
    internal bool IsEmpty
    {
        get
        {
            var place = Volatile.Read(ref _place);
            return ((place >> CountBits) & CountMask) >= (place & CountMask);
        }
    }

    /// <summary>Whether there are reports that have waited here since before <paramref name="time"/>, in milliseconds.</summary>
    internal bool IsOlderThan(long time)
    {
        var place = Volatile.Read(ref _place);
        return ((place >> CountBits) & CountMask) < (place & CountMask) && Volatile.Read(ref _filledAt) < time;
    }

    /// <summary>Puts the next reports in; only when all before were taken.</summary>
    /// <param name="reports">The reports.</param>
    /// <param name="now">The time in milliseconds.</param>
    internal void Fill(ReadOnlySpan<ReadyReport> reports, long now)
    {
        reports.CopyTo(_reports);
        Volatile.Write(ref _filledAt, now);
        Volatile.Write(ref _place, (((_place >> (2 * CountBits)) + 1) << (2 * CountBits)) | (uint)reports.Length);
    }

    /// <summary>Takes the next report, if there is one.</summary>
    internal bool TryTake(out ReadyReport report)
    {
        var place = Volatile.Read(ref _place);
        while (true)
        {
            var next = (place >> CountBits) & CountMask;
            if (next >= (place & CountMask))
            {
                report = default;
                return false;
            }
            // it may be torn by a filling; then the place has moved
            report = _reports[next];
            var seen = Interlocked.CompareExchange(ref _place, place + (1L << CountBits), place);
            if (seen == place)
                return true;
            place = seen;
        }
    }
}
