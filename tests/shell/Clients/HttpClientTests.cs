using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace Http2.Shell.Tests;

[Collection(DemoServerCollection.Name)]
public sealed class HttpClientTests(DemoServer server)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_hundred_requests_at_once_are_answered(bool tls)
    {
        using var client = MakeClient(tls);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => client.GetByteArrayAsync($"/bytes/{i * 100}")));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => i * 100), answers.Select(answer => answer.Length));
        Assert.All(
            answers,
            answer => Assert.All(answer.Index(), octet => Assert.Equal(Tool.BodyEndpoints.OctetAt(octet.Index), octet.Item)));
    }

    [Fact]
    public async Task Load_tells_only_what_is_given_back_and_limits_that_stay()
    {
        // A number that only grows would look like a leak to whoever compares: the conformance harness does, after each attack.
        using var client = MakeClient(tls: false);
        var load = await client.GetFromJsonAsync<Dictionary<string, long>>("/load");
        Assert.Equal(
            ["connections", "streams", "handlers", "buffers", "timers", "memory", "unread", "heldThreads"], load!.Keys.Where(name => !name.StartsWith("max")));
        Assert.Equal(Http2ProcessLimits.Current.Connections, load["maxConnections"]);
        Assert.Equal(Http2ProcessLimits.Current.LoopThreads, load["maxLoopThreads"]);
    }

    [Fact]
    public async Task Allocated_tells_octets_that_only_grow()
    {
        using var client = MakeClient(tls: false);
        var before = await client.GetFromJsonAsync<Dictionary<string, long>>("/allocated");
        var after = await client.GetFromJsonAsync<Dictionary<string, long>>("/allocated");
        // what bench/soak reads
        Assert.Equal(["allocated", "committed", "compiled", "fragmented", "heap"], after!.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(before!["allocated"], 1, after!["allocated"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_version_is_2_and_trailers_come(bool tls)
    {
        using var client = MakeClient(tls);
        using var response = await client.GetAsync("/trailers");
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal($"{body.Length}", Assert.Single(response.TrailingHeaders.GetValues("x-length")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), Assert.Single(response.TrailingHeaders.GetValues("x-sha256")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Echo_answers_while_the_request_is_still_being_sent(bool tls)
    {
        using var client = MakeClient(tls);
        var pipe = new Pipe();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo")
        {
            Content = new FlushedContent(pipe.Reader), Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy,
        };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var echo = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[5];
        foreach (var word in new[] { "alpha", "bravo", "delta" })
        {
            await pipe.Writer.WriteAsync(System.Text.Encoding.ASCII.GetBytes(word));
            await echo.ReadExactlyAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(word, System.Text.Encoding.ASCII.GetString(buffer));
        }
        await pipe.Writer.CompleteAsync();
        Assert.Equal(0, await echo.ReadAsync(buffer));
    }

    [Fact]
    public async Task Slow_requests_do_not_wait_for_each_other()
    {
        using var client = MakeClient(tls: false);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetStringAsync("/slow/400")));
        Assert.InRange(watch.ElapsedMilliseconds, 390, 15_000); // one after the other: 20 s
    }

    [Fact]
    public async Task A_request_given_up_does_no_harm_to_the_connection()
    {
        using var client = MakeClient(tls: false);
        using var impatient = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetStringAsync("/slow/10000", impatient.Token));
        Assert.Equal("Hello, World!", await client.GetStringAsync("/hello"));
    }

    [Fact]
    public async Task Upload_of_chunks_of_all_sizes_arrives()
    {
        using var client = MakeClient(tls: true);
        var body = RandomNumberGenerator.GetBytes(777_777);
        using var response = await client.PostAsync("/upload", new ByteArrayContent(body));
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(body.Length, json.GetProperty("length").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), json.GetProperty("sha256").GetString());
    }

    private HttpClient MakeClient(bool tls) => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    {
        BaseAddress = new Uri(server.Base(tls)),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(60),
    };

    // HttpClient keeps what it is given until it is flushed, the request's head included.
    private sealed class FlushedContent(PipeReader source) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            while (true)
            {
                var read = await source.ReadAsync();
                foreach (var segment in read.Buffer)
                    await stream.WriteAsync(segment);
                await stream.FlushAsync();
                source.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
