using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>What a case came to.</summary>
public enum Verdict
{
    /// <summary>The server did what was asked for.</summary>
    Passed,

    /// <summary>The server did something else, or nothing.</summary>
    Failed,

    /// <summary>The case does not apply to this server or this run; <see cref="CaseResult.Actual"/> says why.</summary>
    Skipped,
}

/// <summary>The result of one case. Immutable, thread-safe.</summary>
/// <param name="Case">The case.</param>
/// <param name="Verdict">What it came to.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Expected">What would have been right, one alternative each; empty when the case passed.</param>
/// <param name="Actual">What the server did; for a skipped case the reason.</param>
/// <param name="Trace">The frames exchanged, one line or more each, in the manner of <c>nghttp -v</c>; kept for failures, or for all when
/// verbose.</param>
public sealed record CaseResult(
    ConformanceCase Case, Verdict Verdict, TimeSpan Duration, ImmutableArray<string> Expected, string Actual, ImmutableArray<string> Trace)
{
    /// <summary>What the case measured, in words: memory, latency, CPU time.</summary>
    public ImmutableArray<string> Measured { get; init; } = [];

    /// <summary>Which repetition this was, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Whether the case was listed as one that is known to fail.</summary>
    public bool ExpectedToFail { get; init; }

    /// <summary>Whether the case counts against the server: it failed without being listed.</summary>
    public bool IsFailure => Verdict == Verdict.Failed && !ExpectedToFail;

    /// <summary>Whether the case was listed as one that fails, and passed.</summary>
    public bool IsUnexpectedPass => Verdict == Verdict.Passed && ExpectedToFail;
}
