using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Which thread of the event loops does what; the test plays the threads, in virtual time.</summary>
[SupportedOSPlatform("linux")]
public sealed class LoopCrewTests
{
    [Fact]
    public void As_many_threads_serve_as_there_are_places_and_the_others_are_parked()
    {
        var played = new PlayedCrew(threads: 2, spare: 1, limit: 4);
        Assert.Equal([LoopState.Serving, LoopState.Serving, LoopState.Parked], played.Workers.Select(worker => worker.State));
        Assert.Equal(played.Workers.Take(2), played.Crew.Front);
        Assert.True(played.Crew.HasServing);
        Assert.False(played.Crew.NeedsThread(played.System.Now));
    }

    [Fact]
    public void A_parked_thread_takes_the_place_of_one_that_is_held_up_which_is_parked_when_it_comes_back()
    {
        var played = new PlayedCrew(1, 1, 4);
        var (held, parked) = (played.Workers[0], played.Workers[1]);
        played.Hold(held);
        Assert.Equal((LoopState.Aside, LoopState.Serving), (held.State, parked.State));
        Assert.True(parked.WaitForCall(0));
        Assert.Equal([parked], played.Crew.Front);
        Assert.Equal(1, played.Crew.Held);
        Assert.True(played.Crew.IsInHaste(played.System.Now));
        held.EndWork();
        Assert.Equal(NextDuty.Sleep, played.Crew.Next(held, out _));
        Assert.Equal(0, played.Crew.Held);
    }

    [Fact]
    public void What_lies_in_the_batch_of_a_thread_that_is_held_up_is_still_looked_for()
    {
        var played = new PlayedCrew(1, 1, 4);
        var held = played.Workers[0];
        held.Batch.Fill([new ReadyReport(1, 1)], played.System.Now);
        played.Hold(held);
        Assert.Contains(held, played.Crew.Front);
    }

    [Fact]
    public void Long_work_calls_a_parked_thread_which_sleeps_again_when_there_is_no_more()
    {
        var played = new PlayedCrew(1, 1, 2);
        var (work, parked) = (new CountedWork(), played.Workers[1]);
        played.Crew.PutAside(new PendingWork(work, default), WorkWeight.Waits);
        Assert.Equal((LoopState.Aside, 1), (parked.State, played.Crew.Held));
        Assert.True(parked.WaitForCall(0));
        Assert.Equal(NextDuty.DoLongWork, played.Crew.Next(parked, out var pending));
        Assert.Same(work, pending.Work);
        Assert.Equal(NextDuty.Sleep, played.Crew.Next(parked, out _));
        Assert.Equal((LoopState.Parked, 0), (parked.State, played.Crew.Held));
    }

    [Fact]
    public void Without_a_parked_thread_the_watchdog_is_asked_for_one_which_is_called_when_it_is_made()
    {
        var played = new PlayedCrew(1, 0, 2);
        played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Waits);
        Assert.Equal((1, 0), (played.WatchdogWakes, played.ServingWakes));
        Assert.True(played.Crew.NeedsThread(played.System.Now));
        var made = played.Make();
        Assert.True(made.WaitForCall(0));
        Assert.False(played.Crew.NeedsThread(played.System.Now));
        Assert.Equal(NextDuty.DoLongWork, played.Crew.Next(made, out _));
    }

    [Fact]
    public void At_the_limit_a_thread_that_serves_does_the_long_work_itself()
    {
        var played = new PlayedCrew(1, 0, 1);
        var serving = played.Workers[0];
        played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Computes);
        Assert.Equal((true, 0, 1), (played.Crew.IsShort, played.WatchdogWakes, played.ServingWakes));
        Assert.True(played.Crew.TryTakeWithoutThreads(serving, out var first));
        Assert.NotNull(first.Work);
        played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Computes);
        Assert.False(played.Crew.TryTakeWithoutThreads(serving, out _));
        played.Crew.OnDoneWithoutThreads(serving);
        Assert.True(played.Crew.TryTakeWithoutThreads(serving, out _));
    }

    [Fact]
    public void At_the_limit_long_work_waits_for_a_thread_that_is_at_such_work_but_for_half_a_second_only()
    {
        var played = new PlayedCrew(1, 1, 2);
        var (serving, aside) = (played.Workers[0], played.Workers[1]);
        played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Waits);
        Assert.Equal(NextDuty.DoLongWork, played.Crew.Next(aside, out _));
        aside.BeginWork();
        played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Waits);
        played.Crew.Look(played.System.Now);
        played.System.Milliseconds += WorkJudge.LateAfter - 1;
        played.Crew.Look(played.System.Now);
        Assert.Equal((false, 0), (played.Crew.IsShort, played.ServingWakes));
        Assert.False(played.Crew.TryTakeWithoutThreads(serving, out _));
        played.System.Milliseconds++;
        played.Crew.Look(played.System.Now);
        Assert.Equal((true, 1), (played.Crew.IsShort, played.ServingWakes));
        Assert.True(played.Crew.TryTakeWithoutThreads(serving, out _));
    }

    [Fact]
    public void At_the_limit_a_thread_that_is_held_up_serves_again_when_it_comes_back()
    {
        var played = new PlayedCrew(1, 0, 1);
        played.Hold(played.Workers[0]);
        Assert.Equal((LoopState.Stuck, false), (played.Workers[0].State, played.Crew.HasServing));
        Assert.Equal(NextDuty.Serve, played.Crew.Next(played.Workers[0], out _));
        Assert.True(played.Crew.HasServing);
    }

    [Fact]
    public void A_piece_that_computes_for_very_long_lets_another_go_on_beside_it()
    {
        var played = new PlayedCrew(1, 2, 3);
        for (var i = 0; i < 2; i++)
            played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Computes);
        var first = played.Workers.Single(worker => worker.IsCalled);
        Assert.Equal(NextDuty.DoLongWork, played.Crew.Next(first, out _));
        first.BeginWork();
        played.Crew.Look(played.System.Now);
        Assert.DoesNotContain(played.Workers, worker => worker.IsCalled);
        played.System.Milliseconds += WorkJudge.ComputingAfter;
        played.Crew.Look(played.System.Now);
        Assert.Contains(played.Workers, worker => worker.IsCalled);
    }

    [Fact]
    public void A_thread_that_the_system_refuses_is_asked_for_again_after_5_seconds()
    {
        var played = new PlayedCrew(1, 0, 3);
        var growth = Growth(played);
        played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Waits);
        played.System.ThreadsLeft = 0;
        growth.Grow(played.System.Now);
        Assert.Single(played.Workers);
        Assert.Equal((false, true), (played.Crew.NeedsThread(played.System.Now + 4999), played.Crew.IsShort));
        played.System.ThreadsLeft = 100;
        growth.Grow(played.System.Now + 4999);
        Assert.Equal(100, played.System.ThreadsLeft);
        growth.Grow(played.System.Now + 5000);
        Assert.True(played.Begin().IsCalled);
    }

    [Fact]
    public void As_many_threads_are_made_as_long_work_needs()
    {
        var played = new PlayedCrew(1, 0, 10);
        for (var i = 0; i < 3; i++)
            played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Waits);
        var before = played.System.Threads.Count;
        Growth(played).Grow(played.System.Now);
        Assert.Equal(3 + ThreadReserve.Size, played.System.Threads.Count - before);
        Assert.False(played.Crew.NeedsThread(played.System.Now));
    }

    [Fact]
    public void Threads_that_are_told_to_end_sleep_no_more_and_what_is_left_can_be_taken()
    {
        var played = new PlayedCrew(1, 1, 2);
        played.Crew.PutAside(new PendingWork(new CountedWork(), default), WorkWeight.Waits);
        Assert.True(played.Crew.TryEnd());
        Assert.False(played.Crew.TryEnd());
        Assert.True(played.Crew.IsEnding);
        Assert.All(played.Workers, worker => Assert.True(worker.WaitForCall(0)));
        played.Crew.Sleep(played.Workers[1]);
        Assert.True(played.Crew.TryTakeLeft(out _));
        Assert.False(played.Crew.TryTakeLeft(out _));
        played.Workers.ForEach(played.Crew.Remove);
        Assert.Empty(played.Crew.Front);
        Assert.Equal(2, played.ThreadsEnded);
    }

    private static CrewGrowth Growth(PlayedCrew played) => new(
        played.Crew, new ThreadSupply(() => 1000, () => 1000, new ThreadReserve(work => played.Settings.TryStart(work, "reserve"))));
}
