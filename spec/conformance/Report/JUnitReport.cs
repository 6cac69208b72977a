using System.Globalization;
using System.Text;
using System.Xml;

namespace Http2.Conformance;

/// <summary>JUnit XML as CI systems read it: a suite for each section, a test case for each case, failures as <c>failure</c>.</summary>
public static class JUnitReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="report">The run.</param>
    /// <param name="output">Where it goes; stays open.</param>
    public static void Write(RunReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, CheckCharacters = false, CloseOutput = false });
        xml.WriteStartDocument();
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", $"HTTP/2 conformance of {report.Target}");
        Counts(xml, report.Results);
        foreach (var (key, results) in report.Sections())
            Suite(xml, key, results, report);
        xml.WriteEndElement();
        xml.WriteEndDocument();
    }

    private static void Suite(XmlWriter xml, string key, IReadOnlyCollection<CaseResult> results, RunReport report)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", $"{key} {Headings.Of(key)}");
        xml.WriteAttributeString("id", key);
        xml.WriteAttributeString("timestamp", report.Started.UtcDateTime.ToString("s", CultureInfo.InvariantCulture));
        xml.WriteAttributeString("hostname", report.Target.Host);
        Counts(xml, results);
        foreach (var result in results)
            Case(xml, key, result);
        xml.WriteEndElement();
    }

    private static void Counts(XmlWriter xml, IReadOnlyCollection<CaseResult> results)
    {
        xml.WriteAttributeString("tests", Text(results.Count));
        xml.WriteAttributeString("failures", Text(results.Count(IsFailure)));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("skipped", Text(results.Count(IsSkipped)));
        xml.WriteAttributeString("time", Seconds(results.Aggregate(TimeSpan.Zero, (sum, result) => sum + result.Duration)));
    }

    private static void Case(XmlWriter xml, string key, CaseResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", $"{result.Case.Id} {result.Case.Title}{(result.Attempt > 1 ? $" (run {result.Attempt})" : "")}");
        xml.WriteAttributeString("classname", key.Replace('/', '.'));
        xml.WriteAttributeString("time", Seconds(result.Duration));
        xml.WriteStartElement("properties");
        Property(xml, "id", result.Case.Id);
        Property(xml, "reference", result.Case.Reference);
        Property(xml, "level", result.Case.Level.ToString().ToUpperInvariant());
        Property(xml, "requirement", result.Case.Requirement);
        Property(xml, "verdict", RunReport.Word(result));
        xml.WriteEndElement();
        if (IsFailure(result))
            Failure(xml, result);
        else if (IsSkipped(result))
            Skipped(xml, result);
        if (!result.Trace.IsDefaultOrEmpty)
            xml.WriteElementString("system-out", Clean(string.Join('\n', result.Trace)));
        xml.WriteEndElement();
    }

    private static void Failure(XmlWriter xml, CaseResult result)
    {
        xml.WriteStartElement("failure");
        xml.WriteAttributeString("type", result.IsUnexpectedPass ? "UnexpectedPass" : "ConformanceFailure");
        xml.WriteAttributeString("message", Clean(result.IsUnexpectedPass ? "passed although it is listed as failing" : result.Actual));
        var text = new StringBuilder().Append("Requirement: ").Append(result.Case.Requirement)
            .Append(" (").Append(result.Case.Reference).Append(")\n");
        foreach (var expected in result.Expected)
            text.Append("Expected:    ").Append(expected).Append('\n');
        text.Append("Actual:      ").Append(result.IsUnexpectedPass ? "passed" : result.Actual).Append('\n');
        xml.WriteString(Clean(text.ToString()));
        xml.WriteEndElement();
    }

    private static void Skipped(XmlWriter xml, CaseResult result)
    {
        xml.WriteStartElement("skipped");
        xml.WriteAttributeString("message", Clean(result.Verdict == Verdict.Skipped
            ? result.Actual : $"expected failure: {result.Actual}"));
        xml.WriteEndElement();
    }

    private static void Property(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("property");
        xml.WriteAttributeString("name", name);
        xml.WriteAttributeString("value", Clean(value));
        xml.WriteEndElement();
    }

    private static bool IsFailure(CaseResult result) => result.IsFailure || result.IsUnexpectedPass;

    /// <summary>JUnit has no element for an expected failure, and CI must not fail because of one.</summary>
    private static bool IsSkipped(CaseResult result) => !IsFailure(result) && result.Verdict != Verdict.Passed;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>XML 1.0 cannot hold most control characters, and a server may send any octets.</summary>
    private static string Clean(string text) =>
        text.All(XmlConvert.IsXmlChar) ? text : string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\ufffd'));
}
