using System.IO.Pipelines;
using System.Net;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Handlers that read their body synchronously: the octets they wait for come over the connection that called them.</summary>
public sealed class SynchronousHandlerTests
{
    private const int Large = 300_000;

    /// <summary>How a handler reads.</summary>
    public enum Way
    {
        /// <summary><see cref="Stream.CopyTo(Stream)"/>.</summary>
        CopyTo,

        /// <summary><see cref="StreamReader.ReadToEnd"/>.</summary>
        ReadToEnd,

        /// <summary><see cref="Stream.ReadByte"/>.</summary>
        ReadByte,

        /// <summary>The result of an asynchronous read of the pipe, waited for.</summary>
        ResultOfPipe,

        /// <summary>The result of an asynchronous read of the stream, waited for.</summary>
        ResultOfStream,

        /// <summary>Synchronously, in what goes on after the first octets were awaited.</summary>
        AfterAwait,

        /// <summary>The same with results that are waited for.</summary>
        ResultAfterAwait,
    }

    public static TheoryData<Way, Http2Scheduling> Ways
    {
        get
        {
            var data = new TheoryData<Way, Http2Scheduling>();
            foreach (var way in Enum.GetValues<Way>())
            {
                data.Add(way, Http2Scheduling.EventLoops);
                data.Add(way, Http2Scheduling.ThreadPool);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_synchronous_read_waits_for_octets_of_its_own_connection(Way way, Http2Scheduling scheduling)
    {
        await using var serving = await Serving.StartAsync(Counts(way), Serving.Loopback with { Scheduling = scheduling });
        await using var client = await RawClient.ConnectAsync(serving);
        await PostInPartsAsync(client);
        Assert.Empty(serving.Log.Errors);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_synchronous_read_of_an_empty_body_sees_its_end(Way way, Http2Scheduling scheduling)
    {
        await using var serving = await Serving.StartAsync(Counts(way), Serving.Loopback with { Scheduling = scheduling });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal("0", await client.Text(await client.RequestAsync("/", "POST")));
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.SettleAsync();
        await client.DataAsync(id, default, endStream: true);
        Assert.Equal("0", await client.Text(id));
        // the end in the same segment as the head
        id = client.OpenUnsent();
        await client.RawAsync(
        [
            0, 0, 9, 1, 4, 0, 0, 0, (byte)id.Value, 0x83, 0x86, 0x84, 0x41, 4, .. "test"u8,
            0, 0, 0, 0, 1, 0, 0, 0, (byte)id.Value,
        ]);
        Assert.Equal("0", await client.Text(id));
    }

    [Theory]
    [InlineData(Way.CopyTo)]
    [InlineData(Way.ResultOfPipe)]
    [InlineData(Way.AfterAwait)]
    public async Task It_does_over_TLS(Way way)
    {
        await using var serving = await Serving.StartAsync(
            Counts(way), Serving.Loopback with { Tls = TestCertificate.Server });
        var client = serving.Client();
        var content = new SlowContent(Large);
        var answer = client.PostAsync("/", content);
        await content.FirstPartIsOut.Soon();
        Assert.Equal("0", await (await client.PostAsync("/", new ByteArrayContent([])).Soon()).Content.ReadAsStringAsync());
        content.GoOn();
        Assert.Equal($"{Large}", await (await answer.Soon()).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(Way.CopyTo, true)]
    [InlineData(Way.ResultOfPipe, true)]
    [InlineData(Way.AfterAwait, true)]
    [InlineData(Way.CopyTo, false)]
    [InlineData(Way.ResultOfStream, false)]
    [InlineData(Way.ResultAfterAwait, false)]
    public async Task It_does_over_transports_in_memory(Way way, bool asStream)
    {
        await using var serving = await Serving.StartAsync(Counts(way));
        var (ours, theirs) = PipeEnds.Create(pause: 1 << 20);
        var served = asStream ? serving.Server.ServeAsync(theirs.AsStream()) : serving.Server.ServeAsync(theirs);
        await using (var client = await RawClient.OverAsync(ours.AsStream()))
            await PostInPartsAsync(client);
        await served.Soon();
    }

    /// <summary>What the client sent before anybody served it is there at once; whoever serves must not be caught in its handler.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Serving_a_transport_that_has_octets_already_does_not_wait_for_a_handler_that_blocks(bool asStream)
    {
        var signals = new ReadSignals();
        await using var serving = await Serving.StartAsync(Counts(Way.CopyTo, signals));
        var (ours, theirs) = PipeEnds.Create(pause: 1 << 20);
        byte[] opening = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9, 1, 4, 0, 0, 0, 1, 0x83, 0x86, 0x84,
            0x41, 4, .. "test"u8];
        await ours.Output.WriteAsync(opening);
        var served = await Task.Run(() => asStream ? [serving.Server.ServeAsync(theirs.AsStream())] : new[] { serving.Server.ServeAsync(theirs) })
            .Soon();
        await signals.Begun.Soon();
        await ours.Output.WriteAsync(new byte[] { 0, 0, 2, 0, 1, 0, 0, 0, 1, 65, 66 });
        Assert.Equal(2, await signals.Counted.Soon());
        await ours.Output.CompleteAsync();
        await served[0].Soon();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_client_that_leaves_ends_the_read(Way way, Http2Scheduling scheduling)
    {
        var reading = new ReadSignals();
        await using var serving = await Serving.StartAsync(Counts(way, reading), Serving.Loopback with { Scheduling = scheduling });
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            var id = await client.RequestAsync("/", "POST", endStream: false);
            await client.DataAsync(id, new byte[1000]);
            await reading.Begun.Soon();
            await client.SettleAsync();
        }
        Assert.IsType<Http2StreamClosedException>(await reading.Failed.Soon());
        await serving.NothingIsHeldAsync();
    }

    [Theory]
    [InlineData(Way.CopyTo)]
    [InlineData(Way.ResultOfPipe)]
    [InlineData(Way.AfterAwait)]
    public async Task A_reset_ends_the_read_and_harms_nothing_else(Way way)
    {
        var reading = new ReadSignals();
        await using var serving = await Serving.StartAsync(Counts(way, reading));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[1000]);
        await reading.Begun.Soon();
        await client.SettleAsync();
        await client.ResetAsync(id, ErrorCode.Cancel);
        Assert.IsType<Http2StreamClosedException>(await reading.Failed.Soon());
        await PostInPartsAsync(client);
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task Stopping_cuts_a_read_that_waits()
    {
        var reading = new ReadSignals();
        await using var serving = await Serving.StartAsync(Counts(Way.CopyTo, reading));
        await using var client = await RawClient.ConnectAsync(serving);
        await client.RequestAsync("/", "POST", endStream: false);
        await reading.Begun.Soon();
        await client.SettleAsync();
        using var now = new CancellationTokenSource();
        var stopping = serving.Server.StopAsync(now.Token);
        // GOAWAY goes out while the handler waits
        await client.Until<ConnectionEvent.GoAwayReceived>();
        await now.CancelAsync();
        await stopping.Soon();
        Assert.IsType<Http2StreamClosedException>(await reading.Failed.Soon());
        await serving.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_hundred_clients_that_leave_in_the_midst_of_it_leave_nothing_behind()
    {
        await using var serving = await Serving.StartAsync(Counts(Way.CopyTo));
        for (var round = 0; round < 2; round++)
        {
            var clients = new List<RawClient>();
            for (var i = 0; i < 50; i++)
            {
                var client = await RawClient.ConnectAsync(serving);
                clients.Add(client);
                var id = await client.RequestAsync("/", "POST", endStream: false);
                await client.DataAsync(id, new byte[1000]);
            }
            foreach (var client in clients)
            {
                // the connection answers although its handler waits
                await client.SettleAsync();
                await client.DisposeAsync();
            }
            await serving.NothingIsHeldAsync();
        }
        Assert.Empty(serving.Log.Errors);
    }

    // The connection answers a PING while the handler waits, and serves other streams.
    private static async Task PostInPartsAsync(RawClient client)
    {
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.SettleAsync();
        await client.DataAsync(id, new byte[1000]);
        await client.SettleAsync();
        Assert.Equal("0", await client.Text(await client.RequestAsync("/", "POST")));
        await client.DataAsync(id, new byte[Large - 1000]);
        await client.SettleAsync();
        await client.DataAsync(id, default, endStream: true);
        Assert.Equal($"{Large}", await client.Text(id));
    }

    private static Func<Http2Request, CancellationToken, ValueTask<Http2Response>> Counts(Way way, ReadSignals? signals = null) =>
        async (request, _) =>
        {
            try
            {
                var count = await CountAsync(way, request, signals);
                signals?.End(count);
                return new Http2Response(200, [], $"{count}");
            }
            catch (Exception failure)
            {
                signals?.Fail(failure is AggregateException several ? several.InnerException! : failure);
                throw;
            }
        };

    private static async Task<long> CountAsync(Way way, Http2Request request, ReadSignals? signals)
    {
        signals?.Begin();
        switch (way)
        {
            case Way.CopyTo:
                var all = new MemoryStream();
                request.BodyStream.CopyTo(all);
                return all.Length;
            case Way.ReadToEnd:
                using (var reader = new StreamReader(request.BodyStream))
                    return reader.ReadToEnd().Length;
            case Way.ReadByte:
                return CountBytes(request.BodyStream);
            case Way.ResultOfPipe:
                return CountResults(request.Body);
            case Way.ResultOfStream:
                var buffer = new byte[10_000];
                long count = 0;
                while (request.BodyStream.ReadAsync(buffer).AsTask().Result is var read and > 0)
                    count += read;
                return count;
            case Way.AfterAwait:
                var first = await request.BodyStream.ReadAsync(new byte[100]).ConfigureAwait(false);
                return first == 0 ? 0 : first + CountBytes(request.BodyStream);
            default:
                first = await request.BodyStream.ReadAsync(new byte[100]).ConfigureAwait(false);
                return first == 0 ? 0 : first + CountResults(request.Body);
        }
    }

    private static long CountBytes(Stream stream)
    {
        long count = 0;
        while (stream.ReadByte() >= 0)
            count++;
        return count;
    }

    private static long CountResults(PipeReader body)
    {
        for (long count = 0; ;)
        {
            var read = body.ReadAsync().AsTask().Result;
            count += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return count;
        }
    }
}
