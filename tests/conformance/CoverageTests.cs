using System.Text.RegularExpressions;
using Xunit;

namespace Http2.Conformance.Tests;

/// <summary>The page that maps every MUST to its cases names cases that exist, and leaves none of the protocol groups out.</summary>
public sealed partial class CoverageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "conformance-coverage.md"));

    private static IEnumerable<string> Rows => Page.Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| §", StringComparison.Ordinal)
        && !line.StartsWith("| RFC", StringComparison.Ordinal));

    [Fact]
    public void Every_row_names_cases_or_says_why_there_are_none() => Assert.All(
        Rows, row => Assert.True(row.Contains("none", StringComparison.Ordinal) || Selectors(row).Any(), row));

    [Fact]
    public void Every_case_that_is_named_exists() => Assert.All(
        Rows.SelectMany(Selectors), selector => Assert.True(ConformanceSuite.Cases.Any(@case =>
            Conformance.Selector.Matches(selector, @case)), selector));

    private static IEnumerable<string> Selectors(string row) =>
        Named().Matches(row[row.LastIndexOf('|', row.Length - 2)..]).Select(match => match.Value);

    internal static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Http2Spec.sln")))
                return at.FullName;
        }
        throw new DirectoryNotFoundException("The repository's root is not above the tests.");
    }

    private const string Groups =
        "generic|http2|hpack|fields|requests|messages|frames|streams|settings|flow|compression|priority|websocket|push|tls|shutdown|honest|abuse";

    [GeneratedRegex($@"\b({Groups})(/[0-9.]*[0-9])?(/[0-9]+)?\b")]
    internal static partial Regex Named();
}
