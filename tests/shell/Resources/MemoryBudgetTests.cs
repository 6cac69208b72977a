using Xunit;

namespace Http2.Shell.Tests.Resources;

public sealed class MemoryBudgetTests
{
    private const long Mebi = 1024 * 1024;

    [Theory]
    [InlineData(49, false, false, false, false)]
    [InlineData(50, true, false, false, false)]
    [InlineData(75, true, true, false, false)]
    [InlineData(100, true, true, true, false)]
    [InlineData(124, true, true, true, false)]
    [InlineData(125, true, true, true, true)]
    public void What_is_held_decides_how_far_the_server_must_go(int percent, bool near, bool isShort, bool full, bool exceeded)
    {
        var budget = new MemoryBudget(100 * Mebi);
        budget.Add(percent * Mebi);
        Assert.Equal((near, isShort, full, exceeded), (budget.IsNear, budget.IsShort, budget.IsFull, budget.IsExceeded));
        budget.Remove(percent * Mebi);
        Assert.Equal((0, percent * Mebi, false), (budget.Held, budget.Peak, budget.IsNear));
        budget.ForgetPeak();
        Assert.Equal(0, budget.Peak);
    }

    [Theory]
    [InlineData(124, true, false)]
    [InlineData(125, true, true)]
    [InlineData(125, false, false)]
    [InlineData(149, false, false)]
    [InlineData(150, false, true)]
    public void Nobody_is_turned_away_while_ending_those_that_hold_much_can_help(int percent, bool helpless, bool turnsAway)
    {
        var budget = new MemoryBudget(100 * Mebi) { IsHelpless = helpless };
        budget.Add(percent * Mebi);
        Assert.Equal(turnsAway, budget.TurnsAway);
    }

    [Fact]
    public void Without_an_option_it_is_a_quarter_of_what_the_process_may_use() =>
        Assert.Equal(Http2ProcessLimits.Current.Memory / 4, MemoryBudget.Of(null).Limit);

    [Fact]
    public async Task The_server_says_what_its_connections_may_hold()
    {
        await using var byOption = new Http2Server(Serving.Loopback with { MaxMemory = 5 * Mebi }, (_, _) => new(new Http2Response(200)));
        Assert.Equal(5 * Mebi, byOption.MemoryLimit);
        var error = Assert.Throws<ArgumentException>(
            () => new Http2Server(Serving.Loopback with { MaxMemory = 1000 }, (_, _) => new(new Http2Response(200))));
        Assert.Equal($"The option MaxMemory is 1000; it must be 1048576 to {long.MaxValue}.", error.Message);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(16_000, 1_000)]
    [InlineData(100_000_000, 8 * 1024)]
    public void What_the_application_has_lent_counts_for_little(int octets, int reckoned) =>
        Assert.Equal(reckoned, MemoryBudget.Lent(octets));

    [Fact]
    public void What_is_settled_takes_the_place_of_what_was_settled_before()
    {
        var budget = new MemoryBudget(100 * Mebi);
        var memory = new ConnectionMemory(budget, new ResourceCounts(new BufferPool()));
        memory.Hold(10);
        memory.Settle(100);
        memory.Settle(30);
        Assert.Equal((40, 40), (memory.Held, budget.Held));
        memory.Settle(0);
        memory.Release(10);
        Assert.Equal((0, 0), (memory.Held, budget.Held));
    }

    [Fact]
    public void What_moved_is_counted_from_one_question_to_the_next()
    {
        var memory = new ConnectionMemory(new MemoryBudget(Mebi), new ResourceCounts(new BufferPool()));
        memory.Move(5);
        memory.Move(6);
        Assert.Equal(11, memory.TakeMoved());
        memory.Move(7);
        Assert.Equal(7, memory.TakeMoved());
        Assert.Equal(0, memory.TakeMoved());
    }

    [Fact]
    public void A_buffer_that_was_rented_before_the_pool_was_emptied_can_be_given_back()
    {
        var pool = new BufferPool();
        var (kept, dropped) = (pool.Rent(1024), pool.Rent(1024));
        pool.Return(dropped);
        Assert.Same(dropped, pool.Rent(1024));
        pool.Return(dropped);
        pool.Empty();
        Assert.NotSame(dropped, pool.Rent(1024));
        pool.Return(kept);
        Assert.Same(kept, pool.Rent(1024));
    }
}
