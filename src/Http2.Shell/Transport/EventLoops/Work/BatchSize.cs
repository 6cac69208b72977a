using System.Diagnostics;

namespace Http2.Shell;

/// <summary>
/// How many reports a thread takes at once: as many as it gets done in a moment, judged by those before. Asking the kernel again for each
/// of a thousand small requests costs a quarter of their time; taking much at once would keep long work from idle cores.
/// </summary>
internal struct BatchSize
{
    /// <summary>How long a batch may take, in microseconds.</summary>
    internal const int Moment = 250;

    // Each batch counts for an eighth: a thread that lost its core once must not forget how fast it is.
    private const int Weight = 8;

    private static readonly long MomentTicks = Stopwatch.Frequency * Moment / 1_000_000;

    private long _cost;

    /// <summary>1 to <see cref="ReadyBatch.Most"/>; 1 as long as nothing is known.</summary>
    internal readonly int Next => _cost == 0 ? 1 : (int)Math.Clamp(MomentTicks / _cost, 1, ReadyBatch.Most);

    /// <summary>Some reports were worked through.</summary>
    /// <param name="reports">How many.</param>
    /// <param name="ticks">How long that took, by <see cref="Stopwatch"/>.</param>
    internal void Learn(int reports, long ticks)
    {
        if (reports == 0)
            return;
        var cost = Math.Max(ticks / reports, 1);
        _cost = _cost == 0 ? cost : Math.Max(_cost + (cost - _cost) / Weight, 1);
    }
}
