using System.Diagnostics;

namespace Http2.Bench.Hpack;

/// <summary>What came of one contender.</summary>
/// <param name="Name">The contender.</param>
/// <param name="Median">Nanoseconds a header in the median round.</param>
/// <param name="Best">Nanoseconds a header when each story is at its best.</param>
/// <param name="MegabytesPerSecond">Of names and values, by the median round.</param>
/// <param name="Allocated">Octets a header on the managed heap.</param>
/// <param name="Speed">How many times as fast as the first contender: the median of the rounds' ratios.</param>
/// <param name="Result">What a pass gave: octets encoded, or octets of names and values decoded.</param>
internal sealed record Score(
    string Name, double Median, double Best, double MegabytesPerSecond, double Allocated, double Speed, long Result);

/// <summary>
/// Runs contenders in turns, story by story – some 75 microseconds each – so that whatever else the machine does meets all of them alike.
/// A round is all stories. Each turn is two passes of which the second counts: the first brings the story into the caches, since what a codec
/// is given to work on has just been made or received.
/// </summary>
internal static class Rounds
{
    private const int WarmUp = 60;

    // The runtime's optimising compiler waits for a quiet moment, and takes a while when other processes want the processors.
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(3);

    public static Score[] Run(Corpus corpus, Contender[] contenders, int rounds)
    {
        var turns = new Turns(corpus, contenders);
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < WarmUp || Stopwatch.GetElapsedTime(start) < WarmUpTime; round++)
            turns.Round(round);
        turns = new Turns(corpus, contenders);
        for (var round = 0; round < rounds; round++)
            turns.Round(round);
        return turns.Scores();
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
