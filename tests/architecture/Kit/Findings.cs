using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>Fails with everything that was found, a line each; xunit's own assertion would show the first few words.</summary>
internal static class Findings
{
    public static void AreNone(IEnumerable<string> found)
    {
        var list = found.ToList();
        Assert.True(list.Count == 0, $"{list.Count} found:{Environment.NewLine}{string.Join(Environment.NewLine, list)}");
    }
}
