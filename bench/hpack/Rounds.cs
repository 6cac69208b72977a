using System.Diagnostics;

namespace Http2.Bench.Hpack;

/// <summary>The figures of one contender.</summary>
/// <param name="Name">The contender.</param>
/// <param name="Median">Nanoseconds for a header in the median round.</param>
/// <param name="Best">Nanoseconds for a header when of each story its fastest turn is taken.</param>
/// <param name="MegabytesPerSecond">Megabytes of names and values in a second, in the median round.</param>
/// <param name="Allocated">Octets that are allocated on the managed heap for a header.</param>
/// <param name="Speed">How many times as fast as the first contender it is: the median of the ratios of all rounds.</param>
/// <param name="Result">What came of a pass: octets of encoded blocks, or octets of decoded names and values.</param>
internal sealed record Score(
    string Name, double Median, double Best, double MegabytesPerSecond, double Allocated, double Speed, long Result);

/// <summary>
/// Runs contenders in turns, so that other work of the machine slows all of them alike. A turn is one contender and one story, and takes some 75
/// microseconds; a round is all stories. In a turn the contender runs over the story twice, and the second pass counts: the first brings the story
/// into the caches, where the input of a codec usually is, since it has just been made or received.
/// </summary>
internal static class Rounds
{
    private const int WarmUp = 60;

    // The runtime optimises code in the background, which takes a while when other processes use the processors.
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
