using System.Net.Sockets;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Clients that went away without a word, seen over a socket.</summary>
public sealed class SilentPeerTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_connection_without_streams_is_ended_in_order_when_it_was_silent_for_long()
    {
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { TimeProvider = _clock });
        await using var client = await RawClient.ConnectAsync(serving);
        await client.SettleAsync();
        var warning = client.Until<ConnectionEvent.GoAwayReceived>();
        for (var seconds = 0; !warning.IsCompleted; seconds++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(seconds >= 119 || !warning.IsCompleted);
            await Task.Yield();
        }
        Assert.Equal((ErrorCode.NoError, WireConstants.MaxStreamId), ((await warning).Code, (await warning).LastStreamId.Value));
    }

    [Fact]
    public async Task A_client_that_does_not_answer_is_given_up_with_its_stream()
    {
        var closed = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(
            async (_, cancellation) =>
            {
                await using var told = cancellation.UnsafeRegister(_ => closed.TrySetResult(), null);
                await Task.Delay(Timeout.Infinite, cancellation);
                return new Http2Response();
            },
            Asking);
        using var client = new TcpClient("127.0.0.1", serving.Server.Port);
        var stream = client.GetStream();
        // SETTINGS and their acknowledgement, GET / on stream 1, and a PING whose answer shows that all of it was taken
        await stream.WriteAsync((byte[])
        [
            .. WireConstants.Preface, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0,
            0, 0, 6, 1, 5, 0, 0, 0, 1, 0x82, 0x84, 0x86, 0x41, 1, (byte)'a', 0, 0, 8, 6, 0, 0, 0, 0, 0, .. "question"u8,
        ]);
        await Comes(stream, "question"u8.ToArray());
        await ComesWhileTimePasses(stream, "alive?"u8.ToArray());
        await ComesWhileTimePasses(stream, "keep-alive"u8.ToArray());
        await closed.Task.Soon();
    }

    [Fact]
    public async Task A_client_that_answers_stays()
    {
        var goOn = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(
            async (_, cancellation) =>
            {
                await goOn.Task.WaitAsync(cancellation);
                return new Http2Response(200, [], "still here");
            },
            Asking);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        for (var i = 0; i < 4; i++)
        {
            // The question that the clock brought about is read, and answered, before our own PING comes back.
            await client.SettleAsync();
            _clock.Advance(TimeSpan.FromSeconds(30));
        }
        goOn.SetResult();
        Assert.Equal("still here", await client.Text(id));
    }

    private Http2ServerOptions Asking => Serving.Loopback with
    {
        TimeProvider = _clock,
        Connection = new ConnectionOptions { KeepAliveInterval = TimeSpan.FromSeconds(30) },
    };

    // Nothing tells when a timer was armed on another thread, so the clock goes on until it was.
    private async Task ComesWhileTimePasses(NetworkStream stream, byte[] octets)
    {
        var comes = Comes(stream, octets);
        while (!comes.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await comes;
    }

    private static async Task Comes(NetworkStream stream, byte[] octets)
    {
        using var late = new CancellationTokenSource(Patience.Time);
        var seen = new List<byte>();
        var one = new byte[1];
        while (seen.Count < octets.Length || !seen[^octets.Length..].SequenceEqual(octets))
        {
            Assert.Equal(1, await stream.ReadAsync(one, late.Token));
            seen.Add(one[0]);
        }
    }

    private static ValueTask<Http2Response> Hello(Http2Request request, CancellationToken cancellation) => new(new Http2Response(200));
}
