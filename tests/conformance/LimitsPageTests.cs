using System.Text.RegularExpressions;
using Http2.Pure;
using Http2.Shell;
using Xunit;

namespace Http2.Conformance.Tests;

/// <summary>The page on limits has a row for every limit, and what a row names is there.</summary>
public sealed partial class LimitsPageTests
{
    private static readonly string Root = CoverageTests.Root();

    private static readonly string[] Rows =
        [.. File.ReadLines(Path.Combine(Root, "docs", "limits.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal))];

    private static readonly HashSet<string> TestClasses =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)),
    ];

    [Fact]
    public void Every_limit_of_the_core_has_a_row() =>
        Assert.All(typeof(Http2Limits).GetProperties(), property => Assert.True(HasRow(property.Name), property.Name));

    [Fact]
    public void Every_bound_of_the_shell_has_a_row() =>
        Assert.All(
            typeof(Http2ServerOptions).GetProperties()
                .Where(property => property.PropertyType == typeof(TimeSpan) || property.Name.StartsWith("Max", StringComparison.Ordinal)),
            property => Assert.True(HasRow(property.Name), property.Name));

    [Fact]
    public void Every_bound_of_a_client_has_a_row_of_its_own()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "limits.md"));
        var begin = page.IndexOf("## What a client bounds", StringComparison.Ordinal);
        var section = page[begin..page.IndexOf("\n## ", begin + 1, StringComparison.Ordinal)];
        Type[] bounds = [typeof(TimeSpan), typeof(PaceLimit?), typeof(RateLimit)];
        Assert.All(
            typeof(Http2ClientOptions).GetProperties()
                .Where(property => bounds.Contains(property.PropertyType) || property.Name.StartsWith("Max", StringComparison.Ordinal)),
            property => Assert.Contains($"| `{property.Name}` |", section, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_test_that_is_named_exists() =>
        Assert.Empty(Rows.SelectMany(row => TestName().Matches(row)).Select(match => match.Value.Trim('`')).Except(TestClasses));

    [Fact]
    public void Every_row_names_a_test_and_cases_that_exist_or_says_why_there_are_none() => Assert.All(
        Rows.Where(row => row.Contains("| `", StringComparison.Ordinal)), row =>
        {
            Assert.Matches(TestName(), row);
            var wire = row.Split('|')[^2];
            var selectors = CoverageTests.Named().Matches(wire).Select(match => match.Value).ToList();
            Assert.True(selectors.Count > 0 || wire.Contains("none:", StringComparison.Ordinal), row);
            Assert.All(selectors, selector => Assert.Contains(ConformanceSuite.Cases, @case => Conformance.Selector.Matches(selector, @case)));
        });

    private static bool HasRow(string option) => Rows.Any(row => row.Contains($"| `{option}` |", StringComparison.Ordinal));

    [GeneratedRegex("`[A-Za-z]+Tests`")]
    private static partial Regex TestName();
}
