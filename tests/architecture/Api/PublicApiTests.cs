using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>
/// The public API stands in docs/api, a file for each library, so that a change of it shows in review. After a change that is meant, write the
/// files anew: <c>HTTP2SPEC_WRITE_API=1 dotnet test tests/architecture -c Release --filter PublicApi</c>.
/// </summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Hpack.Pure")]
    [InlineData("Http2.Pure")]
    [InlineData("Http2.Shell")]
    public void The_public_API_is_the_one_that_is_written_down(string assembly)
    {
        var path = Path.Combine(Repository.Root, "docs", "api", assembly + ".txt");
        var now = PublicApi.Of(assembly).ToList();
        Assert.NotEmpty(now);
        if (Environment.GetEnvironmentVariable("HTTP2SPEC_WRITE_API") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines(path, now);
        }
        var written = File.Exists(path) ? File.ReadAllLines(path) : [];
        Findings.AreNone([.. now.Except(written).Select(line => "+ " + line), .. written.Except(now).Select(line => "- " + line)]);
        Assert.Equal(written, now);
    }
}
