using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>How a run is done. Immutable, thread-safe.</summary>
public sealed record ConformanceOptions
{
    /// <summary>How long to wait for the server before a case gives up. Default 2 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether to run the cases that only strictness asks for, and to ask in the others for what the RFC only recommends.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>
    /// Which cases to run, by group (<c>hpack</c>), section with all below it (<c>http2/6.5</c>) or identifier (<c>http2/6.5.3/1</c>);
    /// empty for all but the abuse group.
    /// </summary>
    public ImmutableArray<string> Selectors { get; init; } = [];

    /// <summary>Which cases to leave out, written like <see cref="Selectors"/>.</summary>
    public ImmutableArray<string> Excludes { get; init; } = [];

    /// <summary>Cases that are known to fail, written like <see cref="Selectors"/>.</summary>
    public ImmutableArray<string> ExpectedFailures { get; init; } = [];

    /// <summary>The edition to judge by: cases that only the other one asks for are skipped. <see cref="Edition.Both"/> for all.</summary>
    public Edition Edition { get; init; }

    /// <summary>How often each case runs. Default 1.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>How many cases run at the same time, each on its own connection. Default 1. Abuse cases always run alone.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Whether to stop at the first failure.</summary>
    public bool FailFast { get; init; }

    /// <summary>The length of the values of dummy header fields, in octets. Default 4,000.</summary>
    public int MaxHeaderLength { get; init; } = 4000;

    /// <summary>
    /// Whether abuse cases judge how fast another client is answered. Default true; of no use where the server shares a busy machine with
    /// other work, such as a test run.
    /// </summary>
    public bool JudgeLatency { get; init; } = true;

    /// <summary>What the random octets of a run are derived from; equal seeds send equal octets.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether to keep the trace of cases that pass, too.</summary>
    public bool Verbose { get; init; }
}
