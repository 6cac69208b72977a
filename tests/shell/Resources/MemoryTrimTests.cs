using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Http2.Shell.Tests.Resources;

public sealed class MemoryTrimTests
{
    private const long Mebi = 1024 * 1024;

    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly MemoryBudget _budget = new(1000 * Mebi);
    private TimeSpan _used = TimeSpan.Zero;

    private MemoryTrim Watch() => new(_budget, new BufferPool(), NullLogger.Instance, _clock, () => _used);

    private void Load(long octets)
    {
        _budget.Add(octets);
        _budget.Remove(octets);
    }

    private void Pass(double seconds, double work)
    {
        _used += TimeSpan.FromSeconds(work);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public void Memory_is_given_back_once_when_a_load_has_gone_and_it_is_quiet()
    {
        using var trim = Watch();
        Load(100 * Mebi);
        Pass(2.9, work: 0);
        Assert.Equal(0, trim.Count);
        Pass(0.1, work: 0);
        Assert.Equal(1, trim.Count);
        Pass(100, work: 0);
        Load(Mebi);
        Pass(100, work: 0);
        Assert.Equal(1, trim.Count);
        Load(100 * Mebi);
        Pass(3, work: 0);
        Assert.Equal(2, trim.Count);
    }

    [Fact]
    public void Nothing_is_given_back_while_the_process_is_busy()
    {
        using var trim = Watch();
        Load(100 * Mebi);
        for (var i = 0; i < 10; i++)
            Pass(3, work: 1);
        Assert.Equal(0, trim.Count);
        Pass(3, work: 0.3);
        Assert.Equal(1, trim.Count);
    }

    [Fact]
    public void Nothing_is_collected_when_the_load_is_back_already()
    {
        using var trim = Watch();
        Load(100 * Mebi);
        _budget.Add(30 * Mebi);
        Pass(3, work: 0);
        Assert.Equal(0, trim.Count);
        _budget.Remove(20 * Mebi);
        Pass(3, work: 0);
        Assert.Equal(1, trim.Count);
    }

    [Fact]
    public void A_little_load_is_not_worth_a_collection()
    {
        using var trim = Watch();
        Load(7 * Mebi);
        Pass(100, work: 0);
        Assert.Equal(0, trim.Count);
    }

    [Fact]
    public void Many_threads_that_have_ended_are_a_load_that_has_gone()
    {
        using var trim = Watch();
        EndThreads(31);
        Pass(100, work: 0);
        Assert.Equal(0, trim.Count);
        EndThreads(1);
        Pass(3, work: 0);
        Assert.Equal(1, trim.Count);
        Pass(100, work: 0);
        EndThreads(31);
        Pass(100, work: 0);
        Assert.Equal(1, trim.Count);

        void EndThreads(int count)
        {
            for (var i = 0; i < count; i++)
                trim.ThreadEnded();
        }
    }

    [Fact]
    public void What_a_load_has_left_half_is_no_load_that_has_gone()
    {
        using var trim = Watch();
        _budget.Add(100 * Mebi);
        _budget.Remove(70 * Mebi);
        Pass(100, work: 0);
        Assert.Equal(0, trim.Count);
    }
}
