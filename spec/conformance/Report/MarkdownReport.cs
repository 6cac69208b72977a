using System.Globalization;

namespace Http2.Conformance;

/// <summary>The run as Markdown: a table by section, then the failures.</summary>
public static class MarkdownReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="report">The run.</param>
    /// <param name="output">Where it goes; stays open.</param>
    public static void Write(RunReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        output.WriteLine($"# HTTP/2 conformance of {report.Target}");
        output.WriteLine();
        var strict = report.Options.Strict ? ", strict" : "";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Summary} in {report.Duration.TotalSeconds:0.0} s, {report.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC{strict}."));
        output.WriteLine();
        output.WriteLine("| Section | | Tests | Passed | Skipped | Failed |");
        output.WriteLine("|---|---|--:|--:|--:|--:|");
        foreach (var (key, results) in report.Sections())
        {
            int Count(Verdict verdict) => results.Count(result => result.Verdict == verdict);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {key} | {Headings.Of(key)} | {results.Length} | {Count(Verdict.Passed)} | "
                + $"{Count(Verdict.Skipped)} | {Count(Verdict.Failed)} |"));
        }
        Section(output, "Failures", report.Results.Where(result => result.IsFailure));
        Section(output, "Unexpected passes", report.Results.Where(result => result.IsUnexpectedPass));
        Section(output, "Expected failures", report.Results.Where(result => result is { Verdict: Verdict.Failed, ExpectedToFail: true }));
        Skipped(output, report);
    }

    private static void Section(TextWriter output, string heading, IEnumerable<CaseResult> results)
    {
        var first = true;
        foreach (var result in results)
        {
            if (first)
            {
                output.WriteLine();
                output.WriteLine($"## {heading}");
            }
            first = false;
            Failure(output, result);
        }
    }

    private static void Failure(TextWriter output, CaseResult result)
    {
        output.WriteLine();
        output.WriteLine($"### {result.Case.Id}: {result.Case.Title}");
        output.WriteLine();
        var level = result.Case.Level.ToString().ToUpperInvariant();
        output.WriteLine($"* Requirement: {result.Case.Requirement} ({result.Case.Reference}, {level})");
        foreach (var expected in result.Expected)
            output.WriteLine($"* Expected: {expected}");
        output.WriteLine($"* Actual: {(result.Actual.Length > 0 ? result.Actual : "passed")}");
        foreach (var measured in result.Measured)
            output.WriteLine($"* Measured: {measured}");
        if (result.Trace.IsDefaultOrEmpty)
            return;
        output.WriteLine();
        output.WriteLine("```");
        foreach (var line in result.Trace)
            output.WriteLine(line);
        output.WriteLine("```");
    }

    private static void Skipped(TextWriter output, RunReport report)
    {
        var skipped = report.Results.Where(result => result.Verdict == Verdict.Skipped).ToList();
        if (skipped.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine("## Skipped");
        output.WriteLine();
        foreach (var result in skipped)
            output.WriteLine($"* {result.Case.Id} {result.Case.Title}: {result.Actual}");
    }
}
