using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Threading.Channels;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class BackPressureTests
{
    private const int Window = 65_536;

    private static Http2ServerOptions Small { get; } = Serving.Loopback with
    {
        Connection = ConnectionOptions.Default with { InitialStreamWindow = Window, InitialConnectionWindow = 4 * Window },
    };

    [Fact]
    public async Task A_handler_that_does_not_consume_stops_the_client_at_the_window()
    {
        var handlers = new Handlers(() => new ScriptedHandler { ConsumesLater = true, Done_ = h => h.SendResponse(200, body: "all") });
        await using var serving = await Serving.StartAsync(handlers.Make, Small);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[3 * Window], endStream: true);
        await client.SettleAsync();
        await client.SettleAsync();
        Assert.Equal(2 * Window, client.Queued(id));
        var handler = Assert.Single(handlers.Made);
        Assert.Equal(Window, handler.Received.Length);
        handler.Consume(Window);
        await client.SettleAsync();
        await client.SettleAsync();
        Assert.Equal(Window, client.Queued(id));
        await Task.Run(() => handler.Consume(Window));
        Assert.Equal("all", await client.Text(id));
    }

    [Fact]
    public async Task A_delegate_that_does_not_read_stops_the_client_at_the_window()
    {
        var gate = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                await gate.Task;
                var total = 0L;
                while (true)
                {
                    var read = await request.Body.ReadAsync(cancellation);
                    total += read.Buffer.Length;
                    request.Body.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted)
                        return new Http2Response(200, [], $"{total}");
                }
            },
            Small);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[10 * Window], endStream: true);
        await client.SettleAsync();
        await client.SettleAsync();
        Assert.Equal(9 * Window, client.Queued(id));
        gate.SetResult();
        Assert.Equal($"{10 * Window}", await client.Text(id));
    }

    [Fact]
    public async Task A_stalled_stream_does_not_stall_the_others()
    {
        await using var serving = await Serving.StartAsync(ReadsUnlessItStalls, Small);
        await using var client = await RawClient.ConnectAsync(serving);
        var stalled = await client.RequestAsync("/stalls", "POST", endStream: false);
        await client.DataAsync(stalled, new byte[2 * Window], endStream: true);
        var other = await client.RequestAsync("/reads", "POST", endStream: false);
        await client.DataAsync(other, new byte[8 * Window], endStream: true);
        Assert.Equal("read", await client.Text(other));
        Assert.Equal(Window, client.Queued(stalled));
    }

    [Fact]
    public async Task Unread_data_of_reset_streams_do_not_use_up_the_connection()
    {
        await using var serving = await Serving.StartAsync(ReadsUnlessItStalls, Small);
        await using var client = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 20; i++)
        {
            var id = await client.RequestAsync("/stalls", "POST", endStream: false);
            await client.DataAsync(id, new byte[Window]);
            await client.SettleAsync();
            await client.ResetAsync(id, ErrorCode.Cancel);
            await client.SettleAsync();
        }
        var last = await client.RequestAsync("/reads", "POST", endStream: false);
        await client.DataAsync(last, new byte[8 * Window], endStream: true);
        Assert.Equal("read", await client.Text(last));
    }

    [Fact]
    public async Task A_reader_that_stops_stops_the_writer_and_is_cut_in_the_end()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var written = 0L;
        var flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var body = ResponseBody.Generate(memory =>
        {
            written += memory.Length;
            if (written > 200_000)
                flowing.TrySetResult();
            return BodyRead.Data(memory.Length);
        });
        var handlers = new Handlers(() => new ScriptedHandler { Headers_ = h => h.SendResponse(200, body: body) });
        await using var serving = await Serving.StartAsync(handlers.Make, Serving.Loopback with { TimeProvider = clock });
        var (ours, theirs) = PipeEnds.Create(pause: 200_000);
        var served = serving.Server.ServeAsync(theirs);
        await using var client = await RawClient.OverAsync(
            ours.AsStream(), ConnectionOptions.Default with { InitialStreamWindow = int.MaxValue, InitialConnectionWindow = int.MaxValue });
        await client.RequestAsync("/");
        await flowing.Task.Soon();
        // Nobody reads: the pipe takes what it takes, and then the send stands still until the clock says it is enough.
        while (!served.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }
        await served.Soon();
        Assert.NotEqual(ErrorCode.NoError, await handlers.Made[0].Closed.Soon());
        Assert.InRange(written, 65_000, 1_000_000);
    }

    /// <summary>A deadline is for a whole write, so that a large one would ask more of a slow reader than a small one.</summary>
    [Fact]
    public async Task A_reader_that_takes_its_time_gets_little_at_once_and_a_fast_one_much()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var writes = Channel.CreateUnbounded<int>();
        await using var serving = await Serving.StartAsync(
            (_, _) => new ValueTask<Http2Response>(new Http2Response(200, [], new byte[4 << 20])),
            Serving.Loopback with { TimeProvider = clock, FrameTap = new WriteTap(writes.Writer) });
        var (ours, theirs) = PipeEnds.Create();
        var served = serving.Server.ServeAsync(theirs);
        await using (var client = await RawClient.OverAsync(
            ours.AsStream(), ConnectionOptions.Default with { InitialStreamWindow = int.MaxValue, InitialConnectionWindow = int.MaxValue }))
        {
            await client.RequestAsync("/");
            Assert.InRange(await WriteAsync(), 60_000, 70_000);
            clock.Advance(TimeSpan.FromSeconds(2));
            await TakeAsync();
            Assert.InRange(await WriteAsync(), 60_000, 70_000);
            await TakeAsync();
            Assert.InRange(await WriteAsync(), 190_000, 210_000);
            clock.Advance(TimeSpan.FromSeconds(2));
            await TakeAsync();
            Assert.InRange(await WriteAsync(), 60_000, 70_000);
        }
        await served.Soon();

        // The next write of a body: the pipe holds less, so it waits for TakeAsync.
        async Task<int> WriteAsync()
        {
            int length;
            do
                length = await writes.Reader.ReadAsync().AsTask().Soon();
            while (length < 16_384);
            return length;
        }

        // What comes at once may be what was written before.
        async Task TakeAsync()
        {
            for (var taken = 0L; taken < 60_000;)
            {
                var read = (await ours.Input.ReadAsync().AsTask().Soon()).Buffer;
                taken += read.Length;
                ours.Input.AdvanceTo(read.End);
            }
        }
    }

    private sealed class WriteTap(ChannelWriter<int> writes) : Http2FrameTap
    {
        public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) => writes.TryWrite(octets.Length);
    }

    [Fact]
    public async Task Big_bodies_pass_both_ways_in_bounded_memory()
    {
        const int Size = 64 * 1024 * 1024;
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            if (request.Method == "GET")
                return new Http2Response(200, [], new PatternStream(Size));
            return new Http2Response(200, [], Convert.ToHexString(await SHA256.HashDataAsync(request.BodyStream, cancellation)));
        });
        var expected = Convert.ToHexString(await SHA256.HashDataAsync(new PatternStream(Size)));
        var client = serving.Client();
        using var download = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(Size, download.Content.Headers.ContentLength);
        Assert.Equal(expected, Convert.ToHexString(await SHA256.HashDataAsync(await download.Content.ReadAsStreamAsync())));
        var upload = await client.PostAsync("/", new StreamContent(new PatternStream(Size)));
        Assert.Equal(expected, await upload.Content.ReadAsStringAsync());
        Assert.Empty(serving.Log.Errors);
    }

    private static async ValueTask<Http2Response> ReadsUnlessItStalls(Http2Request request, CancellationToken cancellation)
    {
        if (request.Path == "/stalls")
            await Task.Delay(Timeout.Infinite, cancellation);
        await request.BodyStream.CopyToAsync(Stream.Null, cancellation);
        return new Http2Response(200, [], "read");
    }
}
