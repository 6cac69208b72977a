namespace Http2.Bench.Hpack;

/// <summary>Runs contenders in turns, and keeps how much processor time each took.</summary>
internal sealed class Turns(Corpus corpus, Contender[] contenders)
{
    private readonly List<double>[] _times = [.. contenders.Select(_ => new List<double>())];
    private readonly List<double>[] _ratios = [.. contenders.Select(_ => new List<double>())];
    private readonly double[][] _best =
        [.. contenders.Select(_ => Enumerable.Repeat(double.MaxValue, corpus.Stories.Length).ToArray())];

    /// <summary>One round: all contenders run over all stories.</summary>
    /// <param name="number">The number of the round, which says which contender begins: so none begins always.</param>
    public void Round(int number)
    {
        var taken = new double[contenders.Length];
        for (var story = 0; story < corpus.Stories.Length; story++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var i = (turn + number) % contenders.Length;
                contenders[i].Pass(corpus, corpus.Stories[story]);
                var start = ThreadClock.Seconds;
                contenders[i].Pass(corpus, corpus.Stories[story]);
                var time = ThreadClock.Seconds - start;
                taken[i] += time;
                _best[i][story] = Math.Min(_best[i][story], time);
            }
        }
        for (var i = 0; i < contenders.Length; i++)
        {
            _times[i].Add(taken[i]);
            _ratios[i].Add(taken[0] / taken[i]);
        }
    }

    /// <summary>The figures of all rounds so far, in the order of the contenders.</summary>
    public Score[] Scores() =>
    [
        .. contenders.Select((contender, i) => new Score(
            contender.Name, Rounds.Median(_times[i]) * 1e9 / corpus.Headers, _best[i].Sum() * 1e9 / corpus.Headers,
            corpus.Octets / Rounds.Median(_times[i]) / 1e6, Allocated(contender, out var result), Rounds.Median(_ratios[i]), result)),
    ];

    private double Allocated(Contender contender, out long result)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        result = 0;
        foreach (var story in corpus.Stories)
            result += contender.Pass(corpus, story);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / corpus.Headers;
    }
}
