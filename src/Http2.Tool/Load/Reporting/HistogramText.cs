using System.Globalization;

namespace Http2.Tool;

/// <summary>Draws a histogram with a bar for each range of values; each range is by the same factor wider than the one before.</summary>
internal static class HistogramText
{
    private const int BarWidth = 50;
    private const string Blocks = " ▏▎▍▌▋▊▉";

    // The bounds of ranges within a decade: the finest that gives no more rows than people like to look at.
    private static readonly double[][] Bounds =
    [
        [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8],
        [1, 1.6, 2.5, 4, 6.3],
        [1, 2, 5],
        [1],
    ];

    private const int MostRows = 20;

    /// <summary>The lines, each from a lower to an upper bound, with a bar, a share of all values and their number.</summary>
    public static IEnumerable<string> Lines(Histogram histogram)
    {
        var rows = Rows(histogram);
        if (rows.Count == 0)
            yield break;
        var most = rows.Max(row => row.Count);
        var width = rows.Max(row => Units.Time(row.To).Length);
        foreach (var row in rows)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{Units.Time(row.From).PadLeft(width)} - {Units.Time(row.To).PadLeft(width)} {Bar((double)row.Count / most),-BarWidth} "
                + $"{100.0 * row.Count / histogram.Count,6:0.00}% {Units.Count(row.Count)}");
        }
    }

    /// <summary>How many values there are in each range, from the first range with some to the last.</summary>
    public static IReadOnlyList<Histogram.Bucket> Rows(Histogram histogram)
    {
        if (histogram.Count == 0)
            return [];
        List<Histogram.Bucket> rows = [];
        foreach (var bounds in Bounds)
        {
            rows = Rows(histogram, bounds);
            if (rows.Count <= MostRows)
                break;
        }
        return rows;
    }

    private static List<Histogram.Bucket> Rows(Histogram histogram, double[] bounds)
    {
        var rows = new List<Histogram.Bucket>();
        var edges = Edges(histogram.Least, histogram.Most, bounds);
        var counts = new long[edges.Count - 1];
        var at = 0;
        foreach (var bucket in histogram.Buckets())
        {
            // A bucket that lies across an edge counts where it begins.
            var from = Math.Max(bucket.From, histogram.Least);
            while (at + 1 < counts.Length && from >= edges[at + 1])
                at++;
            counts[at] += bucket.Count;
        }
        for (var i = 0; i < counts.Length; i++)
            rows.Add(new Histogram.Bucket(edges[i], edges[i + 1], counts[i]));
        return rows;
    }

    // From the last edge that is not above the least value to the first one above the greatest.
    private static List<long> Edges(long least, long most, double[] bounds)
    {
        var edges = new List<long>();
        for (var decade = 1.0; ; decade *= 10)
        {
            foreach (var bound in bounds)
            {
                var edge = (long)Math.Round(bound * decade);
                if (edges.Count > 0 && edge <= edges[^1])
                    continue;
                if (edge <= least)
                    edges.Clear();
                edges.Add(edge);
                if (edge > most && edges.Count > 1)
                    return edges;
            }
        }
    }

    private static string Bar(double share)
    {
        var eighths = (int)Math.Round(share * BarWidth * 8);
        var bar = new string('█', eighths / 8);
        return eighths % 8 == 0 ? bar : bar + Blocks[eighths % 8];
    }
}
