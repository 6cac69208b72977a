using System.Text.Encodings.Web;
using System.Text.Json;

namespace Http2.Conformance;

/// <summary>The run, or the list of cases, as JSON.</summary>
public static class JsonReport
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the run.</summary>
    /// <param name="report">The run.</param>
    /// <param name="output">Where it goes, in UTF-8; stays open.</param>
    public static void Write(RunReport report, Stream output)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteString("target", $"{report.Target}");
        json.WriteBoolean("tls", report.Target.Tls);
        json.WriteBoolean("strict", report.Options.Strict);
        json.WriteNumber("seed", report.Options.Seed);
        json.WriteString("started", report.Started);
        json.WriteNumber("seconds", Math.Round(report.Duration.TotalSeconds, 3));
        json.WriteNumber("tests", report.Results.Length);
        json.WriteNumber("passed", report.Passed);
        json.WriteNumber("skipped", report.Skipped);
        json.WriteNumber("failed", report.Failed);
        json.WriteNumber("expectedFailures", report.ExpectedFailures);
        json.WriteNumber("unexpectedPasses", report.UnexpectedPasses);
        json.WriteStartArray("results");
        foreach (var result in report.Results)
            Write(json, result);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the list of cases.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="output">Where it goes, in UTF-8; stays open.</param>
    public static void WriteList(IEnumerable<ConformanceCase> cases, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartArray();
        foreach (var @case in cases)
        {
            json.WriteStartObject();
            WriteCase(json, @case);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, CaseResult result)
    {
        json.WriteStartObject();
        WriteCase(json, result.Case);
        json.WriteString("verdict", RunReport.Word(result));
        json.WriteNumber("attempt", result.Attempt);
        json.WriteNumber("seconds", Math.Round(result.Duration.TotalSeconds, 4));
        WriteStrings(json, "expected", result.Expected);
        if (result.Actual.Length > 0)
            json.WriteString("actual", result.Actual);
        WriteStrings(json, "measured", result.Measured);
        WriteStrings(json, "trace", result.Trace);
        json.WriteEndObject();
    }

    private static void WriteCase(Utf8JsonWriter json, ConformanceCase @case)
    {
        json.WriteString("id", @case.Id);
        json.WriteString("group", @case.Group);
        json.WriteString("section", @case.Section);
        json.WriteString("heading", Headings.Of($"{@case.Group}/{@case.Section}"));
        json.WriteString("title", @case.Title);
        json.WriteString("reference", @case.Reference);
        json.WriteString("level", @case.Level.ToString().ToUpperInvariant());
        json.WriteBoolean("strictOnly", @case.StrictOnly);
        json.WriteBoolean("h2spec", @case.InH2Spec);
        json.WriteString("requirement", @case.Requirement);
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyCollection<string> lines)
    {
        if (lines.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var line in lines)
            json.WriteStringValue(line);
        json.WriteEndArray();
    }
}
