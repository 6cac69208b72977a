using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>When a thread can be counted on no longer.</summary>
[SupportedOSPlatform("linux")]
public sealed class WorkJudgeTests
{
    private readonly WorkJudge _judge = new();
    private readonly StatedStatus _status = new();
    private readonly LoopWorker _worker;

    public WorkJudgeTests()
    {
        _worker = new LoopWorker(new PlayedCrew(1, 0, 1).Crew) { State = LoopState.Serving, Status = _status };
        _worker.BeginWork();
    }

    [Fact]
    public void A_thread_that_waits_is_held_up_after_5_ms()
    {
        _status.Waits = true;
        Assert.False(IsHeldUp(100));
        Assert.False(IsHeldUp(104));
        Assert.Equal(0, _status.Asked);
        Assert.True(IsHeldUp(105));
        Assert.Equal(WorkWeight.Waits, _worker.Seen);
    }

    [Fact]
    public void A_thread_that_computes_is_known_after_5_ms_and_held_up_after_25()
    {
        Assert.False(IsHeldUp(100));
        Assert.False(IsHeldUp(105));
        Assert.Equal(WorkWeight.Computes, _worker.Seen);
        Assert.False(IsHeldUp(124));
        Assert.True(IsHeldUp(125));
    }

    [Fact]
    public void Each_piece_of_work_is_judged_from_its_own_beginning()
    {
        _status.Waits = true;
        Assert.False(IsHeldUp(100));
        _worker.EndWork();
        _worker.BeginWork();
        Assert.False(IsHeldUp(110));
        Assert.True(IsHeldUp(115));
    }

    [Fact]
    public void For_a_second_after_a_thread_was_held_up_the_next_one_is_after_2_ms()
    {
        _status.Waits = true;
        _judge.Hasten(100);
        Assert.True(_judge.IsInHaste(1099));
        Assert.False(_judge.IsInHaste(1100));
        Assert.False(IsHeldUp(100));
        Assert.True(IsHeldUp(102));
        _worker.EndWork();
        _worker.BeginWork();
        Assert.False(IsHeldUp(1100));
        Assert.False(IsHeldUp(1104));
        Assert.True(IsHeldUp(1105));
    }

    [Fact]
    public void In_haste_a_thread_that_computes_is_not_yet_known_as_one_that_computes_for_long()
    {
        _judge.Hasten(100);
        Assert.False(IsHeldUp(100));
        Assert.False(IsHeldUp(102));
        Assert.Equal(WorkWeight.Light, _worker.Seen);
    }

    [Fact]
    public void A_thread_that_is_aside_is_asked_about_once()
    {
        _worker.State = LoopState.Aside;
        for (var time = 100; time < 125; time++)
            Assert.False(IsHeldUp(time));
        Assert.True(IsHeldUp(125));
        Assert.Equal(1, _status.Asked);
    }

    [Fact]
    public void A_thread_that_is_aside_and_has_a_lane_is_asked_about_at_each_look()
    {
        _worker.State = LoopState.Aside;
        _worker.HasLane = true;
        for (var time = 100; time < 110; time++)
            Assert.False(IsHeldUp(time));
        Assert.Equal(5, _status.Asked);
        _status.Waits = true;
        Assert.True(IsHeldUp(110));
    }

    [Fact]
    public void A_thread_whose_reports_wait_behind_its_work_for_more_than_5_ms_is_held_up_by_many_small_pieces_too()
    {
        _worker.Batch.Fill([new ReadyReport(1, 1)], now: 100);
        for (var time = 100; time <= 105; time++)
        {
            Assert.False(IsHeldUp(time));
            _worker.EndWork();
            _worker.BeginWork();
        }
        Assert.True(IsHeldUp(106));
        _worker.State = LoopState.Aside;
        Assert.False(IsHeldUp(107));
    }

    [Fact]
    public void A_thread_of_which_nothing_is_known_yet_counts_as_waiting()
    {
        _worker.Status = null;
        Assert.False(IsHeldUp(100));
        Assert.True(IsHeldUp(105));
    }

    private bool IsHeldUp(long now) => _judge.IsHeldUp(_worker, _worker.Work, now);
}
