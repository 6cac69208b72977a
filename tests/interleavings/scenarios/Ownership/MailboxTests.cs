using Http2.Shell;
using Xunit;

namespace Http2.Interleavings;

/// <summary>The owner's bits and the mailbox: nothing that happens is lost, nothing is done twice, one thread at a time touches the state.</summary>
public sealed class MailboxTests(ITestOutputHelper output) : Scenarios(output)
{
    [Fact]
    public void Tasks_of_three_threads_are_run_once_each() => Explore(
        static scenario =>
        {
            var run = new OwnerRun(scenario);
            CountingTask[] tasks = [new(), new(), new()];
            for (var i = 0; i < tasks.Length; i++)
            {
                var task = tasks[i];
                scenario.Run($"poster {i + 1}", () => run.Owner.Post(task));
            }
            scenario.WaitForAll();
            scenario.Check(tasks.All(task => task.Runs == 1), $"Tasks were run {string.Join(", ", tasks.Select(task => task.Runs))} times.");
            scenario.Check(!HasMore(run), "A task is left in the mailbox.");
        },
        preemptions: 2);

    [Fact]
    public void What_a_task_carries_is_never_left_when_the_task_is_posted_again_and_again() => Explore(
        static scenario =>
        {
            var run = new OwnerRun(scenario);
            var account = 0;
            var task = new CountingTask(() =>
            {
                scenario.Step($"takes {account}");
                account = 0;
            });
            void Pay()
            {
                scenario.Step("adds one");
                account++;
                run.Owner.Post(task);
            }
            scenario.Run("first", () =>
            {
                Pay();
                Pay();
            });
            scenario.Run("second", Pay);
            scenario.WaitForAll();
            scenario.Check(account == 0, $"{account} are left, and nobody comes for them.");
        },
        preemptions: 3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Signals_of_three_threads_are_all_seen(bool inline) => Explore(
        scenario =>
        {
            var run = new OwnerRun(scenario);
            scenario.Run("receives", () => run.Owner.Wake(Signals.Received, inline));
            scenario.Run("sends", () => run.Owner.Wake(Signals.Sent, inline));
            scenario.Run("times", () => run.Owner.Wake(Signals.Timer, inline));
            scenario.WaitForAll();
            const Signals All = Signals.Received | Signals.Sent | Signals.Timer;
            scenario.Check((run.Seen & All) == All, $"Only {run.Seen} were seen.");
        },
        preemptions: 3);

    [Fact]
    public void Brief_tasks_are_run_once_by_whoever_comes_by() => Explore(
        static scenario =>
        {
            var run = new OwnerRun(scenario);
            var task = new CountingTask();
            scenario.Run("poster", () => run.Owner.Post(task));
            scenario.Run("comes by", () => ((IBriefWork)run.Owner).TryRunBriefly());
            scenario.Run("receives", () => run.Owner.Wake(Signals.Received, inline: true));
            scenario.WaitForAll();
            scenario.Check(task.Runs == 1, $"The task was run {task.Runs} times.");
            scenario.Check((run.Seen & Signals.Received) != 0, "What was received was not seen.");
        },
        preemptions: 2);

    // A run that finds nothing takes what is left.
    private static bool HasMore(OwnerRun run)
    {
        var rounds = run.Rounds;
        run.Owner.RunTasks();
        return run.Rounds != rounds;
    }
}
