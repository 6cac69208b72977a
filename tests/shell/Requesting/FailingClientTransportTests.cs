using System.Diagnostics;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// Three uploads of a client, each answered and pushed to, over a transport that goes wrong at its k-th read or write: whatever k is, each
/// request ends, by its response or by one exception, and nothing stays behind.
/// </summary>
public sealed class FailingClientTransportTests
{
    private const int Steps = 20;
    private const int Answer = 100_000;

    public static TheoryData<TransportFault, int, bool> Faults
    {
        get
        {
            var data = new TheoryData<TransportFault, int, bool>();
            foreach (var fault in (TransportFault[])[TransportFault.Fails, TransportFault.Stalls, TransportFault.CompletesLate])
            {
                for (var step = 1; step <= Steps; step++)
                {
                    data.Add(fault, step, true);
                    data.Add(fault, step, false);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_transport_that_goes_wrong_at_any_step_leaves_no_request_without_an_end(TransportFault fault, int step, bool reading)
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        await using var serving = await Serving.StartAsync(
            async (request, _) =>
            {
                request.TryPush("/pushed", new Http2Response(200, [], new byte[50_000]), out var _);
                await RequestTests.BytesAsync(request.Body);
                return new Http2Response(200, [], new MemoryStream(new byte[Answer])) { Trailers = [("x-t", "1")] };
            },
            Serving.Loopback with { TimeProvider = clock });
        var (ours, theirs) = PipeEnds.Create();
        var served = serving.Server.ServeAsync(theirs);
        var transport = new FaultyStream(ours.AsStream(), fault, step, reading);
        // A response that has begun has no deadline of its own unless the options give one; a server that is silent is asked whether it is there.
        var connection = Http2.Pure.ConnectionOptions.Default with { KeepAliveInterval = TimeSpan.FromSeconds(10) };
        var client = Http2ClientConnection.Over(transport, new() { TimeProvider = clock, Connection = connection });
        var asking = AskAsync(client);
        for (var start = Stopwatch.GetTimestamp(); !asking.IsCompleted && Stopwatch.GetElapsedTime(start) < Patience.Time;)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 100; i++)
                await Task.Yield();
        }
        foreach (var failure in await asking.Soon())
            Assert.True(failure is null or IOException or TimeoutException, $"{failure}");
        var ending = client.DisposeAsync().AsTask();
        for (var start = Stopwatch.GetTimestamp(); !(ending.IsCompleted && served.IsCompleted) && Stopwatch.GetElapsedTime(start) < Patience.Time;)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 100; i++)
                await Task.Yield();
        }
        await ending.Soon();
        await served.Soon();
        Assert.True(transport.IsDisposed);
        await ClientCounts.NothingIsHeldAsync(client);
    }

    private static Task<Exception?[]> AskAsync(Http2ClientConnection client) => Task.WhenAll(Enumerable.Range(0, 3).Select(async i =>
        await Record.ExceptionAsync(async () =>
        {
            var stream = await client.SendAsync(
                new("POST", $"/{i}", null, new MemoryStream(new byte[30_000])) { TakesPushes = true, Trailers = [("x-up", "1")] });
            await stream.Response;
            Assert.Equal(Answer, (await RequestTests.BytesAsync(stream.Body)).Length);
            await foreach (var pushed in stream.Pushes)
                Assert.Equal(50_000, (await RequestTests.BytesAsync(pushed.Body)).Length);
        })));
}
