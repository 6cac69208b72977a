using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class RateBudgetTests
{
    [Fact]
    public void A_full_bucket_gives_its_burst_and_then_refuses()
    {
        var bucket = RateBudget.Full(new(3, 2), 1000);
        for (var i = 0; i < 3; i++)
            Assert.True(Spend(ref bucket, 1000, 1));
        Assert.False(Spend(ref bucket, 1000, 1));
        Assert.False(Spend(ref bucket, 1499, 1));
        Assert.True(Spend(ref bucket, 1500, 1));
        Assert.False(bucket.TrySpend(1500, 1, out _));
    }

    [Fact]
    public void Refilling_in_many_small_steps_gives_the_same_as_in_one()
    {
        Assert.True(RateBudget.Full(new(1, 3), 0).TrySpend(0, 1, out var one));
        var many = one;
        for (var now = 1; now <= 200; now++)
            _ = Spend(ref many, now, 2);
        Assert.False(Spend(ref one, 200, 2));
        Assert.Equal(one, many);
    }

    [Fact]
    public void A_clock_that_runs_backwards_or_far_ahead_refills_no_more_than_the_burst()
    {
        Assert.True(RateBudget.Full(new(2, 1_000_000), 50).TrySpend(50, 2, out var empty));
        Assert.False(empty.TrySpend(0, 1, out var back));
        Assert.False(back.TrySpend(50, 1, out _));
        Assert.True(empty.TrySpend(long.MaxValue, 2, out var full));
        Assert.False(full.TrySpend(long.MaxValue, 1, out _));
    }

    [Property]
    public void No_schedule_gets_more_than_the_burst_and_the_rate(byte burst, byte rate, ushort[] pauses)
    {
        var bucket = RateBudget.Full(new(burst, rate), 0);
        long now = 0;
        var taken = 0;
        foreach (var pause in pauses)
        {
            now += pause % 50;
            for (var i = 0; i < 5; i++)
                taken += Spend(ref bucket, now, 1) ? 1 : 0;
        }
        Assert.True(taken * 1000L <= burst * 1000L + now * rate);
    }

    // the bucket that is asked and the one that comes out must not be one variable
    private static bool Spend(ref RateBudget bucket, long now, int cost)
    {
        var before = bucket;
        return before.TrySpend(now, cost, out bucket);
    }

    [Fact]
    public void A_bucket_without_a_rate_stays_as_empty_as_it_is_however_long_the_pause()
    {
        Assert.True(RateBudget.Full(new(2, 0), 0).TrySpend(0, 2, out var empty));
        Assert.False(empty.TrySpend(2_000, 1, out _));
        Assert.False(empty.TrySpend(long.MaxValue, 1, out _));
    }

    [Theory]
    [InlineData(10, 3, 3_333, false)]
    [InlineData(10, 3, 3_334, true)]
    [InlineData(1, 5_000, 0, false)]
    [InlineData(1, 5_000, 1, true)]
    [InlineData(int.MaxValue, int.MaxValue, 999, false)]
    [InlineData(int.MaxValue, int.MaxValue, 1_000, true)]
    [InlineData(int.MaxValue, int.MaxValue, long.MaxValue, true)]
    public void An_empty_bucket_is_full_again_after_the_burst_divided_by_the_rate(int burst, int rate, long pause, bool full)
    {
        Assert.True(RateBudget.Full(new(burst, rate), 0).TrySpend(0, burst, out var empty));
        Assert.Equal(full, empty.TrySpend(pause, burst, out _));
    }
}
