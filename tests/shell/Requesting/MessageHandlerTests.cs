using System.Net;
using System.Net.Http.Json;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Our connections under HttpClient.</summary>
public sealed class MessageHandlerTests
{
    private static readonly string[] Items = ["a", "b"];

    [Fact]
    public async Task A_GET_has_status_headers_and_content_as_HttpClient_sorts_them()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(
            200, [("content-type", "text/plain"), ("x-one", "1"), ("x-two", "2a"), ("x-two", "2b"), ("x-path", request.Target)], "hello")));
        using var client = Client(serving);
        using var response = await client.GetAsync("/a?b=c").Soon();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(5, response.Content.Headers.ContentLength);
        Assert.Equal(["2a", "2b"], response.Headers.GetValues("x-two"));
        Assert.Equal("/a?b=c", response.Headers.GetValues("x-path").Single());
        Assert.Equal("hello", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Request_headers_come_as_they_were_set()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(
            200, [], string.Join('|', request.Host, request.Headers["user-agent"], request.Headers["cookie"], request.Headers["content-type"],
                request.Headers["te"], string.Join('+', request.Headers.GetValues("accept")), request.Headers.Contains("connection")))));
        using var client = Client(serving);
        using var message = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("x", Encoding.UTF8, "text/x"), Version = new(2, 0) };
        message.Headers.Host = "example.org";
        message.Headers.UserAgent.ParseAdd("one/1 two/2");
        message.Headers.Add("cookie", "a=b");
        message.Headers.Accept.ParseAdd("text/a");
        message.Headers.Accept.ParseAdd("text/b");
        message.Headers.TE.ParseAdd("trailers");
        message.Headers.Connection.ParseAdd("keep-alive");
        using var response = await client.SendAsync(message).Soon();
        Assert.Equal("example.org|one/1 two/2|a=b|text/x; charset=utf-8|trailers|text/a, text/b|False", await response.Content.ReadAsStringAsync());
    }

    public static TheoryData<string> Kinds => ["bytes", "large bytes", "string", "stream", "json", "form", "multipart", "none"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Contents_of_every_kind_are_sent(string kind)
    {
        await using var serving = await Serving.StartAsync(async (request, _) =>
            new Http2Response(200, [("x-length", $"{request.ContentLength}")], await RequestTests.BytesAsync(request.Body)));
        using var client = Client(serving);
        var large = new byte[1_000_000];
        Random.Shared.NextBytes(large);
        HttpContent? Make() => kind switch
        {
            "bytes" => new ByteArrayContent([1, 2, 3]),
            "large bytes" => new ByteArrayContent(large),
            "string" => new StringContent("text"),
            "stream" => new StreamContent(new MemoryStream([4, 5, 6])),
            "json" => JsonContent.Create(Items),
            "form" => new FormUrlEncodedContent([new("a", "b")]),
            "multipart" => new MultipartContent("mixed", "boundary") { new StringContent("part") },
            _ => null,
        };
        using var expected = Make();
        using var response = await client.PostAsync("/", Make()).Soon();
        Assert.Equal(expected is null ? [] : await expected.ReadAsByteArrayAsync(), await response.Content.ReadAsByteArrayAsync().Soon());
    }

    [Fact]
    public async Task A_body_can_be_read_while_it_comes_and_its_end_brings_the_trailers()
    {
        var more = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], ResponseBody.Write(async (writer, _) =>
        {
            await writer.WriteAsync("first"u8.ToArray());
            await more.Task;
            await writer.WriteAsync("second"u8.ToArray());
        })) { Trailers = [("x-end", "yes")] }));
        using var client = Client(serving);
        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).Soon();
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[100];
        Assert.Equal(5, await body.ReadAsync(buffer).AsTask().Soon());
        Assert.Empty(response.TrailingHeaders);
        more.SetResult();
        Assert.Equal(6, await body.ReadAsync(buffer).AsTask().Soon());
        Assert.Equal(0, await body.ReadAsync(buffer).AsTask().Soon());
        Assert.Equal("yes", response.TrailingHeaders.GetValues("x-end").Single());
    }

    [Theory]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrLower, false)]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionExact, false)]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrHigher, true)]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrLower, true)]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionExact, true)]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrHigher, true)]
    [InlineData("3.0", HttpVersionPolicy.RequestVersionOrLower, true)]
    [InlineData("3.0", HttpVersionPolicy.RequestVersionExact, false)]
    public async Task The_version_policy_is_honoured(string version, HttpVersionPolicy policy, bool isSent)
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200)));
        using var client = Client(serving);
        using var message = new HttpRequestMessage(HttpMethod.Get, "/") { Version = new(version), VersionPolicy = policy };
        if (isSent)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(message).Soon()).StatusCode);
            return;
        }
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(message).Soon());
        Assert.Equal(HttpRequestError.VersionNegotiationError, failure.HttpRequestError);
        Assert.Contains("speaks HTTP/2 alone", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_request_resets_its_stream()
    {
        var reset = new TaskCompletionSource<ErrorCode>();
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            reset.SetResult(await request.Closed);
            return new Http2Response(200);
        });
        using var client = Client(serving);
        using var cancellation = new CancellationTokenSource();
        var getting = client.GetAsync("/", cancellation.Token);
        await serving.HasRequestAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting.Soon());
        Assert.Equal(ErrorCode.Cancel, await reset.Task.Soon());
    }

    [Fact]
    public async Task A_response_that_is_disposed_of_unread_resets_its_stream()
    {
        var reset = new TaskCompletionSource<ErrorCode>();
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            TellAsync(request).Forget();
            return new(new Http2Response(200, [], new PatternStream(100_000_000)));
        });
        using var client = Client(serving);
        (await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).Soon()).Dispose();
        Assert.Equal(ErrorCode.Cancel, await reset.Task.Soon());

        async Task TellAsync(Http2Request request) => reset.SetResult(await request.Closed);
    }

    [Fact]
    public async Task Expect_continue_waits_for_100_and_a_refusal_sends_no_body()
    {
        var came = 0L;
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            if (request.Path == "/no")
                return new Http2Response(417);
            came = (await RequestTests.BytesAsync(request.Body)).Length;
            return new Http2Response(200);
        });
        using var client = Client(serving);
        client.DefaultRequestHeaders.ExpectContinue = true;
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/", new StringContent("body")).Soon()).StatusCode);
        Assert.Equal(4, came);
        using var content = new StreamContent(new MessagePoolTests.OnceStream());
        Assert.Equal(HttpStatusCode.ExpectationFailed, (await client.PostAsync("/no", content).Soon()).StatusCode);
    }

    [Fact]
    public async Task A_server_that_nobody_can_reach_is_one_clear_line()
    {
        using var client = new HttpClient(new Http2MessageHandler()) { DefaultRequestVersion = HttpVersion.Version20 };
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("http://nobody.invalid/").Soon());
        Assert.Equal(HttpRequestError.ConnectionError, failure.HttpRequestError);
        Assert.StartsWith("cannot connect to http://nobody.invalid", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_priority_goes_out_with_its_request()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(200, [], request.Headers["priority"] ?? "none")));
        using var client = Client(serving);
        using var message = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20 };
        message.Options.Set(Http2MessageHandler.Priority, new Http2Priority(1, Incremental: true));
        Assert.Equal("u=1, i", await (await client.SendAsync(message).Soon()).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Pushes_are_told_to_whoever_asks_for_them()
    {
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            request.TryPush("/pushed", new Http2Response(200, [], "pushed"), out var pushed);
            return new(new Http2Response(200, [], $"{pushed}"));
        });
        var options = new Http2ClientOptions { Connection = ConnectionOptions.Default };
        using var client = Client(serving, new Http2MessageHandler(options));
        var came = new TaskCompletionSource<string>();
        using var message = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20 };
        message.Options.Set(Http2MessageHandler.Pushes, async pushed => came.SetResult($"{pushed.Request.Target} {await RequestTests.TextAsync(pushed)}"));
        (await client.SendAsync(message).Soon()).Dispose();
        Assert.Equal("/pushed pushed", await came.Task.Soon());
    }

    [Fact]
    public async Task The_synchronous_face_works()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(200, [], "sync")));
        using var client = Client(serving);
        using var message = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20 };
        using var response = await Task.Run(() => client.Send(message)).Soon();
        using var reader = new StreamReader(response.Content.ReadAsStream());
        Assert.Equal("sync", reader.ReadToEnd());
    }

    [Fact]
    public async Task A_lost_connection_fails_the_reading_of_a_body()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], new PatternStream(1L << 40))));
        using var client = Client(serving);
        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).Soon();
        foreach (var connection in serving.Server.Connections)
            connection.Stop.AtOnce();
        await Assert.ThrowsAnyAsync<HttpIOException>(async () => await (await response.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null).Soon());
    }

    internal static HttpClient Client(Serving serving, Http2MessageHandler? handler = null) => new(handler ?? new Http2MessageHandler())
    {
        BaseAddress = serving.Uri,
        DefaultRequestVersion = HttpVersion.Version20,
        Timeout = Patience.Time,
    };
}

file static class Requests
{
    public static void Forget(this Task task) => _ = task;

    /// <summary>Waits until a request is being handled.</summary>
    public static async Task HasRequestAsync(this Serving serving)
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (serving.Server.Load.Streams == 0)
            await Task.Delay(1, late.Token);
    }
}
