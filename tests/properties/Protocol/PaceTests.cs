using Http2.Pure;
using Xunit;

namespace Http2.Properties.Protocol;

public sealed class PaceTests
{
    private static readonly PaceLimit Limit = new(240, TimeSpan.FromSeconds(5));

    [Fact]
    public void Nothing_is_judged_before_the_period_is_over()
    {
        var pace = Pace.Begin(1_000);
        Assert.False(pace.IsTooSlow(Limit, 5_999, out var next));
        Assert.Equal(pace, next);
        Assert.Equal(6_000, pace.Due(Limit));
    }

    [Theory]
    [InlineData(1_199, true)]
    [InlineData(1_200, false)]
    public void The_rate_is_exact_at_its_bound(int octets, bool tooSlow) =>
        Assert.Equal(tooSlow, Pace.Begin(0).Count(octets).IsTooSlow(Limit, 5_000, out _));

    [Fact]
    public void A_late_judgement_asks_for_more() => Assert.True(Pace.Begin(0).Count(1_200).IsTooSlow(Limit, 5_005, out _));

    [Fact]
    public void Octets_of_one_period_do_not_count_in_the_next()
    {
        Assert.False(Pace.Begin(0).Count(1_000_000).IsTooSlow(Limit, 5_000, out var next));
        Assert.Equal(Pace.Begin(5_000), next);
        Assert.True(next.IsTooSlow(Limit, 10_000, out _));
    }

    [Fact]
    public void The_next_count_may_take_the_place_of_this_one()
    {
        var pace = Pace.Begin(0).Count(1_200);
        Assert.False(pace.IsTooSlow(Limit, 5_000, out pace));
        Assert.Equal(Pace.Begin(5_000), pace);
    }

    [Fact]
    public void A_rate_of_nothing_is_never_too_slow() => Assert.False(Pace.Begin(0).IsTooSlow(new(0, TimeSpan.FromMilliseconds(1)), 1_000_000, out _));
}
