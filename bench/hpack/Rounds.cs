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
/// is given to work on has just been made or received. Slow contenders, at more than three times the first, take every tenth round only.
/// </summary>
internal static class Rounds
{
    private const int WarmUp = 60;

    public static Score[] Run(Corpus corpus, Contender[] contenders, int rounds)
    {
        var results = new long[contenders.Length];
        var times = contenders.Select(_ => new List<double>()).ToArray();
        var ratios = contenders.Select(_ => new List<double>()).ToArray();
        var best = contenders.Select(_ => Enumerable.Repeat(double.MaxValue, corpus.Stories.Length).ToArray()).ToArray();
        var slow = new bool[contenders.Length];
        for (var round = -WarmUp; round < rounds; round++)
        {
            var taken = new double[contenders.Length];
            Array.Clear(results);
            for (var story = 0; story < corpus.Stories.Length; story++)
            {
                for (var turn = 0; turn < contenders.Length; turn++)
                {
                    // Each round starts elsewhere: nobody always runs after the same neighbour.
                    var i = (turn + round + WarmUp) % contenders.Length;
                    // Never left out of the warm-up: with one processor the runtime may find no time for its optimising compiler.
                    if (slow[i] && round > 0 && round % 10 != 0)
                        continue;
                    contenders[i].Pass(corpus, corpus.Stories[story]);
                    var start = ThreadClock.Seconds;
                    results[i] += contenders[i].Pass(corpus, corpus.Stories[story]);
                    var time = ThreadClock.Seconds - start;
                    taken[i] += time;
                    best[i][story] = round < 0 ? double.MaxValue : Math.Min(best[i][story], time);
                }
            }
            for (var i = 0; i < contenders.Length; i++)
            {
                if (round < 0)
                    slow[i] = taken[i] > 3 * taken[0];
                else if (taken[i] > 0)
                {
                    times[i].Add(taken[i]);
                    ratios[i].Add(taken[0] / taken[i]);
                }
            }
        }
        return [.. contenders.Select((contender, i) => new Score(
            contender.Name, Median(times[i]) * 1e9 / corpus.Headers, best[i].Sum() * 1e9 / corpus.Headers,
            corpus.Octets / Median(times[i]) / 1e6, Allocated(corpus, contender, out var result), Median(ratios[i]), result))];
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Allocated(Corpus corpus, Contender contender, out long result)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        result = 0;
        foreach (var story in corpus.Stories)
            result += contender.Pass(corpus, story);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / corpus.Headers;
    }
}
