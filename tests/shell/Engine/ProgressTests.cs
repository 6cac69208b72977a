using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Deadlines over a transport that tells what it knows of the peer.</summary>
public sealed class ProgressTests
{
    private static readonly ConnectionOptions WideOpen =
        ConnectionOptions.Default with { InitialStreamWindow = int.MaxValue, InitialConnectionWindow = int.MaxValue };

    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);

    private Http2ServerOptions Options => new() { TimeProvider = _clock };

    [Fact]
    public async Task A_write_that_the_transport_does_not_take_waits_as_long_as_the_peer_acknowledges()
    {
        var (transport, client, served) = await ReportingTransport.ServeAsync(Options, Large, WideOpen);
        await client.RequestAsync("/");
        // Nothing is read, so the pipe is full; but what was sent before arrives bit by bit, as out of a send buffer of megabytes.
        transport.Unacknowledged = 4_000_000;
        for (var second = 0; second < 300; second++)
        {
            transport.Unacknowledged -= 10_000;
            await PassAsync(1);
            Assert.False(transport.IsClosed);
        }
        await PassUntilAsync(() => transport.IsClosed);
        await served.Soon();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_peer_out_of_reach_for_a_minute_is_waited_for_and_then_served()
    {
        var (transport, client, served) = await ReportingTransport.ServeAsync(Options, Large, WideOpen);
        var id = await client.RequestAsync("/");
        (transport.Unacknowledged, transport.IsUnreachable) = (500_000, true);
        await PassAsync(60);
        Assert.False(transport.IsClosed);
        (transport.Unacknowledged, transport.IsUnreachable) = (0, false);
        Assert.Equal(1_000_000, (await client.Body(id)).Length);
        await client.DisposeAsync();
        await served.Soon();
    }

    [Fact]
    public async Task A_response_whose_last_octets_are_on_their_way_is_not_held_against_its_window()
    {
        var (transport, client, served) = await ReportingTransport.ServeAsync(
            Options, Large, ConnectionOptions.Default with { InitialStreamWindow = 100 });
        client.AutoConsume = false;
        var id = await client.RequestAsync("/");
        await client.Response(id);
        await client.SettleAsync();
        transport.Unacknowledged = 50_000;
        for (var second = 0; second < 120; second++)
        {
            transport.Unacknowledged -= 400;
            await PassAsync(1);
        }
        await client.SettleAsync();
        Assert.False(client.Saw<ConnectionEvent.StreamClosed>());
        // Now it has everything, and gives no credit.
        transport.Unacknowledged = 0;
        var closed = client.Closed(id);
        await PassUntilAsync(() => closed.IsCompleted);
        Assert.Equal(ErrorCode.Cancel, await closed);
        await client.DisposeAsync();
        await served.Soon();
    }

    [Fact]
    public async Task A_peer_that_acknowledges_nothing_of_what_the_kernel_holds_is_cut()
    {
        var (transport, client, served) = await ReportingTransport.ServeAsync(
            Options, Large, ConnectionOptions.Default with { InitialStreamWindow = 100 });
        client.AutoConsume = false;
        await client.Response(await client.RequestAsync("/"));
        await client.SettleAsync();
        transport.Unacknowledged = 50_000;
        await PassUntilAsync(() => transport.IsClosed);
        await served.Soon();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task An_upload_of_a_host_that_sleeps_for_a_minute_is_waited_for()
    {
        var (transport, client, served) = await ReportingTransport.ServeAsync(Options, ReadAllAsync);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[100]);
        await client.SettleAsync();
        // The question that it is asked is not even acknowledged.
        (transport.Unacknowledged, transport.IsUnreachable) = (17, true);
        await PassAsync(60);
        (transport.Unacknowledged, transport.IsUnreachable) = (0, false);
        await client.DataAsync(id, new byte[1], endStream: true);
        Assert.Equal("101", await client.Text(id));
        await client.DisposeAsync();
        await served.Soon();
    }

    [Fact]
    public async Task An_upload_of_a_client_that_is_there_and_sends_nothing_is_ended()
    {
        var (_, client, served) = await ReportingTransport.ServeAsync(Options, ReadAllAsync);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[100]);
        await client.SettleAsync();
        var closed = client.Closed(id);
        await PassUntilAsync(() => closed.IsCompleted);
        Assert.Equal(ErrorCode.EnhanceYourCalm, await closed);
        await client.DisposeAsync();
        await served.Soon();
    }

    /// <summary>As a server finds it that was stopped for a while: all its deadlines are over, and the octets are there.</summary>
    [Fact]
    public async Task What_has_come_is_read_before_anything_is_missed()
    {
        var (transport, client, served) = await ReportingTransport.ServeAsync(Options, ReadAllAsync);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.SettleAsync();
        transport.Readable = 9;
        _clock.Advance(TimeSpan.FromSeconds(40));
        await client.SettleAsync();
        Assert.False(client.Saw<ConnectionEvent.StreamClosed>());
        await client.DataAsync(id, new byte[10_000]);
        await client.SettleAsync();
        transport.Readable = 0;
        await PassAsync(20);
        await client.SettleAsync();
        await client.DataAsync(id, new byte[1], endStream: true);
        Assert.Equal("10001", await client.Text(id));
        await client.DisposeAsync();
        await served.Soon();
    }

    [Fact]
    public async Task The_last_octets_of_a_connection_arrive_however_slowly()
    {
        var (transport, client, served) = await ReportingTransport.ServeAsync(Options, Large);
        await client.SettleAsync();
        transport.Unacknowledged = 100_000;
        await client.FrameAsync(0, 0, 0, 1);
        await client.Until<ConnectionEvent.GoAwayReceived>();
        for (var second = 0; second < 100; second++)
        {
            transport.Unacknowledged -= 1_000;
            Assert.False(transport.IsClosed);
            await PassAsync(1);
        }
        await PassUntilAsync(() => transport.IsClosed);
        await served.Soon();
        await client.DisposeAsync();
    }

    /// <summary>Only the answers that a client makes the server give by itself count against it so soon.</summary>
    [Fact]
    public async Task A_client_that_floods_with_PINGs_and_reads_nothing_is_cut_before_one_that_pauses()
    {
        var unlimited = new RateLimit(1_000_000, 1_000_000);
        var options = Options with
        {
            SendTimeout = TimeSpan.FromDays(1),
            Connection = ConnectionOptions.Default with { ControlFrameLimit = unlimited, GlitchLimit = unlimited },
        };
        var (transport, client, served) = await ReportingTransport.ServeAsync(options, Large);
        byte[] ping = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        // Most of it is never taken, so that nobody can wait for it.
        _ = client.RawAsync([.. Enumerable.Repeat(ping, 40_000).SelectMany(octets => octets)]);
        while (!transport.IsStuck)
            await Task.Yield();
        var stuckAt = _clock.GetUtcNow();
        await PassUntilAsync(() => transport.IsClosed || _clock.GetUtcNow() - stuckAt > TimeSpan.FromHours(12));
        Assert.True(transport.IsClosed);
        await served.Soon();
    }

    /// <summary>As a proxy does that is busy for a while: its requests are piled up, and nothing more is read.</summary>
    [Fact]
    public async Task A_client_that_pauses_while_its_requests_are_piled_up_is_not_taken_for_a_flood()
    {
        var options = Options with { SendTimeout = TimeSpan.FromDays(1), MaxUnsentPerConnection = 16_384 };
        var (transport, client, served) = await ReportingTransport.ServeAsync(
            options, (_, _) => new(new Http2Response(200, [], new byte[10_000])));
        var ids = new List<StreamId>();
        for (var i = 0; i < 90; i++)
            ids.Add(await client.RequestAsync("/"));
        while (!transport.IsStuck)
            await Task.Yield();
        await PassAsync(100);
        Assert.False(transport.IsClosed);
        foreach (var id in ids)
            Assert.Equal(10_000, (await client.Body(id)).Length);
        await client.DisposeAsync();
        await served.Soon();
    }

    private static ValueTask<Http2Response> Large(Http2Request request, CancellationToken cancellation) =>
        new(new Http2Response(200, [], new byte[1_000_000]));

    private static async ValueTask<Http2Response> ReadAllAsync(Http2Request request, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        await request.BodyStream.CopyToAsync(body, cancellation);
        return new Http2Response(200, [], body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    // Timers run on the thread that moves the clock; what they wake may run on others for a moment.
    private async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            for (var turn = 0; turn < 20; turn++)
                await Task.Yield();
        }
    }

    // Nothing tells when a timer was set on another thread, so the clock goes on until it was; how long it takes is the business of
    // SendProgressTests.
    private async Task PassUntilAsync(Func<bool> reached)
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (!reached())
        {
            Assert.False(late.IsCancellationRequested);
            await PassAsync(1);
        }
    }
}
