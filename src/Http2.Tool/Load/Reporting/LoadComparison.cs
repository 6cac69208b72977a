using System.Globalization;

namespace Http2.Tool;

/// <summary>Compares a run with an earlier one.</summary>
/// <param name="before">The earlier one.</param>
/// <param name="now">This one.</param>
/// <param name="tolerance">By how many percent a figure may be worse.</param>
internal sealed class LoadComparison(LoadFigures before, LoadFigures now, double tolerance)
{
    /// <summary>
    /// Whether it is worse: the rate is lower, or the median or the 99th percentile higher, by more than the tolerance; or a larger share of the
    /// requests failed.
    /// </summary>
    public bool IsWorse => IsRateWorse || IsTimeWorse(before.P50, now.P50) || IsTimeWorse(before.P99, now.P99) || IsShareWorse;

    private bool IsRateWorse => now.Rate < before.Rate * (1 - (tolerance / 100));

    // In hundredths of a percent, as it is shown.
    private bool IsShareWorse => now.FailedPercent > before.FailedPercent + 0.005;

    /// <summary>A line for each figure.</summary>
    public IEnumerable<string> Lines()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{"compared",-12} {"before",14} {"now",14} {"change",9}");
        yield return Line("req/s", before.Rate, now.Rate, IsRateWorse);
        yield return Line("p50 us", before.P50, now.P50, IsTimeWorse(before.P50, now.P50));
        yield return Line("p99 us", before.P99, now.P99, IsTimeWorse(before.P99, now.P99));
        yield return string.Create(
            CultureInfo.InvariantCulture, $"{"failed %",-12} {before.FailedPercent,14:0.00} {now.FailedPercent,14:0.00} {"",9}{(IsShareWorse ? "  worse" : "")}");
    }

    private static string Line(string name, double before, double now, bool isWorse)
    {
        var change = before > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100 * ((now / before) - 1):+0.0;-0.0;0.0}%") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{name,-12} {before,14:0.00} {now,14:0.00} {change,9}{(isWorse ? "  worse" : "")}");
    }

    private bool IsTimeWorse(double was, double @is) => @is > was * (1 + (tolerance / 100));
}
