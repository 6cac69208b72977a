using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Connections that change hands all the time.</summary>
public sealed class OwnershipRaceTests
{
    private const int Clients = 4, Rounds = 60, AtOnce = 5;

    /// <summary>
    /// Every call of user code that can be seen is taken away at once, so hand-overs race with returns all the time; what clients and
    /// handlers see is the same as ever.
    /// </summary>
    [Theory]
    [InlineData(Http2Scheduling.EventLoops, true)]
    [InlineData(Http2Scheduling.EventLoops, false)]
    [InlineData(Http2Scheduling.ThreadPool, true)]
    [InlineData(Http2Scheduling.ThreadPool, false)]
    public async Task Connections_that_are_taken_away_all_the_time_serve_as_ever(Http2Scheduling scheduling, bool byDelegate)
    {
        var calls = 0;
        // some give their connection away themselves, and return while another thread begins with the rest
        void Race(Http2Exchange exchange)
        {
            if (Interlocked.Increment(ref calls) % 3 == 0)
                exchange.Engine.StepAside();
            else
                Thread.Yield();
        }
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = Race, Data_ = (h, _) => Race(h), Done_ = AnswerLength });
        var options = Serving.Loopback with { Scheduling = scheduling, TimeProvider = new ManualClock(DateTimeOffset.UnixEpoch) };
        await using var serving = byDelegate ? await Serving.StartAsync(LengthAsync, options) : await Serving.StartAsync(handlers.Make, options);
        var over = false;
        var taker = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
                foreach (var connection in serving.Server.Connections)
                {
                    if (connection.CurrentCall is var call and not 0)
                        connection.TryTakeAway(call);
                }
                Thread.Yield();
            }
        });
        taker.Start();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => UploadAsync(serving)))).WaitAsync(3 * Patience.Time);
        }
        finally
        {
            Volatile.Write(ref over, true);
            taker.Join();
        }
        await serving.NothingIsHeldAsync();
        Assert.Equal(byDelegate ? 0 : Clients * Rounds * AtOnce, handlers.Made.Count);
        Assert.All(handlers.Made, h => Assert.Equal(["headers", "done", "close NoError"], h.Calls.Where(c => c != "data")));
        Assert.Empty(serving.Log.Errors);

        static void AnswerLength(ScriptedHandler handler) => handler.SendResponse(200, body: new BlockingStream($"{handler.Received.Length}"));

        async ValueTask<Http2Response> LengthAsync(Http2Request request, CancellationToken cancellation)
        {
            var buffer = new MemoryStream();
            Race(request);
            if (request.StreamId.Value % 4 == 1)
                request.BodyStream.CopyTo(buffer);
            else
                await request.BodyStream.CopyToAsync(buffer, cancellation).ConfigureAwait(false);
            Race(request);
            return new Http2Response(200, [], new BlockingStream($"{buffer.Length}"));
        }
    }

    private static async Task UploadAsync(Serving serving)
    {
        await using var client = await RawClient.ConnectAsync(serving);
        for (var round = 0; round < Rounds; round++)
        {
            var ids = new List<(StreamId Id, int Length)>();
            for (var i = 0; i < AtOnce; i++)
                ids.Add((await client.RequestAsync("/", "POST", endStream: false), 0));
            for (var i = 0; i < AtOnce; i++)
            {
                var (id, length) = (ids[i].Id, (round * 997 + i * 4001) % 40_000);
                await client.DataAsync(id, new byte[length / 2]);
                await client.DataAsync(id, new byte[length - length / 2], endStream: true);
                ids[i] = (id, length);
            }
            foreach (var (id, length) in ids)
                Assert.Equal($"{length}", await client.Text(id));
        }
    }
}
