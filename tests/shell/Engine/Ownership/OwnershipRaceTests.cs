using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// Connections that change hands all the time: every call of user code that can be seen is taken away at once, so hand-overs race with
/// returns; what clients and handlers see is the same as ever.
/// </summary>
public sealed class OwnershipRaceTests
{
    private const int Clients = 4, Rounds = 60, AtOnce = 5;

    private int _calls;

    [Theory]
    [InlineData(Http2Scheduling.EventLoops)]
    [InlineData(Http2Scheduling.ThreadPool)]
    public async Task Delegates_are_called_as_ever(Http2Scheduling scheduling)
    {
        await using var serving = await Serving.StartAsync(LengthAsync, Options(scheduling));
        await RaceAsync(serving);
        Assert.Empty(serving.Log.Errors);
    }

    [Theory]
    [InlineData(Http2Scheduling.EventLoops)]
    [InlineData(Http2Scheduling.ThreadPool)]
    public async Task Handlers_get_each_callback_once_and_in_order(Http2Scheduling scheduling)
    {
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = Race,
            Data_ = (h, _) => Race(h),
            Done_ = h => h.SendResponse(200, body: new BlockingStream($"{h.Received.Length}")),
        });
        await using var serving = await Serving.StartAsync(handlers.Make, Options(scheduling));
        await RaceAsync(serving);
        Assert.Equal(Clients * Rounds * AtOnce, handlers.Made.Count);
        Assert.All(handlers.Made, h => Assert.Equal(["headers", "done", "close NoError"], h.Calls.Where(c => c != "data")));
        Assert.Empty(serving.Log.Errors);
    }

    // Clients that starve on a busy machine are not slow peers: no time passes.
    private static Http2ServerOptions Options(Http2Scheduling scheduling) =>
        Serving.Loopback with { Scheduling = scheduling, TimeProvider = new ManualClock(DateTimeOffset.UnixEpoch) };

    private static async Task RaceAsync(Serving serving)
    {
        var over = false;
        var taker = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
                foreach (var connection in serving.Server.Connections)
                {
                    if (connection.Owner.CurrentCall is var call and not 0)
                        connection.Owner.TryTakeAway(call, computes: false);
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
    }

    private static async Task UploadAsync(Serving serving)
    {
        await using var client = await RawClient.ConnectAsync(serving);
        for (var round = 0; round < Rounds; round++)
        {
            var uploads = new List<(StreamId Id, int Length)>();
            for (var i = 0; i < AtOnce; i++)
                uploads.Add((await client.RequestAsync("/", "POST", endStream: false), (round * 997 + i * 4001) % 40_000));
            foreach (var (id, length) in uploads)
            {
                await client.DataAsync(id, new byte[length / 2]);
                await client.DataAsync(id, new byte[length - length / 2], endStream: true);
            }
            foreach (var (id, length) in uploads)
                Assert.Equal($"{length}", await client.Text(id));
        }
    }

    // Some give their connection away themselves, and return while another thread begins with the rest.
    private void Race(Http2Exchange exchange)
    {
        if (Interlocked.Increment(ref _calls) % 3 == 0)
            exchange.Engine.Owner.StepAside();
        else
            Thread.Yield();
    }

    private async ValueTask<Http2Response> LengthAsync(Http2Request request, CancellationToken cancellation)
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
