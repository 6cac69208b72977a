using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text.Json;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Readers of requests' bodies get credit for all that they read or wait for, whatever others hold.</summary>
public sealed class RequestBodyTests
{
    private const int Window = 256 * 1024;

    private static async ValueTask<Http2Response> AnswerAsync(Http2Request request, CancellationToken cancellation) => new(
        200, [], $"{await (request.Path switch
        {
            "/at-least" => AtLeastAsync(request, cancellation),
            "/json" => JsonAsync(request, cancellation),
            "/json-stream" => JsonStreamAsync(request, cancellation),
            "/messages" => MessagesAsync(request, cancellation),
            "/never" => NeverAsync(cancellation),
            _ => DrainAsync(request, cancellation),
        })}");

    public static TheoryData<string, int> Waiting => new()
    {
        { "/at-least", Window }, { "/at-least", Window + 1 }, { "/at-least", 5_000_000 },
        { "/json", 263_000 }, { "/json", 3_000_000 }, { "/json-stream", 3_000_000 },
        { "/messages", 100_000 }, { "/messages", 140_000 }, { "/messages", 1_000_000 }, { "/messages", 4 * 1024 * 1024 },
    };

    [Theory]
    [MemberData(nameof(Waiting))]
    public async Task A_reader_that_waits_for_a_message_larger_than_the_window_gets_it(string path, int size)
    {
        await using var serving = await Serving.StartAsync(AnswerAsync);
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal($"{size}", await client.Text(await PostAsync(client, path, size)));
        Assert.Empty(serving.Log.Errors);
        await UntilNothingIsUnread(serving);
    }

    [Fact]
    public async Task A_body_that_is_read_comes_whole_while_all_other_streams_hold_a_window_each()
    {
        await using var serving = await Serving.StartAsync(AnswerAsync);
        await using var client = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 98; i++)
            await PostAsync(client, "/never", Window);
        var large = await PostAsync(client, "/", 600_000);
        Assert.Equal("600000", await client.Text(large));
        Assert.Equal("10", await client.Text(await PostAsync(client, "/", 10)));
        Assert.Equal("3000000", await client.Text(await PostAsync(client, "/at-least", 3_000_000)));
        // The last DATA of all that fill their windows were sent before the last answer came.
        Assert.Equal(98L * Window, serving.Server.Load.UnreadOctets);
    }

    /// <summary>For a process whose memory runs short, and is there again.</summary>
    [Fact]
    public async Task A_bound_on_what_is_unread_can_be_set_while_the_connection_runs()
    {
        await using var serving = await Serving.StartAsync(AnswerAsync);
        await using var client = await RawClient.ConnectAsync(serving);
        await client.SettleAsync();
        var connection = Assert.Single(serving.Server.Connections);
        Bound(connection, 1);
        var ids = new List<StreamId>();
        for (var i = 0; i < 8; i++)
            ids.Add(await PostAsync(client, "/never", Window));
        await client.SettleAsync();
        await client.SettleAsync();
        // The connection's window and no more, as long as the bound is there.
        Assert.Equal(1 << 20, serving.Server.Load.UnreadOctets);
        Bound(connection, 0);
        Assert.Equal("10", await client.Text(await PostAsync(client, "/", 10)));
        await client.SettleAsync();
        await client.SettleAsync();
        Assert.Equal(8L * Window, serving.Server.Load.UnreadOctets);
        foreach (var id in ids)
            await client.ResetAsync(id, ErrorCode.Cancel);
        await UntilNothingIsUnread(serving);
    }

    [Fact]
    public async Task Many_readers_that_wait_at_once_all_get_what_they_wait_for()
    {
        await using var serving = await Serving.StartAsync(AnswerAsync);
        await using var client = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 20; i++)
            await PostAsync(client, "/never", Window);
        var waiting = new List<StreamId>();
        for (var i = 0; i < 20; i++)
            waiting.Add(await PostAsync(client, "/at-least", 1_000_000));
        foreach (var id in waiting)
            Assert.Equal("1000000", await client.Text(id));
    }

    [Theory]
    [InlineData("/at-least")]
    [InlineData("/messages")]
    [InlineData("/json")]
    public async Task A_reader_that_waits_for_more_than_it_may_keep_fails_at_once_with_the_option_named(string path)
    {
        var failure = new TaskCompletionSource<Exception>();
        await using var serving = await Serving.StartAsync(Watched(failure), Serving.Loopback with { MaxExaminedPerRequest = 500_000 });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(500, (await client.Response(await PostAsync(client, path, 900_000))).Head.Status);
        var thrown = Assert.IsType<Http2BodyBufferException>(await failure.Task.Soon());
        Assert.Contains("MaxExaminedPerRequest (500000)", thrown.Message);
        Assert.Equal("400000", await client.Text(await PostAsync(client, path, 400_000)));
    }

    /// <summary>Some go on, the others fail; nobody waits for ever, and what was held is given back.</summary>
    [Fact]
    public async Task Readers_that_wait_for_more_than_their_connection_may_keep_fail_and_the_others_go_on()
    {
        var failure = new TaskCompletionSource<Exception>();
        await using var serving = await Serving.StartAsync(Watched(failure), Serving.Loopback with { MaxExaminedPerConnection = 2_000_000 });
        await using var client = await RawClient.ConnectAsync(serving);
        var waiting = new List<StreamId>();
        for (var i = 0; i < 6; i++)
            waiting.Add(await PostAsync(client, "/at-least", 900_000));
        var answers = new List<string>();
        foreach (var id in waiting)
            answers.Add(await client.Text(id));
        Assert.Contains("900000", answers);
        Assert.Contains("500 Internal Server Error\n", answers);
        Assert.All(answers, answer => Assert.True(answer is "900000" or "500 Internal Server Error\n", answer));
        Assert.Contains("MaxExaminedPerConnection (2000000)", Assert.IsType<Http2BodyBufferException>(await failure.Task.Soon()).Message);
        Assert.Equal("1900000", await client.Text(await PostAsync(client, "/at-least", 1_900_000)));
        await UntilNothingIsUnread(serving);
    }

    [Fact]
    public async Task What_is_looked_at_before_the_end_can_be_read_after_it()
    {
        var seen = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            var read = await request.Body.ReadAtLeastAsync(1000, cancellation);
            request.Body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            seen.SetResult();
            await ended.Task;
            return new(200, [], $"{await AtLeastAsync(request, cancellation)}");
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[1000]);
        await seen.Task.Soon();
        await client.DataAsync(id, new byte[500], endStream: true);
        await client.SettleAsync();
        ended.SetResult();
        Assert.Equal("1500", await client.Text(id));
    }

    [Fact]
    public async Task A_read_that_is_cancelled_loses_nothing_and_gives_no_credit()
    {
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            request.Body.CancelPendingRead();
            var cancelled = await request.Body.ReadAsync(cancellation);
            request.Body.AdvanceTo(cancelled.Buffer.Start);
            Assert.True(cancelled.IsCanceled);
            ReadResult read;
            while (!request.Body.TryRead(out read))
                await Task.Yield();
            request.Body.AdvanceTo(read.Buffer.Start);
            return new(200, [], $"{await DrainAsync(request, cancellation)}");
        });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal("1000000", await client.Text(await PostAsync(client, "/", 1_000_000)));
    }

    private static Func<Http2Request, CancellationToken, ValueTask<Http2Response>> Watched(TaskCompletionSource<Exception> failure) =>
        async (request, cancellation) =>
        {
            try
            {
                return await AnswerAsync(request, cancellation);
            }
            catch (Exception thrown) when (thrown is not OperationCanceledException)
            {
                failure.TrySetResult(thrown);
                throw;
            }
        };

    /// <summary>A body of so many octets that each kind of reader understands.</summary>
    private static async Task<StreamId> PostAsync(RawClient client, string path, int size)
    {
        var body = new byte[size];
        if (path.StartsWith("/json", StringComparison.Ordinal))
        {
            body.AsSpan().Fill((byte)'a');
            body[0] = body[^1] = (byte)'"';
        }
        else if (path == "/messages")
        {
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), size - 5);
        }
        var id = await client.RequestAsync(path, "POST", endStream: false);
        await client.DataAsync(id, body, endStream: path != "/never");
        return id;
    }

    private static async Task<long> AtLeastAsync(Http2Request request, CancellationToken cancellation)
    {
        var read = await request.Body.ReadAtLeastAsync(int.MaxValue, cancellation);
        var length = read.Buffer.Length;
        request.Body.AdvanceTo(read.Buffer.End);
        return length;
    }

    private static async Task<long> JsonAsync(Http2Request request, CancellationToken cancellation) =>
        (await JsonSerializer.DeserializeAsync<string>(request.Body, cancellationToken: cancellation))!.Length + 2;

    private static async Task<long> JsonStreamAsync(Http2Request request, CancellationToken cancellation) =>
        (await JsonSerializer.DeserializeAsync<string>(request.BodyStream, cancellationToken: cancellation))!.Length + 2;

    /// <summary>Messages in gRPC's frames, each taken only when it is whole.</summary>
    private static async Task<long> MessagesAsync(Http2Request request, CancellationToken cancellation)
    {
        for (var sum = 0L; ;)
        {
            var read = await request.Body.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (rest.Length >= 5)
            {
                var prefix = new byte[5];
                rest.Slice(0, 5).CopyTo(prefix);
                var length = BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1)) + 5;
                if (rest.Length < length)
                    break;
                sum += length;
                rest = rest.Slice(length);
            }
            request.Body.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
                return rest.IsEmpty ? sum : throw new InvalidDataException("the last message is cut off");
        }
    }

    private static async Task<long> DrainAsync(Http2Request request, CancellationToken cancellation)
    {
        for (var sum = 0L; ;)
        {
            var read = await request.Body.ReadAsync(cancellation);
            sum += read.Buffer.Length;
            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return sum;
        }
    }

    private static async Task<long> NeverAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return 0;
    }

    private static void Bound(Http2Connection connection, long octets) => connection.Owner.RunAsOwner(() =>
    {
        connection.Core.BoundUnread(octets);
        return true;
    });

    private static async Task UntilNothingIsUnread(Serving serving)
    {
        var until = DateTime.UtcNow + Patience.Time;
        while (serving.Server.Load.UnreadOctets > 0 && DateTime.UtcNow < until)
            await Task.Yield();
        Assert.Equal(0, serving.Server.Load.UnreadOctets);
    }
}
