using System.Collections.Immutable;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Http2.Conformance.Tests;

/// <summary>The reports say what the run came to.</summary>
public sealed class ReportTests
{
    private static readonly RunReport Report = new(
        new ConformanceTarget { Port = 8080 }, new ConformanceOptions { Strict = true }, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(3),
        [
            Result("http2/6.5/1", Verdict.Passed),
            Result("http2/6.5/2", Verdict.Failed) with { Expected = ["GOAWAY with PROTOCOL_ERROR"],
                Actual = "DATA <1> & \u0001", Trace = ["[  0.001] send PING"] },
            Result("http2/6.5/3", Verdict.Skipped) with { Actual = "does not apply" },
            Result("hpack/6.1/1", Verdict.Failed) with { ExpectedToFail = true, Actual = "nothing" },
            Result("hpack/6.3/1", Verdict.Passed) with { ExpectedToFail = true },
        ]);

    [Fact]
    public void The_summary_counts_expected_failures_and_unexpected_passes_apart()
    {
        Assert.Equal("5 tests, 2 passed, 1 skipped, 1 failed, 1 failed as expected, 1 passed unexpectedly", Report.Summary);
        Assert.False(Report.IsClean);
    }

    [Fact]
    public void JUnit_has_true_failures_with_names_identifiers_and_properties()
    {
        var output = new StringWriter();
        JUnitReport.Write(Report, output);
        var suites = XDocument.Parse(output.ToString()).Root!;
        Assert.Equal(("5", "2", "2", "0"), (Value(suites, "tests"), Value(suites, "failures"),
            Value(suites, "skipped"), Value(suites, "errors")));
        var failed = Assert.Single(suites.Descendants("testcase"), one =>
            Value(one, "name").StartsWith("http2/6.5/2 ", StringComparison.Ordinal));
        Assert.Equal("http2.6.5", Value(failed, "classname"));
        Assert.Contains("GOAWAY with PROTOCOL_ERROR", failed.Element("failure")!.Value, StringComparison.Ordinal);
        Assert.Contains(failed.Descendants("property"), one => Value(one, "name") == "id" && Value(one, "value") == "http2/6.5/2");
        Assert.Contains("send PING", failed.Element("system-out")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_every_result_with_its_verdict()
    {
        var output = new MemoryStream();
        JsonReport.Write(Report, output);
        var root = JsonDocument.Parse(output.ToArray()).RootElement;
        Assert.Equal(1, root.GetProperty("failed").GetInt32());
        Assert.Equal(
            ["passed", "failed", "skipped", "expected failure", "unexpected pass"],
            root.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("verdict").GetString()!));
    }

    [Fact]
    public void The_list_of_cases_as_json_has_all_of_them()
    {
        var output = new MemoryStream();
        JsonReport.WriteList(ConformanceSuite.Cases, output);
        Assert.Equal(ConformanceSuite.Cases.Length, JsonDocument.Parse(output.ToArray()).RootElement.GetArrayLength());
    }

    [Fact]
    public void Html_is_one_page_that_needs_nothing_else_and_escapes_what_the_server_said()
    {
        var output = new StringWriter();
        HtmlReport.Write(Report, output);
        var page = output.ToString();
        Assert.Contains("DATA &lt;1&gt; &amp;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", page, StringComparison.Ordinal);
        Assert.Contains(Report.Summary, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_lists_failures_with_expected_and_actual()
    {
        var output = new StringWriter();
        MarkdownReport.Write(Report, output);
        Assert.Contains("### http2/6.5/2", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("* Expected: GOAWAY with PROTOCOL_ERROR", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("## Unexpected passes", output.ToString(), StringComparison.Ordinal);
    }

    private static CaseResult Result(string id, Verdict verdict) => new(
        ConformanceSuite.Cases.Single(@case => @case.Id == id), verdict,
            TimeSpan.FromMilliseconds(5), ImmutableArray<string>.Empty, "", []);

    private static string Value(XElement element, string attribute) => element.Attribute(attribute)?.Value ?? "";
}
