using System.Net;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A request whose body is larger than it may be gets 413 (RFC 9110 §15.5.14).</summary>
public sealed class BodyLimitTests
{
    private static Http2ServerOptions Limited { get; } = Serving.Loopback with { MaxRequestBodySize = 1000 };

    private static async ValueTask<Http2Response> ReadAsync(Http2Request request, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await request.BodyStream.CopyToAsync(body, cancellation);
        return new(200, [], $"{body.Length}");
    }

    [Theory]
    [InlineData("delegate")]
    [InlineData("echo")]
    [InlineData("handler")]
    public async Task A_declared_length_above_the_limit_gets_413_before_any_of_the_body_is_asked_for(string face)
    {
        var handlers = new Handlers(() => new ScriptedHandler { Done_ = h => h.SendResponse(200, body: $"{h.Received.Length}") });
        await using var serving = face switch
        {
            "handler" => await Serving.StartAsync(handlers.Make, Limited),
            "echo" => await Serving.StartAsync((request, _) => new(new Http2Response(200, [], ResponseBody.From(request.Body))), Limited),
            _ => await Serving.StartAsync(ReadAsync, Limited),
        };
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("content-length", "1001"));
        var response = await client.Response(id);
        Assert.Equal((413, true, "0"), (response.Head.Status, response.EndStream, RawClient.Value(response.Head.Fields, "content-length")));
        // The connection and other requests are as before; what is exactly as long as it may be is taken.
        var other = await client.RequestAsync("/", "POST", endStream: false, ("content-length", "1000"));
        await client.DataAsync(other, new byte[1000], endStream: true);
        Assert.Equal(face == "echo" ? new string('\0', 1000) : "1000", await client.Text(other));
        Assert.Empty(serving.Log.Errors);
        if (face == "handler")
            // the client has read the answer and acknowledged it, so the stream may have ended
            Assert.Equal(["headers"], handlers.Made[0].Calls.Where(call => call != "close NoError"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_passes_the_limit_undeclared_gets_413_when_it_does(bool asDelegate)
    {
        var handlers = new Handlers(() => new ScriptedHandler { Done_ = h => h.SendResponse(200, body: $"{h.Received.Length}") });
        await using var serving = asDelegate ? await Serving.StartAsync(ReadAsync, Limited) : await Serving.StartAsync(handlers.Make, Limited);
        await using var client = await RawClient.ConnectAsync(serving);
        var exact = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(exact, new byte[600]);
        await client.DataAsync(exact, new byte[400], endStream: true);
        Assert.Equal("1000", await client.Text(exact));
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[1000]);
        await client.SettleAsync();
        Assert.False(client.Saw<ConnectionEvent.ResponseReceived>(e => e.Id == id));
        await client.DataAsync(id, new byte[1]);
        Assert.Equal(413, (await client.Response(id)).Head.Status);
        Assert.Empty(serving.Log.Errors);
        if (!asDelegate)
            Assert.Equal(1000, handlers.Made[1].Received.Length);
    }

    [Fact]
    public async Task A_handler_that_catches_it_answers_as_it_likes()
    {
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                try
                {
                    return await ReadAsync(request, cancellation);
                }
                catch (Http2RequestTooLargeException tooLarge)
                {
                    return new(400, [], $"at most {tooLarge.Limit}");
                }
            },
            Limited);
        await using var client = await RawClient.ConnectAsync(serving);
        foreach (var declared in new HeaderField[][] { [("content-length", "5000")], [] })
        {
            var id = await client.RequestAsync("/", "POST", endStream: false, declared);
            await client.DataAsync(id, new byte[5000], endStream: true);
            Assert.Equal(400, (await client.Response(id)).Head.Status);
            Assert.Equal("at most 1000", await client.Text(id));
        }
    }

    [Fact]
    public async Task A_response_that_has_begun_ends_with_its_stream()
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], ResponseBody.From(request.Body))), Limited);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[1000]);
        Assert.Equal(200, (await client.Response(id)).Head.Status);
        await client.DataAsync(id, new byte[1]);
        Assert.Equal(ErrorCode.EnhanceYourCalm, await client.Closed(id));
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task A_response_that_is_complete_stays()
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler { Headers_ = h => h.SendResponse(200, body: "early") }, Limited);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[2000]);
        Assert.Equal("early", await client.Text(id));
        await client.DataAsync(id, new byte[100_000]);
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
    }

    /// <summary>Also when more than the server's limit has come by then.</summary>
    [Theory]
    [InlineData("100000", 100_000, "100000")]
    [InlineData("none", 100_000, "100000")]
    [InlineData("100", 101, null)]
    [InlineData("0", 1, null)]
    public async Task A_request_may_have_a_limit_of_its_own_until_its_body_is_read(string limit, int size, string? answer)
    {
        var come = new TaskCompletionSource();
        long? own = limit == "none" ? null : long.Parse(limit);
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                Assert.Equal(1000, request.MaxRequestBodySize);
                await come.Task;
                request.MaxRequestBodySize = own;
                Assert.Equal(own, request.MaxRequestBodySize);
                var response = await ReadAsync(request, cancellation);
                Assert.Throws<InvalidOperationException>(() => request.MaxRequestBodySize = 5);
                return response;
            },
            Limited);
        await using var client = await RawClient.ConnectAsync(serving);
        foreach (var declared in new HeaderField[][] { [("content-length", $"{size}")], [] })
        {
            var id = await client.RequestAsync("/", "POST", endStream: false, declared);
            await client.DataAsync(id, new byte[size], endStream: true);
            await client.SettleAsync();
            come.TrySetResult();
            var response = await client.Response(id);
            Assert.Equal(answer is null ? 413 : 200, response.Head.Status);
            if (answer is not null)
                Assert.Equal(answer, await client.Text(id));
        }
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task A_handler_class_sets_it_in_OnHeaders()
    {
        await using var serving = await Serving.StartAsync(
            () => new ScriptedHandler
            {
                Headers_ = h => h.MaxRequestBodySize = h.Path == "/more" ? 5000 : 10,
                Done_ = h =>
                {
                    Assert.Throws<InvalidOperationException>(() => h.MaxRequestBodySize = null);
                    h.SendResponse(200, body: $"{h.Received.Length}");
                },
            });
        await using var client = await RawClient.ConnectAsync(serving);
        foreach (var (path, size) in new[] { ("/more", 5000), ("/less", 10) })
        {
            var fits = await client.RequestAsync(path, "POST", endStream: false);
            await client.DataAsync(fits, new byte[size], endStream: true);
            Assert.Equal($"{size}", await client.Text(fits));
            var passes = await client.RequestAsync(path, "POST", endStream: false);
            await client.DataAsync(passes, new byte[size + 1], endStream: true);
            Assert.Equal(413, (await client.Response(passes)).Head.Status);
        }
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task What_a_handler_class_sends_after_the_413_is_dropped_and_it_is_told_of_the_end_once()
    {
        var handlers = new Handlers(() => new ScriptedHandler());
        await using var serving = await Serving.StartAsync(handlers.Make, Limited);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("content-length", "2000"));
        Assert.Equal(413, (await client.Response(id)).Head.Status);
        var late = new WatchedStream(new byte[10]);
        await Task.Run(() => handlers.Made[0].SendResponse(200, body: late));
        await late.Disposed.Soon();
        await client.DataAsync(id, new byte[2000], endStream: true);
        Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        Assert.Equal(ErrorCode.NoError, await handlers.Made[0].Closed.Soon());
        Assert.Equal(["headers", "close NoError"], handlers.Made[0].Calls);
        Assert.Empty(serving.Log.Errors);
    }

    /// <summary>The answer must not be lost to a reset (RFC 9113 §8.1), and a client that goes on for ever must be stopped.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_rest_of_the_body_is_thrown_away_for_a_moment_and_then_stopped_without_blame(bool asDelegate)
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var options = Limited with { TimeProvider = clock };
        await using var serving = asDelegate
            ? await Serving.StartAsync(ReadAsync, options)
            : await Serving.StartAsync(() => new ScriptedHandler(), options);
        using var waits = await FrameClient.ConnectAsync(serving);
        await waits.SendAsync([.. Requests.Post(1), .. Requests.Data(1, 1_001)]);
        await waits.UntilAsync(FrameType.Headers);
        await waits.SendAsync([.. Requests.Data(1, 15_000), .. Requests.Data(1, 15_000)]);
        Assert.DoesNotContain(FrameType.RstStream, await waits.SettleAsync());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([FrameType.RstStream], await waits.UntilAsync(FrameType.RstStream));
        await using var client = await RawClient.ConnectAsync(serving);
        var floods = await client.RequestAsync("/", "POST", endStream: false, ("content-length", "1000000"));
        Assert.Equal(413, (await client.Response(floods)).Head.Status);
        await client.DataAsync(floods, new byte[100_000]);
        Assert.Equal(ErrorCode.NoError, await client.Closed(floods));
    }

    [Fact]
    public async Task A_tunnel_has_no_limit()
    {
        await using var serving = await Serving.StartAsync(
            (request, _) =>
            {
                Assert.Null(request.MaxRequestBodySize);
                return new(new Http2Response(200, [], ResponseBody.From(request.Body)));
            },
            Limited with { Connection = ConnectionOptions.Default with { EnableConnectProtocol = true } });
        var client = serving.Client();
        using var tunnel = new HttpRequestMessage(HttpMethod.Connect, "/")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        tunnel.Headers.Protocol = "echo";
        var response = await client.SendAsync(tunnel, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var both = await response.Content.ReadAsStreamAsync();
        await both.WriteAsync(new byte[5000]);
        await both.FlushAsync();
        await both.ReadExactlyAsync(new byte[5000]).AsTask().Soon();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HttpClient_sees_the_413_whether_it_declares_the_length_or_not(bool declares)
    {
        await using var serving = await Serving.StartAsync(ReadAsync, Limited);
        using var body = new StreamContent(new PatternStream(10_000_000));
        if (!declares)
            body.Headers.ContentLength = null;
        using var request = new HttpRequestMessage(HttpMethod.Post, serving.Uri)
        {
            Content = body, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (!declares)
            request.Headers.TransferEncodingChunked = true;
        var response = await serving.Client().SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await serving.Client().PostAsync("/", new ByteArrayContent(new byte[1000]))).StatusCode);
    }

    [Fact]
    public void A_limit_below_nothing_is_refused()
    {
        var options = Limited with { MaxRequestBodySize = -1 };
        Assert.Equal(
            "The option MaxRequestBodySize is -1; it must be 0 to 9223372036854775807.",
            Assert.Throws<ArgumentException>(() => new Http2Server(options, ReadAsync)).Message);
    }
}
