using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Handlers hold threads, and others are to be served by those that are left.</summary>
[SupportedOSPlatform("linux")]
public sealed class HeldThreadsTests
{
    /// <summary>The thread beside those that serve is held for as long as a handler likes, and no other can be had.</summary>
    [Fact]
    public async Task A_connection_that_is_known_to_block_does_not_wait_until_handlers_of_others_return()
    {
        using var gate = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(1);
        await using var serving = await Serving.StartAsync(
            (request, _) =>
            {
                if (request.Path == "/slow")
                    Thread.Sleep(30);
                if (request.Path == "/block")
                {
                    blocked.Signal();
                    gate.Wait(CancellationToken.None);
                }
                return new(new Http2Response(200, [], request.Path));
            },
            Serving.Loopback with { Loops = new LoopSettings(1) { Limit = 2, Spare = 1 } });
        await using (var first = await RawClient.ConnectAsync(serving))
        await using (var second = await RawClient.ConnectAsync(serving))
        {
            foreach (var client in new[] { first, second })
                Assert.Equal("/slow", await client.Text(await client.RequestAsync("/slow")));
            var held = await first.RequestAsync("/block");
            Assert.True(await Task.Run(() => blocked.Wait(Patience.Time)));
            Assert.Equal("/quick", await second.Text(await second.RequestAsync("/quick")));
            gate.Set();
            Assert.Equal("/block", await first.Text(held));
        }
        await serving.NothingIsHeldAsync();
    }
}
