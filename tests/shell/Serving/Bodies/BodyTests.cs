using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class BodyTests
{
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(3_000_000);

    public static TheoryData<string, bool> Kinds => new()
    {
        { "octets", true }, { "memory", true }, { "stream", true }, { "hidden", false }, { "chunks", false },
        { "chunks with length", true }, { "generator", false }, { "generator with length", true }, { "file", true },
        { "part of a file", true }, { "written", false }, { "pipe", false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_large_body_of_any_kind_arrives_whole(string kind, bool hasLength)
    {
        using var file = new TemporaryFile(Large);
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], Make(kind, file.Path))));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        var response = await client.Response(id);
        Assert.Equal(hasLength ? $"{Large.Length}" : null, RawClient.Value(response.Head.Fields, "content-length"));
        Assert.Equal(Large, await client.Body(id));
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task Text_is_sent_as_UTF8_and_nothing_as_nothing()
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], request.Path == "/text" ? "Grüße, 世界" : null)));
        Assert.Equal("Grüße, 世界", await serving.Client().GetStringAsync("/text"));
        var nothing = await serving.Client().GetAsync("/none");
        Assert.Equal(0, nothing.Content.Headers.ContentLength);
        Assert.Empty(await nothing.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_stream_is_disposed_of_after_use_and_after_a_reset()
    {
        var whole = new WatchedStream(new byte[100]);
        var hanging = new WatchedStream(new byte[100], gate: new TaskCompletionSource().Task);
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], request.Path == "/whole" ? whole : hanging)));
        await using var client = await RawClient.ConnectAsync(serving);
        await client.Body(await client.RequestAsync("/whole"));
        await whole.Disposed.Soon();
        var id = await client.RequestAsync("/hanging");
        await client.Response(id);
        Assert.False(hanging.Disposed.IsCompleted);
        await client.ResetAsync(id, ErrorCode.Cancel);
        await hanging.Disposed.Soon();
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task An_empty_stream_is_an_empty_body()
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], new WatchedStream([], seekable: request.Path == "/seekable"))));
        Assert.Empty(await serving.Client().GetByteArrayAsync("/seekable"));
        Assert.Empty(await serving.Client().GetByteArrayAsync("/hidden"));
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("chunks")]
    [InlineData("generator")]
    [InlineData("written")]
    public async Task A_body_that_throws_resets_the_stream_and_is_logged(string kind)
    {
        await using var serving = await Serving.StartAsync((request, _) =>
            new(new Http2Response(200, [], request.Path == "/good" ? "good" : Throwing(kind))));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        Assert.Equal(ErrorCode.InternalError, await client.Closed(id));
        Assert.Contains(serving.Log.Errors, e => e.Contains("the stream failed"));
        Assert.Equal("good", await client.Text(await client.RequestAsync("/good")));
    }

    [Fact]
    public async Task A_stream_that_is_shorter_than_it_said_resets_the_stream()
    {
        await using var serving = await Serving.StartAsync((_, _) =>
            new(new Http2Response(200, [("content-length", "50")], new WatchedStream(new byte[10], seekable: false))));
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(ErrorCode.InternalError, await client.Closed(await client.RequestAsync("/")));
    }

    [Fact]
    public async Task A_deferred_generator_goes_on_when_it_is_resumed()
    {
        var left = new Queue<string>();
        var asked = new SemaphoreSlim(0);
        var ended = false;
        var body = ResponseBody.Generate(memory =>
        {
            lock (left)
            {
                if (left.TryDequeue(out var text))
                    return BodyRead.Data(Encoding.UTF8.GetBytes(text, memory.Span));
                asked.Release();
                return ended ? BodyRead.Last(0, [("x-end", "yes")]) : BodyRead.Deferred;
            }
        });
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], body)));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        await client.Response(id);
        foreach (var text in new[] { "one", "two", "three" })
        {
            Assert.True(await asked.WaitAsync(Patience.Time));
            lock (left)
                left.Enqueue(text);
            body.Resume();
            Assert.Equal(text, Encoding.UTF8.GetString((await client.Until<ConnectionEvent.DataReceived>()).Data.Span));
        }
        lock (left)
            ended = true;
        await Task.Run(body.Resume);
        Assert.Equal("yes", RawClient.Value((await client.Until<ConnectionEvent.TrailersReceived>()).Fields, "x-end"));
        body.Resume();
    }

    [Fact]
    public async Task A_generator_is_not_asked_for_more_than_the_client_takes()
    {
        long made = 0;
        var body = ResponseBody.Generate(memory =>
        {
            Interlocked.Add(ref made, memory.Length);
            return BodyRead.Data(memory.Length);
        });
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], body)));
        await using var client = await RawClient.ConnectAsync(serving, ConnectionOptions.Default with { InitialStreamWindow = 100_000 });
        client.AutoConsume = false;
        var id = await client.RequestAsync("/");
        await client.Response(id);
        await client.SettleAsync();
        // The window, and what is kept ready behind it.
        Assert.InRange(Volatile.Read(ref made), 100_000, 100_000 + 64 * 1024);
        await client.ConsumeAsync(id, 100_000);
        await client.SettleAsync();
        await client.SettleAsync();
        Assert.InRange(Volatile.Read(ref made), 200_000, 200_000 + 64 * 1024);
    }

    [Fact]
    public async Task Trailers_follow_any_body_and_are_computed_after_it()
    {
        long sum = 0;
        await using var serving = await Serving.StartAsync((request, _) => new(request.Path switch
        {
            "/fixed" => new Http2Response { Body = "abc", Trailers = [("x-fixed", "1")] },
            "/none" => new Http2Response { Trailers = [("x-none", "1")] },
            _ => new Http2Response
            {
                Body = ResponseBody.From(Counted()),
                TrailersAfterBody = () => [("x-sum", $"{sum}")],
            },
        }));
        await using var client = await RawClient.ConnectAsync(serving);
        async Task<string?> Trailer(string path, string name)
        {
            var id = await client.RequestAsync(path);
            return RawClient.Value((await client.Until<ConnectionEvent.TrailersReceived>(t => t.Id == id)).Fields, name);
        }
        Assert.Equal("1", await Trailer("/fixed", "x-fixed"));
        Assert.Equal("1", await Trailer("/none", "x-none"));
        Assert.Equal("300000", await Trailer("/sum", "x-sum"));

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Counted()
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Yield();
                sum += 100_000;
                yield return new byte[100_000];
            }
        }
    }

    [Fact]
    public async Task A_body_that_was_used_before_is_answered_with_500()
    {
        ResponseBody body = new MemoryStream([1, 2, 3]);
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], body)));
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal([1, 2, 3], await client.Body(await client.RequestAsync("/")));
        Assert.Equal(500, (await client.Response(await client.RequestAsync("/"))).Head.Status);
        Assert.Contains(serving.Log.Errors, e => e.Contains("used before"));
    }

    [Fact]
    public async Task Many_streams_share_the_connection_fairly()
    {
        var waiting = new List<ScriptedHandler>();
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                // Both are answered in one go, so that neither has a start.
                waiting.Add(h);
                if (waiting.Count == 2)
                    waiting.ForEach(w => w.SendResponse(200, body: Large));
            },
        });
        await using var client = await RawClient.ConnectAsync(
            serving, ConnectionOptions.Default with { InitialStreamWindow = 8_000_000, InitialConnectionWindow = 64_000_000 });
        var first = await client.RequestAsync("/");
        var second = await client.RequestAsync("/");
        await client.Response(second);
        // The second stream gets its first octets long before the first has all of its own.
        await client.Until<ConnectionEvent.DataReceived>(d => d.Id == second);
        Assert.False(client.Saw<ConnectionEvent.DataReceived>(d => d.Id == first && d.EndStream));
    }

    private static ResponseBody Make(string kind, string path) => kind switch
    {
        "octets" => Large,
        "memory" => (ReadOnlyMemory<byte>)Large,
        "stream" => new WatchedStream(Large),
        "hidden" => new WatchedStream(Large, seekable: false),
        "chunks" => ResponseBody.From(Chunks(77_777)),
        "chunks with length" => ResponseBody.From(Chunks(1_000), Large.Length),
        "generator" => ResponseBody.Generate(Pull()),
        "generator with length" => ResponseBody.Generate(Pull(), Large.Length),
        "file" => ResponseBody.FromFile(path),
        "part of a file" => ResponseBody.FromFile(File.OpenHandle(path), 0, Large.Length),
        "written" => ResponseBody.Write(async (writer, cancellation) =>
        {
            await foreach (var chunk in Chunks(40_000))
                await writer.WriteAsync(chunk, cancellation);
        }),
        _ => ResponseBody.From(PipeReader.Create(new MemoryStream(Large))),
    };

    private static ResponseBody Throwing(string kind) => kind switch
    {
        "stream" => new WatchedStream(new byte[200_000], failAt: 100_000),
        "chunks" => ResponseBody.From(FailingChunks()),
        "generator" => ResponseBody.Generate(_ => throw new InvalidTimeZoneException("the stream failed")),
        _ => ResponseBody.Write((_, _) => throw new InvalidTimeZoneException("the stream failed")),
    };

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(int size)
    {
        // One array for all chunks: it may be reused once the next is asked for.
        var chunk = new byte[size];
        for (var at = 0; at < Large.Length; at += size)
        {
            await Task.Yield();
            var part = Large.AsMemory(at, Math.Min(size, Large.Length - at));
            part.CopyTo(chunk);
            yield return chunk.AsMemory(0, part.Length);
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> FailingChunks()
    {
        yield return new byte[10];
        await Task.Yield();
        throw new InvalidTimeZoneException("the stream failed");
    }

    private static Func<Memory<byte>, BodyRead> Pull()
    {
        var at = 0;
        return memory =>
        {
            var part = Large.AsSpan(at, Math.Min(memory.Length, Large.Length - at));
            part.CopyTo(memory.Span);
            at += part.Length;
            return part.IsEmpty ? BodyRead.End : BodyRead.Data(part.Length);
        };
    }
}
