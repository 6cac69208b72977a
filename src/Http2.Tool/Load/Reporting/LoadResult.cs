namespace Http2.Tool;

/// <summary>What a run has measured.</summary>
internal sealed record LoadResult
{
    /// <summary>What was asked for.</summary>
    public required LoadOptions Options { get; init; }

    /// <summary>How long it was measured.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>What came of all requests.</summary>
    public required Tally Tally { get; init; }

    /// <summary>How many requests were begun: those that have ended and those that were open when the run was over.</summary>
    public required long Started { get; init; }

    /// <summary>How many requests of an open loop were due when the run was over, and not sent.</summary>
    public required long Behind { get; init; }

    /// <summary>By how much this process noticed too late that a request was due, at most.</summary>
    public required TimeSpan Lateness { get; init; }

    /// <summary>Octets that came, and those of field blocks among them.</summary>
    public required (long All, long Blocks) Octets { get; init; }

    /// <summary>How long connecting took, in nanoseconds.</summary>
    public required Histogram Connecting { get; init; }

    /// <summary>How long it took from the beginning of connecting to the head of the first response, in nanoseconds.</summary>
    public required Histogram First { get; init; }

    /// <summary>How often there was no connection.</summary>
    public required long ConnectionsFailed { get; init; }

    /// <summary>How many requests a second each client had answered.</summary>
    public required IReadOnlyList<double> ClientRates { get; init; }

    /// <summary>What went wrong, the most frequent first.</summary>
    public required IReadOnlyList<(string What, long Count)> Complaints { get; init; }

    /// <summary>How many responses a second came whole.</summary>
    public double Rate => Took > TimeSpan.Zero ? Tally.Latency.Count / Took.TotalSeconds : 0;

    /// <summary>How many octets a second came.</summary>
    public double OctetRate => Took > TimeSpan.Zero ? Octets.All / Took.TotalSeconds : 0;

    /// <summary>How many requests were asked for; with a duration, how many were begun.</summary>
    public long Total => Options.Duration is not null ? Started : Options.IsScripted ? Options.Count * Options.Clients : Options.Count;

    /// <summary>How many responses had a status of a class, 2 for 2xx.</summary>
    public long StatusClass(int hundreds) => Tally.Statuses.Where(status => status.Key / 100 == hundreds).Sum(status => status.Value);

    /// <summary>Adds up what clients have measured.</summary>
    public static LoadResult Of(LoadOptions options, IReadOnlyList<LoadClient> clients, MeasuredTime measured, LoadTap tap, Complaints complaints)
    {
        var (tally, connecting, first) = (new Tally(), new Histogram(), new Histogram());
        foreach (var client in clients)
        {
            tally.AddAll(client.Tally);
            connecting.AddAll(client.Times.Connecting);
            first.AddAll(client.Times.First);
        }
        return new LoadResult
        {
            Options = options,
            Took = measured.Length,
            Tally = tally,
            Started = tally.Done + clients.Sum(client => (long)client.OpenAtEnd),
            Behind = clients.Sum(client => (long)client.Pace.Behind),
            Lateness = System.Diagnostics.Stopwatch.GetElapsedTime(0, clients.Max(client => client.Pace.Lateness)),
            Octets = (tap.Octets, tap.BlockOctets),
            Connecting = connecting,
            First = first,
            ConnectionsFailed = clients.Sum(client => client.Times.ConnectionsFailed),
            ClientRates = [.. clients.Select(client => RateOf(client, measured))],
            Complaints = complaints.All,
        };
    }

    private static double RateOf(LoadClient client, MeasuredTime measured)
    {
        var seconds = Math.Min(client.Times.Active.TotalSeconds, measured.Length.TotalSeconds);
        return seconds > 0 ? client.Tally.Latency.Count / seconds : 0;
    }
}
