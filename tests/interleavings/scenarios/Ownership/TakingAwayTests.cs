using Http2.Shell;
using Xunit;

namespace Http2.Interleavings;

/// <summary>
/// A connection that is taken away from a call of user code, or borrowed while the call lasts: exactly one of "the call came back" and "it was
/// left behind" happens, and one thread at a time touches the state.
/// </summary>
public sealed class TakingAwayTests(ITestOutputHelper output) : Scenarios(output)
{
    [Fact]
    public void A_call_either_comes_back_or_is_left_behind() => Explore(
        static scenario =>
        {
            var run = new OwnerRun(scenario);
            var (calls, cameBack, taken) = (0, 0, 0);
            var left = new CountingTask();
            run.Round = () =>
            {
                if (calls > 0)
                    return true;
                calls++;
                if (run.Call("callee", static () => { }))
                {
                    cameBack++;
                    return true;
                }
                run.Owner.PostQuietly(left);
                return false;
            };
            scenario.Run("owner", () => run.Owner.Wake(Signals.Received, inline: true));
            for (var i = 0; i < 2; i++)
            {
                scenario.Run($"taker {i + 1}", () =>
                {
                    if (run.Owner.CurrentCall is var call and not 0 && run.Owner.TryTakeAway(call, computes: false))
                        taken++;
                });
            }
            scenario.WaitForAll();
            scenario.Check(taken + cameBack == 1, $"It was taken away {taken} times and came back {cameBack} times.");
            scenario.Check(run.LeftBehind.Count == taken, $"{run.LeftBehind.Count} calls were left behind.");
            scenario.Check(left.Runs == taken, $"What came of the call that was left behind was told {left.Runs} times.");
        },
        preemptions: 3);

    [Fact]
    public void A_call_that_was_left_behind_does_not_mistake_a_later_call_for_itself() => Explore(
        static scenario =>
        {
            var run = new OwnerRun(scenario);
            var (calls, told) = (0, new List<object>());
            run.Round = () =>
            {
                if (calls++ >= 2)
                    return true;
                object callee = calls;
                var isOwner = run.Call(callee, () => scenario.Step("works"));
                if (!isOwner)
                    told.Add(callee);
                return isOwner;
            };
            scenario.Run("owner", () => run.Owner.Wake(Signals.Received, inline: true));
            scenario.Run("taker", () =>
            {
                if (run.Owner.CurrentCall is var call and not 0)
                    run.Owner.TryTakeAway(call, computes: false);
                run.Owner.Wake(Signals.Timer, inline: false);
            });
            scenario.WaitForAll();
            scenario.Check(told.SequenceEqual(run.LeftBehind), "A call was told wrongly whether it was left behind.");
            scenario.Check((run.Seen & Signals.Timer) != 0, "A signal was lost.");
        },
        preemptions: 2);

    [Fact]
    public void Who_borrows_has_the_state_to_itself() => Explore(
        static scenario =>
        {
            var run = new OwnerRun(scenario);
            var (calls, commands) = (0, 0);
            var isWritten = false;
            run.Round = () =>
            {
                var isOwner = calls++ > 0 || run.Call("callee", static () => { });
                isWritten &= !isOwner;
                return isOwner;
            };
            void Borrow() => run.Owner.RunAsOwner(() =>
            {
                isWritten = true;
                run.Leave("has borrowed the state");
                run.Enter("runs its command");
                run.Leave("has run its command");
                return ++commands;
            });
            scenario.Run("owner", () => run.Owner.Wake(Signals.Received, inline: true));
            scenario.Run("borrower", Borrow);
            scenario.Run("taker", () => _ = run.Owner.CurrentCall is var call and not 0 && run.Owner.TryTakeAway(call, computes: false));
            scenario.WaitForAll();
            scenario.Check(commands == 1, $"{commands} commands were run.");
            scenario.Check(!isWritten, "What the command has written waits, and nobody runs.");
            scenario.Check((run.Seen & Signals.Received) != 0, "What was received was not seen.");
        },
        preemptions: 2);

    [Fact]
    public void A_thread_that_waits_for_its_own_connection_steps_aside_whoever_borrows_it() => Explore(
        static scenario =>
        {
            var run = new OwnerRun(scenario);
            var (calls, hasCome) = (0, false);
            run.Round = () =>
            {
                if ((run.Seen & Signals.Timer) != 0)
                    hasCome = true;
                if (calls++ > 0)
                    return true;
                return run.Call("waits", () =>
                {
                    run.Owner.StepAside();
                    scenario.WaitUntil("what the connection brings", () => hasCome);
                });
            };
            scenario.Run("owner", () => run.Owner.Wake(Signals.Received, inline: true));
            scenario.Run("timer", () => run.Owner.Wake(Signals.Timer, inline: false));
            scenario.Run("borrower", () =>
            {
                using (var access = run.Owner.TryAccess())
                    scenario.Check(!access.IsTaken, "A thread that is not the owner has access.");
                run.Owner.RunAsOwner(() =>
                {
                    run.Leave("has borrowed the state");
                    return 0;
                });
            });
            scenario.WaitForAll();
            scenario.Check(run.LeftBehind.Count == 1, $"{run.LeftBehind.Count} calls were left behind.");
        },
        preemptions: 2);

    [Fact]
    public void The_watch_takes_a_connection_away_from_a_call_that_waits() => ExploreDelays(
        static scenario =>
        {
            OwnerWatch.Start();
            var run = new OwnerRun(scenario) { Scheduler = ConnectionScheduler.ThreadPool };
            var (calls, hasCome) = (0, false);
            run.Round = () =>
            {
                hasCome |= (run.Seen & Signals.Timer) != 0;
                return calls++ > 0 || run.Call("waits", () => scenario.WaitUntil("what the connection brings", () => hasCome));
            };
            scenario.Run("owner", () => run.Owner.Wake(Signals.Received, inline: true));
            scenario.Run("timer", () => run.Owner.Wake(Signals.Timer, inline: false));
            scenario.WaitForAll();
            scenario.Check(scenario.Idle <= 2 * Sentry.ComputingAfter, $"It took {scenario.Idle} ms to see that a call waits.");
        },
        delays: 1);
}
