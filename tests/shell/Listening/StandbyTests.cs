using System.Runtime.Versioning;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The thread that serves when handlers hold all others and no more can be had.</summary>
[SupportedOSPlatform("linux")]
public sealed class StandbyTests
{
    /// <summary>On new connections and on those that have no open request; what others have begun waits, and goes on.</summary>
    [Fact]
    public async Task While_handlers_hold_every_thread_others_are_told_so_at_once()
    {
        using var gate = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(2);
        await using var serving = await Serving.StartAsync(
            (request, _) =>
            {
                if (request.Path == "/block")
                {
                    blocked.Signal();
                    gate.Wait(CancellationToken.None);
                }
                return new(new Http2Response(200, [], request.Path));
            },
            Serving.Loopback with { Loops = new LoopSettings(2) { Limit = 2, Spare = 0 } });
        await using var known = await RawClient.ConnectAsync(serving);
        Assert.Equal("/before", await known.Text(await known.RequestAsync("/before")));
        await using var first = await RawClient.ConnectAsync(serving);
        await using var second = await RawClient.ConnectAsync(serving);
        var (one, two) = (await first.RequestAsync("/block"), await second.RequestAsync("/block"));
        Assert.True(await Task.Run(() => blocked.Wait(Patience.Time)));
        await IsRefusedAsync(known, endStream: true);
        await IsRefusedAsync(known, endStream: false);
        await using (var fresh = await RawClient.ConnectAsync(serving))
            await IsRefusedAsync(fresh, endStream: true);
        await known.SettleAsync();
        await serving.Log.SeeAsync(9);
        Assert.Single(serving.Log.Lines, line => line.Text.Contains("handlers hold all threads", StringComparison.Ordinal));
        gate.Set();
        Assert.Equal("/block", await first.Text(one));
        Assert.Equal("/block", await second.Text(two));
        Assert.Equal("/after", await known.Text(await known.RequestAsync("/after")));
        foreach (var client in new[] { known, first, second })
            await client.DisposeAsync();
        await serving.NothingIsHeldAsync();

        static async Task IsRefusedAsync(RawClient client, bool endStream)
        {
            var id = await client.RequestAsync("/", "POST", endStream);
            var response = await client.Response(id);
            Assert.Equal((503, "1"), (response.Head.Status, RawClient.Value(response.Head.Fields, "retry-after")));
            Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        }
    }
}
