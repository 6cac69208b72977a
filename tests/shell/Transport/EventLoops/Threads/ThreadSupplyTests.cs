using Xunit;

namespace Http2.Shell.Tests;

/// <summary>When the event loops may take a thread more, on a machine that is counted out.</summary>
public sealed class ThreadSupplyTests
{
    // The machine: how many threads it has left, and what this process believes of that.
    private long _free;
    private long _limit = 100;
    private bool _isCountable = true;
    private long _hidden;
    private int _held;
    private long _now;

    private ThreadSupply Supply() => new(() => _isCountable ? _free + _hidden : null, () => _limit, new ThreadReserve(Start));

    // A thread of the reserve, which holds its place until it is let go.
    private bool Start(Action work)
    {
        if (_free == 0)
            return false;
        _free--;
        Interlocked.Increment(ref _held);
        ThreadPool.QueueUserWorkItem(_ =>
        {
            work();
            Interlocked.Decrement(ref _held);
        });
        return true;
    }

    private void LetGo()
    {
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _held) == 0, Patience.Time));
        _free += ThreadReserve.Size;
    }

    // What the loops do.
    private bool Take(ThreadSupply supply)
    {
        if (!supply.MayTake(_now))
            return false;
        if (_free > 0)
        {
            _free--;
            return true;
        }
        supply.Refused();
        return false;
    }

    [Fact]
    public void The_reserve_is_held_from_the_first_look_and_the_last_places_are_never_taken()
    {
        _free = 20;
        var supply = Supply();
        supply.Look(_now);
        Assert.Equal(20 - ThreadReserve.Size, _free);
        var taken = 0;
        while (Take(supply))
            taken++;
        Assert.Equal(20 - ThreadReserve.Size - ThreadSupply.LeftToTheRuntime, taken);
        Assert.Equal(0, supply.Missing);
        LetGo();
        Assert.Equal(ThreadReserve.Size + ThreadSupply.LeftToTheRuntime, _free);
        supply.End();
    }

    [Fact]
    public void A_limit_that_was_lowered_to_what_is_in_use_is_noticed_within_a_second_and_the_reserve_is_given_up()
    {
        _free = 50;
        var supply = Supply();
        supply.Look(_now);
        (_limit, _free) = (50, 0);
        supply.Look(_now + ThreadSupply.LookEach - 1);
        Assert.Equal(ThreadReserve.Size, Volatile.Read(ref _held));
        supply.Look(_now + ThreadSupply.LookEach);
        LetGo();
        Assert.Equal(0, supply.Missing);
        Assert.False(supply.MayTake(_now + ThreadSupply.LookEach));
    }

    [Fact]
    public void A_place_that_the_runtime_left_for_a_moment_is_not_taken_however_often_one_is_wanted()
    {
        _free = 50;
        var supply = Supply();
        supply.Look(_now);
        (_limit, _free) = (50, 0);
        for (_now = 1_000; _now < 100_000; _now += 500)
        {
            supply.Look(_now);
            if (_now == 1_000)
                LetGo();
            _free = ThreadReserve.Size + 1;
            Assert.False(supply.MayTake(_now));
        }
    }

    [Fact]
    public void When_there_is_room_again_the_reserve_is_held_again_before_a_thread_is_taken()
    {
        _free = 50;
        var supply = Supply();
        supply.Look(_now);
        (_limit, _free) = (50, 0);
        Assert.False(supply.MayTake(_now += ThreadSupply.LookEach));
        LetGo();
        (_limit, _free) = (100, 50);
        Assert.True(supply.MayTake(_now + ThreadSupply.LookEach));
        Assert.Equal(ThreadReserve.Size, Volatile.Read(ref _held));
        supply.End();
    }

    [Fact]
    public void A_refusal_that_the_count_did_not_foresee_gives_the_reserve_up_and_the_next_thread_is_tried_with_all_its_places_at_once()
    {
        (_free, _hidden) = (ThreadReserve.Size + 1, 1000);
        var supply = Supply();
        supply.Look(_now);
        Assert.True(Take(supply));
        Assert.False(Take(supply));
        LetGo();
        Assert.Equal(0, supply.Missing);
        // one place short
        _free = ThreadReserve.Size - 1;
        Assert.False(Take(supply));
        Assert.Equal(ThreadSupply.LeftToTheRuntime, supply.Missing);
    }

    [Fact]
    public void Where_nothing_can_be_counted_threads_are_taken_until_one_is_refused()
    {
        (_free, _isCountable) = (10, false);
        var supply = Supply();
        supply.Look(_now);
        var taken = 0;
        while (Take(supply))
            taken++;
        Assert.Equal(10 - ThreadReserve.Size, taken);
        LetGo();
        Assert.Equal(ThreadReserve.Size, _free);
    }

    [Fact]
    public void Threads_are_counted_at_most_once_a_second_while_there_is_room()
    {
        var counts = 0;
        var supply = new ThreadSupply(
            () =>
            {
                counts++;
                return 1000;
            },
            () => 2000, new ThreadReserve(_ => true));
        for (_now = 0; _now < 3000; _now += 10)
            Assert.True(supply.MayTake(_now));
        Assert.Equal(3, counts);
    }
}
