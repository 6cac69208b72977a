using FsCheck.Xunit;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How times are counted, what percentiles are found, and how they are drawn.</summary>
public sealed class HistogramTests
{
    [Fact]
    public void Without_values_everything_is_zero()
    {
        var none = new Histogram();
        Assert.Equal((0, 0, 0, 0.0, 0.0, 0.0), (none.Count, none.Least, none.Most, none.Mean, none.Deviation, none.ShareWithinDeviation()));
        Assert.Equal(0, none.Percentile(99));
        Assert.Empty(HistogramText.Lines(none));
    }

    [Property]
    public void A_percentile_is_at_most_a_128th_above_the_value_of_its_rank(uint[] values, byte percent)
    {
        if (values.Length == 0)
            return;
        var percentile = percent % 101;
        var histogram = Of(values.Select(value => (long)value));
        var sorted = values.Order().ToList();
        var exact = sorted[Math.Max((int)Math.Ceiling(percentile / 100.0 * sorted.Count), 1) - 1];
        Assert.InRange(histogram.Percentile(percentile), exact, exact + (exact / 128));
    }

    [Property]
    public void Histograms_that_are_added_up_are_the_one_of_all_values(uint[] some, uint[] others)
    {
        var sum = Of(some.Select(value => (long)value));
        sum.AddAll(Of(others.Select(value => (long)value)));
        var whole = Of(some.Concat(others).Select(value => (long)value));
        Assert.Equal(whole.Buckets(), sum.Buckets());
        Assert.Equal((whole.Count, whole.Least, whole.Most), (sum.Count, sum.Least, sum.Most));
        Assert.Equal(whole.Mean, sum.Mean, 3);
    }

    [Property]
    public void Every_value_lies_in_one_row_that_is_drawn(uint[] values)
    {
        var histogram = Of(values.Select(value => (long)value));
        var rows = HistogramText.Rows(histogram);
        Assert.Equal(histogram.Count, rows.Sum(row => row.Count));
        Assert.InRange(rows.Count, 0, 40);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(pair.Item1.To, pair.Item2.From));
    }

    [Fact]
    public void The_greatest_values_have_their_place()
    {
        var histogram = Of([long.MaxValue, 0, -5]);
        Assert.Equal((3, 0, long.MaxValue), (histogram.Count, histogram.Least, histogram.Most));
        Assert.Equal(long.MaxValue, histogram.Percentile(100));
    }

    [Fact]
    public void Moments_are_those_of_the_values()
    {
        var histogram = Of([2_000, 4_000, 4_000, 4_000, 5_000, 5_000, 7_000, 9_000]);
        Assert.Equal(5_000, histogram.Mean);
        Assert.Equal(2_138.09, histogram.Deviation, 2);
        Assert.Equal(0.75, histogram.ShareWithinDeviation());
    }

    [Fact]
    public void A_row_has_its_range_its_bar_its_share_and_its_count()
    {
        var lines = HistogramText.Lines(Of(Enumerable.Repeat(1_500_000L, 3).Append(2_900_000L))).ToList();
        Assert.Equal("1.25 ms - 1.60 ms " + new string('█', 50) + "  75.00% 3", lines[0]);
        Assert.Equal("2.50 ms - 3.20 ms " + (new string('█', 16) + "▋").PadRight(50) + "  25.00% 1", lines[^1]);
    }

    private static Histogram Of(IEnumerable<long> values)
    {
        var histogram = new Histogram();
        foreach (var value in values)
            histogram.Add(value);
        return histogram;
    }
}
