using Http2.Shell;
using Xunit;

namespace Http2.Interleavings;

/// <summary>
/// The loops' threads: work that is queued wakes one, one that is held up is replaced, those that are parked hear their call, timers and the end
/// of the loops lose nothing.
/// </summary>
public sealed class CrewTests(ITestOutputHelper output) : Scenarios(output)
{
    // What the watchdog may take to see that a thread is held up, and a thread to take its place.
    private const int Replaced = 30;

    [Fact]
    public void Queued_work_is_done_at_once() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 1);
            var done = 0;
            for (var i = 0; i < 2; i++)
                scenario.Run($"adds {i + 1}", () => loops.Loops.Schedule(new Work(() => done++)));
            scenario.WaitUntil("the work", () => done >= 2);
            scenario.Check(scenario.Idle == 0, $"There was work, and nobody came for {scenario.Idle} ms.");
            scenario.Pause(1);
            scenario.Check(done == 2, $"Work was done {done} times.");
        },
        delays: 2);

    [Fact]
    public void Work_behind_a_thread_that_is_held_up_is_done_by_another() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 1, spare: 1);
            var (isDone, isFreed) = (false, false);
            scenario.Run("adds", () =>
            {
                loops.Loops.Schedule(new Work(() =>
                {
                    scenario.WaitUntil("the other work", () => isDone);
                    isFreed = true;
                }));
                loops.Loops.Schedule(new Work(() => isDone = true));
            });
            scenario.WaitUntil("both", () => isFreed);
            scenario.Check(scenario.Idle <= Replaced, $"It took {scenario.Idle} ms to replace a thread that waits.");
        },
        delays: 1);

    [Fact]
    public void Reports_that_a_thread_took_before_it_was_held_up_are_told_by_another() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 1, spare: 2);
            var (first, one) = loops.Accept();
            var (second, other) = loops.Accept();
            Receiver later = new(scenario, second, 4);
            var isFreed = false;
            var waiting = first.ReceiveAsync(new byte[4]).GetAwaiter();
            waiting.UnsafeOnCompleted(() =>
            {
                scenario.WaitUntil("what the other connection brings", () => later.Octets.Count > 0);
                isFreed = true;
            });
            later.Receive();
            first.Begin();
            second.Begin();
            scenario.Run("peers", () =>
            {
                one.Send(1);
                other.Send(2);
            });
            scenario.WaitUntil("both", () => isFreed);
            scenario.Check(scenario.Idle <= Replaced, $"It took {scenario.Idle} ms to take over what a thread that waits had taken.");
        },
        delays: 1);

    [Fact]
    public void A_thread_that_comes_back_and_one_that_was_called_serve_on() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 1, spare: 1);
            var rounds = 0;
            scenario.Run("adds", () =>
            {
                for (var i = 0; i < 2; i++)
                {
                    var (isDone, mine) = (false, i);
                    loops.Loops.Schedule(new Work(() =>
                    {
                        scenario.WaitUntil("the other work", () => isDone);
                        rounds++;
                    }));
                    loops.Loops.Schedule(new Work(() => isDone = true));
                    scenario.WaitUntil("the round", () => rounds > mine);
                }
            });
            scenario.WaitUntil("both rounds", () => rounds == 2);
            scenario.Check(scenario.Idle <= 2 * Replaced, $"It took {scenario.Idle} ms to replace a thread twice.");
        },
        delays: 1);

    [Fact]
    public void A_timer_goes_off_when_it_is_due_however_long_the_watchdog_meant_to_sleep() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 1);
            var (early, late) = (0, 0);
            var far = new LoopTimer(loops.Loops, _ => late++, null);
            var near = new LoopTimer(loops.Loops, _ => early++, null);
            scenario.Run("sets one", () => far.Change(TimeSpan.FromMilliseconds(400), Timeout.InfiniteTimeSpan));
            scenario.Run("sets another", () => near.Change(TimeSpan.FromMilliseconds(10), Timeout.InfiniteTimeSpan));
            scenario.WaitUntil("the timer", () => early > 0);
            scenario.Check(scenario.Idle <= 10, $"A timer of 10 ms went off after {scenario.Idle} ms.");
            near.Dispose();
            far.Dispose();
            scenario.Check(early == 1, $"It went off {early} times.");
        },
        delays: 2);

    [Fact]
    public void The_end_of_the_loops_leaves_no_work_and_no_descriptor() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 1, spare: 1);
            var done = 0;
            scenario.Run("adds", () => loops.Loops.Schedule(new Work(() => done++)));
            scenario.Run("ends", loops.Loops.Dispose);
            scenario.Run("ends too", loops.Loops.Dispose);
            scenario.WaitUntil("the work and the end", () => done == 1 && scenario.Kernel.Open == 1);
            scenario.Check(scenario.Idle <= 1000, $"The end took {scenario.Idle} ms.");
        },
        delays: 2);

    private sealed class Work(Action work) : IThreadPoolWorkItem
    {
        public void Execute() => work();
    }
}
