using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How much a client may send of a request's body, by what its reader has done.</summary>
public sealed class RequestCreditTests
{
    private const int Window = 256 * 1024;
    private const int Body = 1_000_000;

    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hasRead = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_client_gets_credit_for_what_was_taken_and_for_no_more()
    {
        const int Part = 10_000;
        const int Parts = 12;
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            for (var i = 0; i < Parts; i++)
            {
                var read = await request.Body.ReadAtLeastAsync(Part, CancellationToken.None);
                request.Body.AdvanceTo(read.Buffer.GetPosition(Part));
            }
            _hasRead.SetResult();
            await _goOn.Task;
            return new Http2Response(200);
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[Body], endStream: true);
        await client.UntilAsync(_hasRead.Task);
        Assert.InRange(Body - client.Queued(id), Window + Part, Window + Parts * Part);
        _goOn.SetResult();
        Assert.Equal(200, (await client.Response(id)).Head.Status);
    }

    /// <summary>A handler need not say that it is done with a body of which nothing more comes.</summary>
    [Fact]
    public async Task What_was_looked_at_counts_for_nothing_when_its_stream_has_ended()
    {
        const int Part = 10_000;
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            var read = await request.Body.ReadAtLeastAsync(Part, CancellationToken.None);
            request.Body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            _hasRead.SetResult();
            await _goOn.Task;
            return new Http2Response(200);
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[Part]);
        await client.UntilAsync(_hasRead.Task);
        var share = serving.Server.Connections.Single().Share;
        Assert.Equal(Part, share.LookAhead.Octets);
        await client.ResetAsync(id, ErrorCode.Cancel);
        await client.SettleAsync();
        Assert.Equal(0, share.LookAhead.Octets);
        _goOn.SetResult();
    }

    [Fact]
    public async Task What_a_reader_that_is_done_leaves_does_not_keep_the_client_from_going_on()
    {
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            await _goOn.Task;
            await request.Body.CompleteAsync();
            await _hasRead.Task;
            return new Http2Response(200);
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[Body], endStream: true);
        // as much has come as may while nobody reads
        await client.SettleAsync();
        Assert.Equal(Window, Body - client.Queued(id));
        _goOn.SetResult();
        for (var started = Environment.TickCount64; client.Queued(id) > 0 && Environment.TickCount64 - started < Patience.Time.TotalMilliseconds;)
            await client.SettleAsync();
        Assert.Equal(0, client.Queued(id));
        _hasRead.SetResult();
        Assert.Equal(200, (await client.Response(id)).Head.Status);
    }
}

/// <summary>What a client reads while the test waits for something else.</summary>
internal static class ClientReading
{
    /// <summary>Reads what comes, until a task is over and all was seen that the server had to send by then.</summary>
    public static async Task UntilAsync(this RawClient client, Task over)
    {
        for (var started = Environment.TickCount64; !over.IsCompleted && Environment.TickCount64 - started < Patience.Time.TotalMilliseconds;)
            await client.SettleAsync();
        await over.Soon();
        await client.SettleAsync();
    }
}
