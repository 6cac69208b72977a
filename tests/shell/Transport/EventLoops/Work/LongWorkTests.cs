using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The order of work that takes long.</summary>
[SupportedOSPlatform("linux")]
public sealed class LongWorkTests
{
    private readonly LoopCrew _crew = new PlayedCrew(1, 0, 1).Crew;

    [Fact]
    public void What_blocks_goes_on_as_soon_as_there_is_a_thread_in_the_order_in_which_it_came()
    {
        var work = new LongWork(lanes: 1);
        for (ulong token = 1; token <= 3; token++)
            work.Add(Report(token), WorkWeight.Waits);
        Assert.Equal([1UL, 2, 3], Enumerable.Range(0, 3).Select(_ => Take(work, Worker())));
        Assert.False(work.TryTake(Worker(), out _));
    }

    [Fact]
    public void Of_what_computes_only_so_many_pieces_go_on_as_there_are_lanes()
    {
        var work = new LongWork(lanes: 2);
        for (ulong token = 1; token <= 3; token++)
            work.Add(Report(token), WorkWeight.Computes);
        var (first, second, third) = (Worker(), Worker(), Worker());
        Assert.Equal((1UL, 2UL), (Take(work, first), Take(work, second)));
        Assert.False(work.TryTake(third, out _));
        Assert.False(work.NeedsThread);
        work.OnArrived(first);
        Assert.True(work.NeedsThread);
        Assert.Equal(3UL, Take(work, third));
        Assert.Equal((false, true, true), (first.HasLane, second.HasLane, third.HasLane));
    }

    [Fact]
    public void A_lane_is_given_back_once()
    {
        var work = new LongWork(lanes: 1);
        var (first, second, third) = (Worker(), Worker(), Worker());
        for (ulong token = 1; token <= 3; token++)
            work.Add(Report(token), WorkWeight.Computes);
        Take(work, first);
        work.ReturnLane(first);
        work.OnArrived(first);
        Take(work, second);
        Assert.False(work.TryTake(third, out _));
    }

    [Fact]
    public void What_computes_goes_before_what_blocks_while_a_lane_is_free()
    {
        var work = new LongWork(lanes: 1);
        work.Add(Report(1), WorkWeight.Waits);
        work.Add(Report(2), WorkWeight.Computes);
        work.Add(Report(3), WorkWeight.Computes);
        Assert.Equal((2UL, 1UL), (Take(work, Worker()), Take(work, Worker())));
        Assert.False(work.TryTake(Worker(), out _));
    }

    [Fact]
    public void A_thread_is_needed_for_each_piece_that_no_thread_was_called_for()
    {
        var work = new LongWork(lanes: 1);
        Assert.False(work.NeedsThread);
        work.Add(Report(1), WorkWeight.Waits);
        Assert.True(work.NeedsThread);
        var worker = Worker();
        work.OnCalled(worker);
        Assert.Equal((false, true), (work.NeedsThread, work.IsThreadComing));
        work.Add(Report(2), WorkWeight.Waits);
        Assert.True(work.NeedsThread);
        work.OnArrived(worker);
        Assert.Equal((true, false, false), (work.NeedsThread, work.IsThreadComing, worker.IsCalled));
    }

    [Fact]
    public void What_is_taken_for_other_threads_occupies_no_lane()
    {
        var work = new LongWork(lanes: 1);
        work.Add(Report(1), WorkWeight.Computes);
        work.Add(Report(2), WorkWeight.Computes);
        Assert.True(work.TryTake(out _));
        Assert.True(work.TryTake(out _));
        Assert.False(work.TryTake(out _));
    }

    private static PendingWork Report(ulong token) => new(null, new ReadyReport(0, token));

    private static ulong Take(LongWork work, LoopWorker worker)
    {
        Assert.True(work.TryTake(worker, out var taken));
        return taken.Report.Token;
    }

    private LoopWorker Worker() => new(_crew);
}
