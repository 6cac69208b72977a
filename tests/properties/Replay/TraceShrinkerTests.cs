using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Replay;

public sealed class TraceShrinkerTests
{
    [Fact]
    public void What_does_not_matter_is_left_out() =>
        Assert.Equal<int>([3, 7], [.. TraceShrinker.Shrink([.. Enumerable.Range(0, 100)], trace => trace.Contains(3) && trace.Contains(7))]);

    [Fact]
    public void Items_are_made_simpler() =>
        Assert.Equal<int>(
            [11], [.. TraceShrinker.Shrink([1, 500, 2], trace => trace.Any(n => n > 10), n => n > 0 ? [0, n / 2, n - 1] : [])]);

    [Fact]
    public void A_simpler_item_may_make_another_needless() =>
        // 4 is needed beside 9, and not beside 8
        Assert.Equal<int>(
            [8], [.. TraceShrinker.Shrink([4, 9], trace => trace.Contains(8) || (trace.Contains(9) && trace.Contains(4)), n => n == 9 ? [8] : [])]);

    [Fact]
    public void A_trace_that_does_not_fail_stays() => Assert.Equal<int>([1, 2], [.. TraceShrinker.Shrink([1, 2], _ => false)]);

    [Fact]
    public void Nothing_is_left_when_everything_fails() => Assert.Empty(TraceShrinker.Shrink([1, 2, 3], _ => true));

    [Property]
    internal static void The_result_fails_and_leaving_out_any_item_makes_it_pass(byte[] items, byte sum)
    {
        bool Fails(System.Collections.Immutable.ImmutableArray<byte> trace) => trace.Sum(n => n) >= sum;
        var least = TraceShrinker.Shrink([.. items], Fails);
        Assert.Equal(Fails([.. items]), Fails(least));
        if (Fails(least))
            Assert.All(Enumerable.Range(0, least.Length), i => Assert.False(Fails(least.RemoveAt(i))));
    }
}
