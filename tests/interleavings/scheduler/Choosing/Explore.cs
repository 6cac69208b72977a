using System.Diagnostics;
using System.Globalization;

namespace Http2.Interleavings;

/// <summary>Runs a scenario under many schedules, and tells the story of the first that fails.</summary>
public sealed class Explore
{
    /// <summary>How long each scenario is run by chance, in seconds, behind the schedules that are all taken.</summary>
    private static readonly double SecondsByChance = Setting("HTTP2SPEC_EXPLORE_SECONDS", 0.4);

    /// <summary>How many preemptions or delays more than the scenario asks for.</summary>
    private static readonly int More = (int)Setting("HTTP2SPEC_EXPLORE_MORE", 0);

    // What a failing run did, to be repeated alone.
    private static readonly string? Repeated = Environment.GetEnvironmentVariable("HTTP2SPEC_SCHEDULE");

    private readonly Action<Scenario> _scenario;
    private readonly Action<string> _report;
    private long _runs, _steps;

    private Explore(Action<Scenario> scenario, Action<string> report) => (_scenario, _report) = (scenario, report);

    /// <summary>After how many steps a run counts as endless.</summary>
    public int MostSteps { get; init; } = 5_000;

    /// <summary>
    /// Takes all schedules with up to so many preemptions, the fewest first, and then some by chance. With the environment variable
    /// HTTP2SPEC_SCHEDULE only the one that it names is taken.
    /// </summary>
    /// <param name="scenario">What to run.</param>
    /// <param name="preemptions">How many preemptions.</param>
    /// <param name="report">Gets a line on what was done.</param>
    /// <exception cref="ScenarioFailedException">A schedule fails; the message is its story.</exception>
    public static void Preempting(Action<Scenario> scenario, int preemptions, Action<string> report) =>
        new Explore(scenario, report).Run(preemptions, countsDelays: false);

    /// <summary>
    /// The same with up to so many delays: also when a strand ends or waits, the next in turn goes on, or it counts. For scenarios with many
    /// strands.
    /// </summary>
    public static void Delaying(Action<Scenario> scenario, int delays, Action<string> report) =>
        new Explore(scenario, report).Run(delays, countsDelays: true);

    private void Run(int bound, bool countsDelays)
    {
        if (Repeated is not null)
        {
            Repeat(Turn.Parse(Repeated));
            return;
        }
        bound += More;
        var clock = Stopwatch.StartNew();
        for (var most = 0; most <= bound; most++)
        {
            (_runs, _steps) = (0, 0);
            var all = new DepthFirst(most, countsDelays);
            do
            {
                if (Try(all).Failure is { } failure)
                    Fail(failure, [.. all.Turns]);
            }
            while (all.MoveOn());
        }
        var done = string.Create(CultureInfo.InvariantCulture,
            $"all {_runs} schedules with up to {bound} {(countsDelays ? "delays" : "preemptions")}, {_steps / Math.Max(_runs, 1)} steps each, {clock.Elapsed.TotalSeconds:F1} s");
        var length = (int)(_steps / Math.Max(_runs, 1));
        _runs = 0;
        RunByChance(length);
        _report($"{done}; then {_runs} by chance");
    }

    private void RunByChance(int length)
    {
        var clock = Stopwatch.StartNew();
        for (var seed = 1; clock.Elapsed.TotalSeconds < SecondsByChance; seed++)
        {
            AtRandom chooser = seed % 2 == 0 ? new RandomWalk(seed) : new ByPriority(seed, 1 + seed / 2 % 4, length);
            if (Try(chooser).Failure is { } failure)
                Fail(failure, Shorten(chooser.Turns));
        }
    }

    private Schedule Try(IChooser chooser)
    {
        var run = Schedule.Run(_scenario, chooser, MostSteps);
        _runs++;
        _steps += run.Steps;
        return run;
    }

    // A run by chance turns where it need not: turns are left out as long as it fails.
    private IReadOnlyList<Turn> Shorten(IReadOnlyList<Turn> turns)
    {
        for (var size = Math.Max(turns.Count / 2, 1); ; size = Math.Max(size / 2, 1))
        {
            var before = turns.Count;
            for (var at = 0; at + size <= turns.Count;)
            {
                List<Turn> fewer = [.. turns.Take(at), .. turns.Skip(at + size)];
                if (Schedule.Run(_scenario, new Recorded(fewer), MostSteps).Failure is not null)
                    turns = fewer;
                else
                    at += size;
            }
            if (size == 1 && turns.Count == before)
                return turns;
        }
    }

    private void Repeat(IReadOnlyList<Turn> turns)
    {
        var run = Schedule.Run(_scenario, new Recorded(turns), MostSteps);
        if (run.Failure is { } failure)
            Fail(failure, turns);
        _report($"the schedule \"{Turn.Write(turns)}\" does not fail");
    }

    private void Fail(Exception failure, IReadOnlyList<Turn> turns)
    {
        var story = new Story();
        Schedule.Run(_scenario, new Recorded(turns), MostSteps, story);
        var what = failure is ScenarioFailedException ? failure.Message : failure.ToString();
        throw new ScenarioFailedException($"{what}\nafter {_runs} schedules. HTTP2SPEC_SCHEDULE=\"{Turn.Write(turns)}\" repeats it:\n{story}");
    }

    private static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
