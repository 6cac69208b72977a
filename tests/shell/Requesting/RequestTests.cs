using System.IO.Pipelines;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A client's requests and their responses, with our server at the other end.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task A_request_is_answered()
    {
        await using var pair = ClientPair.Start(request => new(new Http2Response(200, [("x-method", request.Method)], $"hello {request.Target}")));
        var stream = await pair.Client.SendAsync(new("GET", "/a?b=c"));
        var head = await stream.Response.Soon();
        Assert.Equal(200, head.Status);
        Assert.Equal("GET", head.Headers["x-method"]);
        Assert.Equal(12, head.ContentLength);
        Assert.Equal("hello /a?b=c", await TextAsync(stream));
        Assert.Equal(ErrorCode.NoError, await stream.Closed.Soon());
        Assert.Equal(1u, stream.StreamId.Value);
        await pair.NothingIsHeldAsync();
    }

    [Fact]
    public async Task The_server_sees_what_the_connection_is_for()
    {
        await using var pair = ClientPair.Start(request => new(new Http2Response(200, [], $"{request.Scheme} {request.Host} {request.Path}")));
        Assert.Equal("http localhost /", await GetAsync(pair.Client, new()));
        Assert.Equal("https example.org:8443 /x", await GetAsync(pair.Client, new("GET", "/x") { Scheme = "https", Authority = "example.org:8443" }));
    }

    [Fact]
    public async Task Many_requests_at_a_time_are_answered_on_one_connection()
    {
        await using var pair = ClientPair.Start(async request =>
        {
            await Task.Yield();
            return new Http2Response(200, [], request.Path);
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => GetAsync(pair.Client, new("GET", $"/{i}"))))).Soon();
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"/{i}"), answers);
        Assert.Equal(500, pair.Client.Info.StreamsServed);
        await pair.NothingIsHeldAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16384)]
    [InlineData(16385)]
    [InlineData(3_000_000)]
    public async Task Bodies_of_any_length_go_up_and_come_back(int length)
    {
        await using var pair = ClientPair.Start(async request => new Http2Response(200, [], await BytesAsync(request.Body)));
        var body = new byte[length];
        Random.Shared.NextBytes(body);
        var stream = await pair.Client.SendAsync(new("POST", "/echo", null, body));
        Assert.Equal(200, (await stream.Response.Soon()).Status);
        Assert.Equal(body, await BytesAsync(stream.Body).Soon());
        await pair.NothingIsHeldAsync();
    }

    [Fact]
    public async Task Every_kind_of_body_is_sent()
    {
        await using var pair = ClientPair.Start(async request => new Http2Response(200, [], await BytesAsync(request.Body)));
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("pipe"u8.ToArray());
        await pipe.Writer.CompleteAsync();
        ResponseBody[] bodies =
        [
            "text", "octets"u8.ToArray(), new MemoryStream("stream"u8.ToArray()), ResponseBody.From(pipe.Reader), ResponseBody.From(ChunksAsync()),
            ResponseBody.Write(async (writer, cancellation) => await writer.WriteAsync("written"u8.ToArray(), cancellation)),
        ];
        List<string> answers = [];
        foreach (var body in bodies)
            answers.Add(await GetAsync(pair.Client, new("POST", "/", null, body)));
        Assert.Equal(["text", "octets", "stream", "pipe", "chunks", "written"], answers);
        await pair.NothingIsHeldAsync();

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync()
        {
            yield return "chu"u8.ToArray();
            await Task.Yield();
            yield return "nks"u8.ToArray();
        }
    }

    [Fact]
    public async Task Trailers_go_both_ways()
    {
        await using var pair = ClientPair.Start(async request =>
        {
            var body = await BytesAsync(request.Body);
            return new Http2Response(200, [], body) { Trailers = [("x-sum", request.Trailers["x-up"] + "!")] };
        });
        var stream = await pair.Client.SendAsync(new("POST", "/", null, "a") { Trailers = [("x-up", "1")] });
        Assert.Equal("a", await TextAsync(stream));
        await stream.Closed.Soon();
        Assert.Equal("1!", stream.Trailers["x-sum"]);
        var late = await pair.Client.SendAsync(
            new("POST", "/", null, new MemoryStream("b"u8.ToArray())) { TrailersAfterBody = () => [("x-up", "2")] });
        await late.Closed.Soon();
        Assert.Equal("2!", late.Trailers["x-sum"]);
    }

    [Fact]
    public async Task Informational_responses_come_before_the_final_one()
    {
        await using var pair = ClientPair.Start(request =>
        {
            request.SendInformational(103, [("link", "</a.css>")]);
            request.SendInformational(102);
            return new(new Http2Response(204));
        });
        var stream = await pair.Client.SendAsync(new());
        List<int> seen = [];
        await foreach (var head in stream.Informational)
            seen.Add(head.Status);
        Assert.Equal([103, 102], seen);
        Assert.Equal(204, (await stream.Response.Soon()).Status);
    }

    [Fact]
    public async Task HEAD_and_204_have_no_body()
    {
        await using var pair = ClientPair.Start(request => new(new Http2Response(request.Method == "HEAD" ? 200 : 204, [], "body")));
        var head = await pair.Client.SendAsync(new("HEAD", "/"));
        Assert.Equal(4, (await head.Response.Soon()).ContentLength);
        Assert.Empty(await BytesAsync(head.Body).Soon());
        var none = await pair.Client.SendAsync(new("GET", "/"));
        Assert.Equal(204, (await none.Response.Soon()).Status);
        Assert.Empty(await BytesAsync(none.Body).Soon());
    }

    [Fact]
    public async Task A_request_that_may_not_be_sent_says_why_and_the_connection_goes_on()
    {
        await using var pair = ClientPair.Start(_ => new(new Http2Response(200)));
        var refused = await Assert.ThrowsAsync<Http2MisuseException>(
            async () => await pair.Client.SendAsync(new("GET", "no path")));
        Assert.Equal(Refusal.InvalidField, refused.Refusal);
        await Assert.ThrowsAsync<Http2MisuseException>(
            async () => await pair.Client.SendAsync(new("POST", "/", [("content-length", "3")], "four")));
        Assert.Equal(200, (await (await pair.Client.SendAsync(new())).Response.Soon()).Status);
        await pair.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_ping_tells_the_round_trip()
    {
        await using var pair = ClientPair.Start(_ => new(new Http2Response(200)));
        Assert.InRange(await pair.Client.PingAsync().Soon(), TimeSpan.Zero, Patience.Time);
    }

    internal static async Task<string> GetAsync(Http2ClientConnection client, Http2ClientRequest request)
    {
        var stream = await client.SendAsync(request);
        await stream.Response.Soon();
        return await TextAsync(stream);
    }

    internal static async Task<string> TextAsync(Http2ClientStream stream) => Encoding.UTF8.GetString(await BytesAsync(stream.Body).Soon());

    internal static async Task<byte[]> BytesAsync(PipeReader reader)
    {
        var octets = new MemoryStream();
        await reader.CopyToAsync(octets);
        await reader.CompleteAsync();
        return octets.ToArray();
    }
}
