using System.Globalization;
using System.Net;

namespace Http2.Conformance;

/// <summary>
/// The run as one HTML page that needs nothing else: a summary, filters, a fold for each section, and the frames of each failure.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="report">The run.</param>
    /// <param name="output">Where it goes; stays open.</param>
    public static void Write(RunReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        output.Write($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>HTTP/2 conformance: {Text($"{report.Target}")}</title>
            <style>{HtmlAssets.Style}</style>
            </head>
            <body>
            <header>
            {Ring(report)}
            <div>
            <h1>HTTP/2 conformance</h1>
            <p class="target">{Text($"{report.Target}")}</p>
            <p class="when">{Text(When(report))}</p>
            <p class="sum">{Text(report.Summary)}</p>
            </div>
            </header>
            <nav>
            <button data-show="all" class="on">All <b>{report.Results.Length}</b></button>
            <button data-show="failed">Failed <b>{report.Failed + report.UnexpectedPasses}</b></button>
            <button data-show="expected">Expected failures <b>{report.ExpectedFailures}</b></button>
            <button data-show="skipped">Skipped <b>{report.Skipped}</b></button>
            <button data-show="passed">Passed <b>{report.Passed - report.UnexpectedPasses}</b></button>
            <input type="search" placeholder="Find: 6.5, padding, FLOW_CONTROL_ERROR" aria-label="Find">
            </nav>
            <main>

            """);
        foreach (var group in report.Sections().GroupBy(section => section.Key.Split('/')[0]))
        {
            output.Write($"<h2>{Text(Headings.Of(group.Key))}</h2>\n");
            foreach (var (key, results) in group)
                Section(output, key, results);
        }
        output.Write($"</main>\n<script>{HtmlAssets.Script}</script>\n</body>\n</html>\n");
    }

    private static void Section(TextWriter output, string key, IReadOnlyCollection<CaseResult> results)
    {
        var failed = results.Count(result => result.IsFailure || result.IsUnexpectedPass);
        var passed = results.Count(result => result.Verdict == Verdict.Passed);
        var dot = failed > 0 ? "failed" : passed == 0 ? "skipped" : "passed";
        output.Write($"""
            <details class="section"{(failed > 0 ? " open" : "")}>
            <summary><span class="dot {dot}"></span><code>{Text(key)}</code> {Text(Headings.Of(key))}
            <span class="count">{passed}/{results.Count}</span></summary>

            """);
        foreach (var result in results)
            Case(output, result);
        output.Write("</details>\n");
    }

    private static void Case(TextWriter output, CaseResult result)
    {
        var kind = Kind(result);
        var word = result.Verdict == Verdict.Skipped ? "Reason" : "Actual";
        output.Write($"""
            <details class="case {kind}"{(kind == "failed" ? " open" : "")}>
            <summary><span class="mark">{Mark(kind)}</span><code>{Text(result.Case.Id)}</code> {Text(result.Case.Title)}
            <span class="level">{result.Case.Level.ToString().ToUpperInvariant()}</span>
            <span class="time">{Milliseconds(result.Duration)}</span></summary>
            <dl><dt>Requirement</dt><dd>{Text(result.Case.Requirement)} <cite>{Text(result.Case.Reference)}</cite></dd>

            """);
        foreach (var expected in result.Expected)
            output.Write($"<dt>Expected</dt><dd>{Text(expected)}</dd>\n");
        if (result.Actual.Length > 0)
            output.Write($"<dt>{word}</dt><dd class=\"actual\">{Text(result.Actual)}</dd>\n");
        if (result.IsUnexpectedPass)
            output.Write("<dt>Actual</dt><dd class=\"actual\">passed although it is listed as failing</dd>\n");
        foreach (var measured in result.Measured)
            output.Write($"<dt>Measured</dt><dd>{Text(measured)}</dd>\n");
        output.Write("</dl>\n");
        if (!result.Trace.IsDefaultOrEmpty)
            output.Write($"<pre>{string.Join('\n', result.Trace.Select(Line))}</pre>\n");
        output.Write("</details>\n");
    }

    private static string Kind(CaseResult result) => result switch
    {
        { IsFailure: true } or { IsUnexpectedPass: true } => "failed",
        { Verdict: Verdict.Failed } => "expected",
        { Verdict: Verdict.Skipped } => "skipped",
        _ => "passed",
    };

    private static string Mark(string kind) => kind switch
    {
        "failed" => "✗",
        "expected" => "≈",
        "skipped" => "–",
        _ => "✓",
    };

    private static string Line(string line)
    {
        var text = Text(line);
        return line.Contains("] send ", StringComparison.Ordinal) ? $"<i class=\"send\">{text}</i>"
            : line.Contains("] recv ", StringComparison.Ordinal) ? $"<i class=\"recv\">{text}</i>"
            : text;
    }

    /// <summary>A ring whose arcs are the shares of the verdicts.</summary>
    private static string Ring(RunReport report)
    {
        const double Around = 2 * Math.PI * 42;
        var total = Math.Max(1, report.Results.Length);
        var at = 0.0;
        var arcs = "";
        foreach (var (count, kind) in new[]
        {
            (report.Passed - report.UnexpectedPasses, "passed"), (report.Skipped, "skipped"), (report.ExpectedFailures, "expected"),
            (report.Failed + report.UnexpectedPasses, "failed"),
        })
        {
            var length = Around * count / total;
            arcs += FormattableString.Invariant(
                $"""
                <circle class="{kind}" cx="50" cy="50" r="42" stroke-dasharray="{length:0.##} {Around:0.##}" stroke-dashoffset="{-at:0.##}"/>
                """);
            at += length;
        }
        var percent = Math.Floor(100.0 * report.Passed / Math.Max(1, total - report.Skipped));
        return FormattableString.Invariant($"""
            <svg viewBox="0 0 100 100" role="img" aria-label="{percent}% passed">
            <g transform="rotate(-90 50 50)">{arcs}</g><text x="50" y="57">{percent}%</text></svg>
            """);
    }

    private static string When(RunReport report)
    {
        var strict = report.Options.Strict ? ", strict" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Started.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {report.Duration.TotalSeconds:0.0} s{strict}, seed {report.Options.Seed}");
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture) + " ms";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
