using Xunit;

namespace Http2.Conformance.Tests;

/// <summary>What must hold of the cases for clients themselves.</summary>
public sealed class ClientCatalogTests
{
    [Fact]
    public void There_are_at_least_150_cases_beside_the_hostile_ones() =>
        Assert.True(ClientSuite.Cases.Count(@case => !@case.IsAbuse) >= 150, $"{ClientSuite.Cases.Count(@case => !@case.IsAbuse)}");

    [Fact]
    public void Identifiers_are_unique_and_differ_from_those_for_servers() =>
        Assert.Empty(ClientSuite.Cases.Concat(ConformanceSuite.Cases).GroupBy(@case => @case.Id).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Titles_are_unique_within_a_section() =>
        Assert.Empty(ClientSuite.Cases.GroupBy(@case => (@case.Group, @case.Section, @case.Title)).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Every_section_has_a_heading() => Assert.DoesNotContain(
        ClientSuite.Cases.SelectMany(@case => new[] { @case.Group, $"{@case.Group}/{@case.Section}" }).Distinct(), key => Headings.Of(key) == key);

    [Fact]
    public void Requirements_are_sentences() =>
        Assert.All(ClientSuite.Cases, @case => Assert.EndsWith(".", @case.Requirement, StringComparison.Ordinal));

    [Fact]
    public void Hostile_servers_run_only_when_selected()
    {
        Assert.DoesNotContain(ClientSuite.Select(new ConformanceOptions()), @case => @case.IsAbuse);
        Assert.All(ClientSuite.Select(new ConformanceOptions { Selectors = ["client-hostile"] }), @case => Assert.True(@case.IsAbuse));
    }
}
