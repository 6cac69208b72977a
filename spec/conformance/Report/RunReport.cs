using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>A finished run, for the reports. Immutable, thread-safe.</summary>
/// <param name="Target">The server or client that was judged.</param>
/// <param name="Options">The options of the run.</param>
/// <param name="Started">When the run began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Results">The results, in the order of the cases.</param>
public sealed record RunReport(
    IConformanceSubject Target, ConformanceOptions Options, DateTimeOffset Started, TimeSpan Duration, ImmutableArray<CaseResult> Results)
{
    /// <summary>How many cases passed, unexpected passes included.</summary>
    public int Passed => Results.Count(result => result.Verdict == Verdict.Passed);

    /// <summary>How many cases were skipped.</summary>
    public int Skipped => Results.Count(result => result.Verdict == Verdict.Skipped);

    /// <summary>How many cases failed without being listed as failing.</summary>
    public int Failed => Results.Count(result => result.IsFailure);

    /// <summary>How many cases failed and were listed as failing.</summary>
    public int ExpectedFailures => Results.Count(result => result is { Verdict: Verdict.Failed, ExpectedToFail: true });

    /// <summary>How many cases passed although they were listed as failing.</summary>
    public int UnexpectedPasses => Results.Count(result => result.IsUnexpectedPass);

    /// <summary>Whether nothing failed and nothing passed that was listed as failing.</summary>
    public bool IsClean => Failed == 0 && UnexpectedPasses == 0;

    /// <summary>The closing line: how many tests, and what they came to.</summary>
    public string Summary
    {
        get
        {
            var summary = FormattableString.Invariant($"{Results.Length} tests, {Passed} passed, {Skipped} skipped, {Failed} failed");
            if (ExpectedFailures > 0)
                summary += FormattableString.Invariant($", {ExpectedFailures} failed as expected");
            if (UnexpectedPasses > 0)
                summary += FormattableString.Invariant($", {UnexpectedPasses} passed unexpectedly");
            return summary;
        }
    }

    /// <summary>The results by section, in order: the section's key (<c>http2/6.5</c>) and its results.</summary>
    internal IEnumerable<(string Key, ImmutableArray<CaseResult> Results)> Sections()
    {
        foreach (var section in Results.GroupBy(result => $"{result.Case.Group}/{result.Case.Section}"))
            yield return (section.Key, [.. section]);
    }

    /// <summary>What a result is called in the reports.</summary>
    internal static string Word(CaseResult result) => result switch
    {
        { IsUnexpectedPass: true } => "unexpected pass",
        { Verdict: Verdict.Passed } => "passed",
        { Verdict: Verdict.Skipped } => "skipped",
        { ExpectedToFail: true } => "expected failure",
        _ => "failed",
    };
}
