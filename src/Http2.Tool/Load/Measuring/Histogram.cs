using System.Numerics;

namespace Http2.Tool;

/// <summary>
/// How often which time was measured, in nanoseconds. Values are counted in buckets that are at most a 128th of the value wide, so every percentile
/// is exact to 0.8 percent, however many values there are. One thread adds at a time; others may read meanwhile and see counts of a moment ago.
/// </summary>
internal sealed class Histogram
{
    // Below 128 each value has a bucket of its own; above, each doubling has 128.
    private const int SubBits = 7;
    private const int SubCount = 1 << SubBits;

    // Made when the first value of a doubling comes: most runs need five of them.
    private readonly long[]?[] _doublings = new long[64 - SubBits][];
    private long _count, _least = long.MaxValue, _most;
    private double _sum, _sumOfSquares;

    /// <summary>How many values there are.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The least value, or 0 when there are none.</summary>
    public long Least => Count == 0 ? 0 : _least;

    /// <summary>The greatest value, or 0 when there are none.</summary>
    public long Most => _most;

    /// <summary>The mean of all values, or 0 when there are none.</summary>
    public double Mean => Count == 0 ? 0 : _sum / _count;

    /// <summary>The standard deviation of the values, as of a sample; 0 when there are fewer than two.</summary>
    public double Deviation => _count < 2 ? 0 : Math.Sqrt(Math.Max(_sumOfSquares - (_sum * _sum / _count), 0) / (_count - 1));

    /// <summary>Counts a value.</summary>
    /// <param name="value">Nanoseconds; a negative value counts as 0.</param>
    public void Add(long value)
    {
        value = Math.Max(value, 0);
        var (doubling, at) = PlaceOf(value);
        var counts = _doublings[doubling] ?? Made(doubling);
        counts[at]++;
        _least = Math.Min(_least, value);
        _most = Math.Max(_most, value);
        _sum += value;
        _sumOfSquares += (double)value * value;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Counts all values of another one.</summary>
    public void AddAll(Histogram other)
    {
        for (var doubling = 0; doubling < _doublings.Length; doubling++)
        {
            if (Volatile.Read(ref other._doublings[doubling]) is not { } from)
                continue;
            var to = _doublings[doubling] ?? Made(doubling);
            for (var at = 0; at < SubCount; at++)
                to[at] += from[at];
        }
        _least = Math.Min(_least, other._least);
        _most = Math.Max(_most, other._most);
        _sum += other._sum;
        _sumOfSquares += other._sumOfSquares;
        Volatile.Write(ref _count, _count + other.Count);
    }

    /// <summary>The value that so many percent of all values do not exceed; 0 when there are none.</summary>
    /// <param name="percent">0 to 100.</param>
    public long Percentile(double percent)
    {
        var rank = Math.Max((long)Math.Ceiling(percent / 100 * Count), 1);
        var seen = 0L;
        foreach (var bucket in Buckets())
        {
            seen += bucket.Count;
            if (seen >= rank)
                return Math.Min(bucket.To, _most);
        }
        return _most;
    }

    /// <summary>Which share of the values is at most a standard deviation away from the mean, 0 to 1.</summary>
    public double ShareWithinDeviation()
    {
        if (Count == 0)
            return 0;
        var (low, high) = (Mean - Deviation, Mean + Deviation);
        // A bucket counts by its middle, but never as less or more than there was.
        var within = Buckets().Where(bucket => Middle(bucket) >= low && Middle(bucket) <= high).Sum(bucket => bucket.Count);
        return (double)within / Count;
    }

    /// <summary>The buckets that are not empty, from the least.</summary>
    public IEnumerable<Bucket> Buckets()
    {
        for (var doubling = 0; doubling < _doublings.Length; doubling++)
        {
            if (Volatile.Read(ref _doublings[doubling]) is not { } counts)
                continue;
            for (var at = 0; at < SubCount; at++)
            {
                if (counts[at] > 0)
                    yield return new Bucket(FirstOf(doubling, at), FirstOf(doubling, at) + WidthOf(doubling) - 1, counts[at]);
            }
        }
    }

    private static (int Doubling, int At) PlaceOf(long value)
    {
        if (value < SubCount)
            return (0, (int)value);
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return (shift + 1, (int)(value >> shift) - SubCount);
    }

    private static long FirstOf(int doubling, int at) => doubling == 0 ? at : (long)(SubCount + at) << (doubling - 1);

    private static long WidthOf(int doubling) => doubling == 0 ? 1 : 1L << (doubling - 1);

    private double Middle(Bucket bucket) => Math.Clamp((bucket.From + bucket.To) / 2.0, Least, Most);

    private long[] Made(int doubling)
    {
        var counts = new long[SubCount];
        Volatile.Write(ref _doublings[doubling], counts);
        return counts;
    }

    /// <summary>How many values there are in a range.</summary>
    /// <param name="From">The least value of the range.</param>
    /// <param name="To">The greatest value of the range.</param>
    /// <param name="Count">How many values.</param>
    internal readonly record struct Bucket(long From, long To, long Count);
}
