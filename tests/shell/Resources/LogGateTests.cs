using Microsoft.Extensions.Logging;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The server's log when the same happens for each of many connections.</summary>
public sealed class LogGateTests
{
    [Fact]
    public async Task Connections_beyond_the_limit_are_logged_once_and_then_by_their_number()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response()), Serving.Loopback with { MaxConnections = 1, TimeProvider = clock });
        await using var first = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 20; i++)
            await Assert.ThrowsAnyAsync<IOException>(() => RawClient.ConnectAsync(serving));
        await serving.Log.SeeAsync(4);
        Assert.EndsWith("1 are open already", Refusals(serving).Single(), StringComparison.Ordinal);
        clock.Advance(LogGate<int>.Period);
        Assert.EndsWith("1 are open already (19 more in the last 10 s)", await serving.Log.SeeAsync(4, 2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_cannot_be_logged_at_the_end_of_the_period_harms_nobody()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        using var gate = new LogGate<int>(clock);
        gate.Write(1, _ => { });
        gate.Write(1, _ => throw new IOException("the log's disk is full"));
        clock.Advance(LogGate<int>.Period);
        var seen = new List<string>();
        gate.Write(1, seen.Add);
        clock.Advance(LogGate<int>.Period);
        gate.Write(1, seen.Add);
        Assert.NotEmpty(seen);
    }

    private static IEnumerable<string> Refusals(Serving serving) => serving.Log.Lines.Where(line => line.Event == 4).Select(line => line.Text);
}
