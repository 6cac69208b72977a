using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>When a run is worse than an earlier one.</summary>
public sealed class LoadComparisonTests
{
    private static readonly LoadFigures Before = new(1000, 100, 500, 1);

    [Theory]
    [InlineData(1000, 100, 500, 1, false)]
    [InlineData(901, 109, 549, 1, false)]
    [InlineData(5000, 10, 50, 0, false)]
    [InlineData(899, 100, 500, 1, true)]
    [InlineData(1000, 111, 500, 1, true)]
    [InlineData(1000, 100, 551, 1, true)]
    [InlineData(1000, 100, 500, 1.1, true)]
    public void It_is_worse_beyond_the_tolerance(double rate, double p50, double p99, double failed, bool isWorse)
    {
        var comparison = new LoadComparison(Before, new(rate, p50, p99, failed), tolerance: 10);
        Assert.Equal(isWorse, comparison.IsWorse);
        Assert.Equal(isWorse, comparison.Lines().Any(line => line.EndsWith("worse", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"http2LoadResult":2}""")]
    [InlineData("""{"http2LoadResult":1}""")]
    [InlineData("""{"http2LoadResult":"1"}""")]
    public void A_file_that_holds_something_else_is_one_clear_line(string content)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.FullPath, "base.json");
        File.WriteAllText(path, content);
        var failure = Assert.Throws<UserErrorException>(() => LoadFigures.Read(path));
        Assert.Contains("holds no result of `http2 load --json`", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}
