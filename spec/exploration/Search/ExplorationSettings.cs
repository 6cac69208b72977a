namespace Http2.Exploration;

/// <summary>How far and how an alphabet is explored. Immutable.</summary>
/// <param name="Alphabet">What can happen.</param>
/// <param name="Depth">How many inputs a trace has at most.</param>
/// <param name="Threads">How many threads work.</param>
internal sealed record ExplorationSettings(Alphabet Alphabet, int Depth, int Threads)
{
    /// <summary>How many states may be known before the search stops.</summary>
    public long MaxStates { get; init; } = int.MaxValue / 2;

    /// <summary>A rule more, for tests of the search itself: what is wrong with a step, or null.</summary>
    public Func<TracedStep, string?> Also { get; init; } = _ => null;
}

/// <summary>How far an exploration has come. Immutable.</summary>
/// <param name="Depth">The length of the longest traces so far.</param>
/// <param name="States">How many different states are known.</param>
/// <param name="Frontier">How many of them were reached by traces of this length and by no shorter one.</param>
/// <param name="Steps">How many steps were judged.</param>
/// <param name="Refused">How many commands were refused, which changes nothing.</param>
/// <param name="Elapsed">The time.</param>
internal sealed record ExplorationProgress(int Depth, long States, long Frontier, long Steps, long Refused, TimeSpan Elapsed);

/// <summary>What an exploration found. Immutable.</summary>
/// <param name="Progress">How far it went.</param>
/// <param name="IsComplete">Whether every trace of the depth that was asked for was run.</param>
/// <param name="Findings">Each rule that is broken once, by one of the shortest traces.</param>
internal sealed record ExplorationResult(ExplorationProgress Progress, bool IsComplete, IReadOnlyList<BrokenRule> Findings);
