using System.Text.RegularExpressions;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>The samples of docs/client.md compile.</summary>
public sealed partial class ClientPageTests
{
    public static TheoryData<string> Samples => [.. Block().Matches(Repository.Read("docs/client.md")).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_compiles(string sample)
    {
        // A class of the sample's own stands behind its statements; and a connection is there where it makes none.
        var types = sample.IndexOf("\nsealed class", StringComparison.Ordinal);
        var statements = types < 0 ? sample : sample[..types];
        var parameter = statements.Contains("var client =", StringComparison.Ordinal) ? "" : "Http2ClientConnection client";
        using var image = Snippet.Compile($$"""
            using System; using System.IO; using System.Net.Http; using System.Threading; using System.Threading.Tasks;
            using Http2.Pure; using Http2.Shell;
            internal static class Sample { internal static async Task Run({{parameter}}) { await Task.Yield(); {{statements}} } }
            {{(types < 0 ? "" : sample[types..])}}
            """);
        Assert.True(image.HasMetadata);
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
