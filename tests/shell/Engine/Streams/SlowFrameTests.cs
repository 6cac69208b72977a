using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Frames of which only a part comes.</summary>
public sealed class SlowFrameTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);

    private Http2ServerOptions Options => Serving.Loopback with { TimeProvider = _clock };

    [Fact]
    public async Task A_frame_that_never_ends_ends_the_connection()
    {
        await using var serving = await Serving.StartAsync(
            async (_, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return new Http2Response();
            },
            Options);
        await using var client = await RawClient.ConnectAsync(serving);
        // A request that waits, so that the connection is never idle however far the clock goes.
        await client.RequestAsync("/");
        await client.SettleAsync();
        await client.RawAsync(0, 3, 232, 1, 4, 0, 0, 0, 3, 0x82);
        var ended = client.Until<ConnectionEvent.GoAwayReceived>();
        // No answer tells when the octets were seen, so the clock goes on until they were.
        while (!ended.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal(ErrorCode.EnhanceYourCalm, (await ended).Code);
    }

    /// <summary>A large frame over a slow line: what comes of it earns it time, what it only promises does not.</summary>
    [Fact]
    public async Task A_frame_that_comes_slowly_has_the_time_its_octets_are_worth()
    {
        await using var serving = await Serving.StartAsync(SlowPeerTests.ReadAllAsync, Options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.RawAsync(0, 64, 0, 0, 0, 0, 0, 0, (byte)id.Value);
        var came = Assert.Single(serving.Server.Connections);
        for (var octets = 0; octets < 16_384; octets += 4_096)
        {
            await client.RawAsync(new byte[4_096]);
            while (came.Input.Length < 9 + octets + 4_096 && octets + 4_096 < 16_384)
                await Task.Yield();
            if (octets + 4_096 < 16_384)
                _clock.Advance(TimeSpan.FromSeconds(16));
        }
        await client.DataAsync(id, new byte[1], endStream: true);
        Assert.Equal("16385", await client.Text(id));
    }
}
