using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Recordings;

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

    [Fact]
    public void Halves_are_left_out_first_then_ever_smaller_runs_each_from_the_end()
    {
        // everything matters, so that every question is asked
        var asked = new List<string>();
        TraceShrinker.Shrink([.. "abcde"], trace =>
        {
            asked.Add(string.Concat(trace));
            return trace.Length == 5;
        });
        Assert.Equal(["abcde", "abc", "ade", "bcde", "abcd", "abce", "abde", "acde", "bcde"], asked);
    }

    [Fact]
    public void A_long_trace_of_which_little_matters_is_short_after_few_questions()
    {
        var asked = 0;
        var least = TraceShrinker.Shrink([.. Enumerable.Range(0, 1024)], trace =>
        {
            asked++;
            return trace.Contains(700);
        });
        Assert.Equal<int>([700], [.. least]);
        // two for each time that the trace is halved, and a few to see that it cannot be shorter
        Assert.InRange(asked, 1, 40);
    }

    [Fact]
    public void The_first_simpler_item_that_still_fails_is_taken() =>
        Assert.Equal<int>([2], [.. TraceShrinker.Shrink([9], trace => trace.Any(n => n > 1), n => n == 9 ? [1, 2, 3] : [])]);

    [Fact]
    public void To_shrink_without_knowing_what_fails_is_refused() =>
        Assert.Throws<ArgumentNullException>("fails", () => TraceShrinker.Shrink([1], null!));
}
