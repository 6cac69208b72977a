using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Answers of the core itself whose requests are still coming.</summary>
public sealed class ResetBehindAnswerTests
{
    [Fact]
    public void A_client_that_acknowledges_nothing_is_reset_without()
    {
        var rig = Rig.Server();
        (string, string)[] large = [.. Rig.Request("POST"), .. Enumerable.Range(0, 101).Select(i => ($"x-{i}", "value"))];
        for (uint i = 0; i < 100; i++)
        {
            rig.Headers((2 * i) + 1, false, large);
            Assert.StartsWith("PING", rig.Frames()[^1], StringComparison.Ordinal);
        }
        rig.Headers(201, false, large);
        Assert.Equal("RST_STREAM 201 NoError", rig.Frames()[^1]);
    }
}
