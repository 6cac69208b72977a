using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A body is as long as was declared, or its stream is reset and the log names both lengths; a source that failed is left alone.</summary>
public sealed class BodyLengthTests
{
    public static TheoryData<string, int> Wrong
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var kind in new[] { "chunks", "late chunks", "written", "generated", "last", "header", "given" })
            {
                data.Add(kind, 5);
                data.Add(kind, 15);
                data.Add(kind, 11);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_body_that_is_not_as_long_as_declared_resets_its_stream_and_the_log_names_both(string kind, int length)
    {
        await using var serving = await Serving.StartAsync((request, _) => new(request.Path == "/good"
            ? new Http2Response(200, [], "good")
            : Declaring(kind, 10, Encoding.ASCII.GetBytes(new string('x', length)))));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        Assert.Equal(ErrorCode.InternalError, await client.Closed(id));
        var response = await client.Response(id);
        Assert.Equal("10", RawClient.Value(response.Head.Fields, "content-length"));
        // Whoever counts octets and does not wait for the end must not take it for complete.
        Assert.False(client.Saw<ConnectionEvent.DataReceived>(d => d.Id == id && d.Data.Length >= 10));
        var line = Assert.Single(serving.Log.Errors);
        Assert.Contains("content-length of 10 was declared", line);
        Assert.Contains(length < 10 ? $"ended after {length}" : "goes on", line);
        Assert.Equal("good", await client.Text(await client.RequestAsync("/good")));
    }

    [Theory]
    [InlineData("chunks")]
    [InlineData("late chunks")]
    [InlineData("written")]
    [InlineData("generated")]
    [InlineData("last")]
    [InlineData("header")]
    [InlineData("given")]
    public async Task A_body_that_is_as_long_as_declared_arrives_whole(string kind)
    {
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            var octets = new byte[int.Parse(request.Path[1..])];
            Random.Shared.NextBytes(octets);
            return new(Declaring(kind, octets.Length, octets));
        });
        await using var client = await RawClient.ConnectAsync(serving);
        foreach (var length in new[] { 0, 1, 1024, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 64 * 1024, 300_000 })
        {
            var id = await client.RequestAsync($"/{length}");
            var body = await client.Body(id);
            Assert.Equal(length, body.Length);
            Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        }
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task A_field_and_a_body_that_disagree_are_answered_with_500_before_anything_is_sent()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(
            200, [("content-length", "7")], request.Path == "/stream" ? new WatchedStream(new byte[5]) : new byte[300_000])));
        await using var client = await RawClient.ConnectAsync(serving);
        foreach (var path in new[] { "/stream", "/fixed" })
            Assert.Equal(500, (await client.Response(await client.RequestAsync(path))).Head.Status);
        Assert.All(serving.Log.Errors, line => Assert.Contains("content-length of 7 was declared", line));
    }

    [Fact]
    public async Task What_is_appended_to_a_stream_of_known_length_is_not_part_of_it()
    {
        var stream = new MemoryStream();
        stream.Write(new byte[10]);
        stream.Position = 0;
        ResponseBody body = stream;
        stream.SetLength(20);
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], body)));
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(10, (await client.Body(await client.RequestAsync("/"))).Length);
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task A_source_that_failed_late_is_not_asked_again_and_is_logged_once()
    {
        var asked = 0;
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], new FailingLate(() => asked++))));
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(ErrorCode.InternalError, await client.Closed(await client.RequestAsync("/")));
        await client.SettleAsync();
        Assert.Equal(1, asked);
        Assert.Contains("failed late", Assert.Single(serving.Log.Errors));
    }

    [Fact]
    public async Task A_writer_that_has_nothing_to_say_for_once_is_heard_again()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], ResponseBody.Write(async (pipe, stop) =>
        {
            await pipe.FlushAsync(stop);
            await Task.Yield();
            await pipe.FlushAsync(stop);
            await pipe.WriteAsync("said"u8.ToArray(), stop);
        }))));
        Assert.Equal("said", await serving.Client().GetStringAsync("/"));
    }

    private static Http2Response Declaring(string kind, int declared, byte[] octets)
    {
        if (kind == "header")
            return new Http2Response(200, [("content-length", $"{declared}")], new WatchedStream(octets, seekable: false));
        return new Http2Response(200, [], kind switch
        {
            "chunks" => ResponseBody.From(Chunks(octets, late: false), declared),
            "given" => ResponseBody.From(new WatchedStream(octets, seekable: octets.Length % 2 == 0), declared),
            "late chunks" => ResponseBody.From(Chunks(octets, late: true), declared),
            "written" => ResponseBody.Write(
                async (pipe, stop) =>
                {
                    foreach (var part in octets.Chunk(10))
                        await pipe.WriteAsync(part, stop);
                },
                declared),
            _ => Generated(declared, octets, endsWithLast: kind == "last"),
        });
    }

    private static GeneratedBody Generated(int declared, byte[] octets, bool endsWithLast)
    {
        var at = 0;
        return ResponseBody.Generate(
            memory =>
            {
                var part = Math.Min(memory.Length, octets.Length - at);
                if (part == 0)
                    return BodyRead.End;
                octets.AsSpan(at, part).CopyTo(memory.Span);
                at += part;
                return endsWithLast && at == octets.Length ? BodyRead.Last(part) : BodyRead.Data(part);
            },
            declared);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(byte[] octets, bool late)
    {
        foreach (var part in octets.Chunk(10))
        {
            if (late)
                await Task.Yield();
            yield return part;
        }
        if (late)
            await Task.Yield();
    }

    private sealed class FailingLate(Action asked) : AsyncStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            asked();
            await Task.Yield();
            throw new InvalidTimeZoneException("failed late");
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
