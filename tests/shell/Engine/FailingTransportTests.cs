using System.Diagnostics;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// A scripted exchange of three uploads, each answered and pushed to, over a transport that goes wrong at its k-th read or write: whatever
/// k is, nothing hangs, nothing stays behind, and every handler sees its end once.
/// </summary>
public sealed class FailingTransportTests
{
    private const int Steps = 20;
    private const int Answer = 100_000;

    public static TheoryData<TransportFault, int, bool> Faults
    {
        get
        {
            var data = new TheoryData<TransportFault, int, bool>();
            foreach (var fault in (TransportFault[])[TransportFault.Fails, TransportFault.Stalls])
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

    public static TheoryData<TransportFault, int, bool> Nuisances
    {
        get
        {
            var data = new TheoryData<TransportFault, int, bool> { { TransportFault.Trickles, 1, true }, { TransportFault.Trickles, 1, false } };
            for (var step = 1; step <= Steps; step++)
            {
                data.Add(TransportFault.CompletesLate, step, true);
                data.Add(TransportFault.CompletesLate, step, false);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_transport_that_fails_or_stalls_at_any_step_closes_every_stream_once(TransportFault fault, int step, bool reading)
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var handlers = Answering();
        await using var serving = await Serving.StartAsync(handlers.Make, Serving.Loopback with { TimeProvider = clock });
        var (ours, theirs) = PipeEnds.Create();
        var transport = new FaultyStream(theirs.AsStream(), fault, step, reading);
        var served = serving.Server.ServeAsync(transport);
        var asking = AskAsync(ours.AsStream());
        if (fault == TransportFault.Stalls)
            await PassTimeAsync(clock, served);
        await served.Soon();
        // the server has closed the transport, or all went well before the step was reached
        _ = await asking.Soon();
        await AssertNothingIsLeft(serving, handlers, transport);
    }

    [Theory]
    [MemberData(nameof(Nuisances))]
    public async Task A_transport_that_is_slow_in_small_things_changes_nothing(TransportFault fault, int step, bool reading)
    {
        var handlers = Answering();
        await using var serving = await Serving.StartAsync(handlers.Make);
        var (ours, theirs) = PipeEnds.Create();
        var transport = new FaultyStream(theirs.AsStream(), fault, step, reading);
        var served = serving.Server.ServeAsync(transport);
        Assert.Null(await AskAsync(ours.AsStream()).Soon());
        await served.Soon();
        Assert.Equal(3, handlers.Made.Count(handler => handler.Received.Length == 30_000));
        await AssertNothingIsLeft(serving, handlers, transport);
    }

    /// <summary>Else the last faults would never come: the exchange takes no more steps than are tried.</summary>
    [Fact]
    public async Task The_steps_that_go_wrong_reach_to_the_end_of_the_exchange()
    {
        var handlers = Answering();
        await using var serving = await Serving.StartAsync(handlers.Make);
        var (ours, theirs) = PipeEnds.Create();
        var transport = new FaultyStream(theirs.AsStream(), TransportFault.Fails, int.MaxValue, reading: true);
        var served = serving.Server.ServeAsync(transport);
        Assert.Null(await AskAsync(ours.AsStream()).Soon());
        await served.Soon();
        Assert.InRange(transport.Steps.Reads, 1, Steps);
        Assert.InRange(transport.Steps.Writes, 1, Steps);
    }

    private static Handlers Answering() => new(() => new ScriptedHandler
    {
        Headers_ = h =>
        {
            if (h.CanPush)
                h.Push("/pushed", body: new WatchedStream(new byte[50_000]));
        },
        Done_ = h => Task.Run(() =>
        {
            try
            {
                h.SendResponse(200, body: new WatchedStream(new byte[Answer]));
            }
            catch (Http2MisuseException)
            {
                // The stream was closed before.
            }
        }),
    });

    /// <summary>The client's part; what went wrong for it, or null.</summary>
    private static async Task<Exception?> AskAsync(Stream stream) => await Record.ExceptionAsync(async () =>
    {
        await using var client = await RawClient.OverAsync(stream);
        for (var i = 0; i < 3; i++)
        {
            var id = await client.RequestAsync("/", "POST", endStream: false);
            await client.DataAsync(id, new byte[30_000], endStream: true);
            Assert.Equal(Answer, (await client.Body(id)).Length);
        }
    })!;

    /// <summary>Moves the clock until the server has given up.</summary>
    private static async Task PassTimeAsync(ManualClock clock, Task served)
    {
        for (var start = Stopwatch.GetTimestamp(); !served.IsCompleted && Stopwatch.GetElapsedTime(start) < Patience.Time;)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 100; i++)
                await Task.Yield();
        }
    }

    private static async Task AssertNothingIsLeft(Serving serving, Handlers handlers, FaultyStream transport)
    {
        foreach (var handler in handlers.Made)
        {
            await handler.Closed.Soon();
            Assert.Single(handler.Calls, call => call.StartsWith("close", StringComparison.Ordinal));
            Assert.DoesNotContain("CONCURRENT", handler.Calls);
        }
        Assert.True(transport.IsDisposed);
        Assert.Empty(serving.Log.Errors);
        // a body that is being read is let go of by its reader
        for (var start = Stopwatch.GetTimestamp(); serving.Server.Load != default && Stopwatch.GetElapsedTime(start) < Patience.Time;)
            await Task.Yield();
        Assert.Equal(default, serving.Server.Load);
    }
}
