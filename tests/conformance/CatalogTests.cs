using Xunit;

namespace Http2.Conformance.Tests;

/// <summary>What must hold of the cases themselves.</summary>
public sealed class CatalogTests
{
    [Fact]
    public void Identifiers_are_unique() =>
        Assert.Empty(ConformanceSuite.Cases.GroupBy(@case => @case.Id).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void There_are_147_cases_of_h2spec_one_of_them_strict()
    {
        var h2spec = ConformanceSuite.Cases.Where(@case => @case.InH2Spec).ToList();
        Assert.Equal(147, h2spec.Count);
        Assert.Equal("http2/5.4.1/2", Assert.Single(h2spec, @case => @case.StrictOnly).Id);
    }

    [Fact]
    public void There_are_at_least_320_cases() => Assert.True(ConformanceSuite.Cases.Length >= 320, $"{ConformanceSuite.Cases.Length}");

    [Fact]
    public void Every_section_has_a_heading() => Assert.DoesNotContain(
        ConformanceSuite.Cases.Select(@case => $"{@case.Group}/{@case.Section}").Distinct(), key => Headings.Of(key) == key);

    [Fact]
    public void Requirements_are_sentences() =>
        Assert.All(ConformanceSuite.Cases, @case => Assert.EndsWith(".", @case.Requirement, StringComparison.Ordinal));

    [Theory]
    [InlineData("hpack", 8)]
    [InlineData("http2/6.5", 10)]
    [InlineData("http2/6.5.3", 2)]
    [InlineData("http2/6.5.3/1", 1)]
    [InlineData("http2/6", 42)]
    [InlineData("htp2/6", 0)]
    [InlineData("http2/6.5.3/9", 0)]
    public void Selectors_match_groups_sections_and_identifiers(string selector, int count) =>
        Assert.Equal(count, ConformanceSuite.Select(new ConformanceOptions { Selectors = [selector] }).Length);

    [Fact]
    public void Excluded_cases_do_not_run() => Assert.DoesNotContain(
        ConformanceSuite.Select(new ConformanceOptions { Selectors = ["http2"], Excludes = ["http2/6.5", "http2/8.2/1"] }),
        @case => @case.Id.StartsWith("http2/6.5", StringComparison.Ordinal) || @case.Id == "http2/8.2/1");

    [Fact]
    public void Abuse_runs_only_when_selected()
    {
        Assert.DoesNotContain(ConformanceSuite.Select(new ConformanceOptions()), @case => @case.IsAbuse);
        Assert.All(ConformanceSuite.Select(new ConformanceOptions { Selectors = ["abuse"], Strict = true }), @case => Assert.True(@case.IsAbuse));
    }
}
