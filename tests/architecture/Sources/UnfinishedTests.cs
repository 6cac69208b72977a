using System.Text.RegularExpressions;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>Nothing in the sources says that it is not done.</summary>
public sealed partial class UnfinishedTests
{
    [Fact]
    public void No_source_says_that_something_is_left_to_do() =>
        Findings.AreNone(
            from file in Repository.Sources
            where file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("spec/", StringComparison.Ordinal)
            from line in Repository.Read(file).Split('\n').Index()
            where Unfinished().IsMatch(line.Item)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    [Theory]
    [InlineData("// TODO later")]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("/* FIXME */")]
    public void The_pattern_finds_what_is_left_to_do(string line) => Assert.Matches(Unfinished(), line);

    [GeneratedRegex(@"\b(TODO|FIXME|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
