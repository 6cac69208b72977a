using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class DelegateTests
{
    [Fact]
    public async Task A_delegate_answers_a_request()
    {
        await using var serving = await Serving.StartAsync((request, _) =>
            new(new Http2Response(
                200, [("content-type", "text/plain")], $"{request.Method} {request.Target} {request.Scheme} {request.Host}")));
        var response = await serving.Client().GetAsync("/hello?x=1");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal($"GET /hello?x=1 http {serving.Uri.Authority}", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.ToString());
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task A_body_is_read_as_a_pipe_or_as_a_stream()
    {
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            if (request.Path == "/pipe")
                return new Http2Response(200, [], await PipeHash(request, cancellation));
            return new Http2Response(200, [], Convert.ToHexString(await SHA256.HashDataAsync(request.BodyStream, cancellation)));
        });
        var content = RandomNumberGenerator.GetBytes(5_000_000);
        foreach (var path in new[] { "/pipe", "/stream" })
        {
            var response = await serving.Client().PostAsync(path, new ByteArrayContent(content));
            Assert.Equal(Convert.ToHexString(SHA256.HashData(content)), await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_request_without_body_has_an_empty_one()
    {
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            await Task.Yield();
            var read = await request.Body.ReadAsync(cancellation);
            return new Http2Response(200, [], $"{read.IsCompleted} {read.Buffer.Length}");
        });
        Assert.Equal("True 0", await serving.Client().GetStringAsync("/"));
    }

    [Fact]
    public async Task The_request_body_can_be_the_response_body()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(200, [], request.BodyStream)));
        var content = RandomNumberGenerator.GetBytes(5_000_000);
        // A content of one's own: HttpClient reads the response of the usual ones only when they are sent whole.
        var response = await serving.Client().PostAsync("/", new DuplexContent(content));
        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync());
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, "ping"u8.ToArray());
        Assert.Equal("ping", Encoding.UTF8.GetString((await client.Until<ConnectionEvent.DataReceived>()).Data.Span));
        await client.DataAsync(id, "pong"u8.ToArray(), endStream: true);
        Assert.Equal("pong", await client.Text(id));
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task Trailers_of_the_request_are_there_once_the_body_has_ended()
    {
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            Assert.Empty(request.Trailers);
            await request.BodyStream.CopyToAsync(Stream.Null, cancellation);
            return new Http2Response(200, [], request.Trailers["x-t"]);
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[10]);
        await client.TrailersAsync(id, ("x-t", "there"));
        Assert.Equal("there", await client.Text(id));
    }

    [Theory]
    [InlineData("/throws")]
    [InlineData("/throws-later")]
    [InlineData("/null")]
    [InlineData("/bad-status")]
    [InlineData("/bad-length")]
    [InlineData("/bad-length-later")]
    public async Task A_delegate_that_fails_is_answered_with_500_and_logged(string path)
    {
        await using var serving = await Serving.StartAsync((request, _) => request.Path switch
        {
            "/good" => new(new Http2Response(200, [], "good")),
            "/throws" => throw new InvalidTimeZoneException(),
            "/null" => new((Http2Response)null!),
            "/bad-status" => new(new Http2Response(42)),
            "/bad-length" => new(new Http2Response(200, [("content-length", "1")], "22")),
            _ => Later(request.Path),
        });
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(500, (await client.Response(await client.RequestAsync(path))).Head.Status);
        Assert.Equal("good", await client.Text(await client.RequestAsync("/good")));
        Assert.Single(serving.Log.Errors);

        static async ValueTask<Http2Response> Later(string path)
        {
            await Task.Yield();
            return path == "/throws-later" ? throw new InvalidTimeZoneException() : new Http2Response(200, [("content-length", "1")], "22");
        }
    }

    [Fact]
    public async Task The_token_is_cancelled_when_the_client_resets_the_stream()
    {
        var cancelled = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(async (_, cancellation) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                cancelled.SetResult();
            }
            return new Http2Response();
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        await client.SettleAsync();
        Assert.False(cancelled.Task.IsCompleted);
        await client.ResetAsync(id, ErrorCode.Cancel);
        await cancelled.Task.Soon();
        await client.SettleAsync();
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task Reading_a_body_whose_stream_is_reset_fails_with_the_code()
    {
        var read = new TaskCompletionSource<ErrorCode>();
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            read.SetResult((await Assert.ThrowsAsync<Http2StreamClosedException>(
                () => request.BodyStream.CopyToAsync(Stream.Null, CancellationToken.None))).Code);
            return new Http2Response();
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.DataAsync(id, new byte[10]);
        await client.SettleAsync();
        await client.ResetAsync(id, ErrorCode.EnhanceYourCalm);
        Assert.Equal(ErrorCode.EnhanceYourCalm, await read.Task.Soon());
    }

    [Fact]
    public async Task A_complete_response_to_an_unread_upload_ends_the_stream_without_blame()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(
            413, [], request.Path == "/pumped" ? new WatchedStream(new byte[100_000]) : "too large")));
        await using var client = await RawClient.ConnectAsync(serving);
        foreach (var path in new[] { "/fixed", "/pumped" })
        {
            var id = await client.RequestAsync(path, "POST", endStream: false);
            await client.DataAsync(id, new byte[100]);
            Assert.Equal(413, (await client.Response(id)).Head.Status);
            Assert.Equal(path == "/pumped" ? 100_000 : 9, (await client.Body(id)).Length);
            Assert.Equal(ErrorCode.NoError, await client.Closed(id));
        }
    }

    [Fact]
    public async Task A_delegate_may_send_informational_responses_and_pushes_after_a_hop()
    {
        await using var serving = await Serving.StartAsync(async (request, _) =>
        {
            await Task.Yield();
            request.SendInformational(103, [("link", "</a>")]);
            Assert.True(request.CanPush);
            var pushed = request.Push("/pushed", new Http2Response(200, [], "pushed body"), requestHeaders: [("accept", "*/*")]);
            return new Http2Response(200, [], $"pushed on {pushed}");
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        Assert.Equal(103, (await client.Until<ConnectionEvent.InformationalReceived>()).Head.Status);
        var promise = await client.Until<ConnectionEvent.PushPromised>();
        Assert.Equal("/pushed", Encoding.ASCII.GetString(promise.Head.Path));
        Assert.Equal($"pushed on {promise.Promised}", await client.Text(id));
        Assert.Equal("pushed body", await client.Text(promise.Promised));
    }

    [Fact]
    public async Task The_facts_of_the_connection_are_there()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(200, [], string.Join(' ', [
            request.Connection.Id, request.Connection.StreamsServed, request.Connection.IsTls, request.StreamId,
            request.Connection.PeerSettings.Any(s => s.Id == SettingId.EnablePush),
        ]))));
        var client = serving.Client();
        Assert.Equal("1 1 False 1 True", await client.GetStringAsync("/"));
        Assert.Equal("1 2 False 3 True", await client.GetStringAsync("/"));
        Assert.Equal(1, serving.Server.ConnectionCount);
    }

    private sealed class DuplexContent(byte[] octets) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(octets).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = octets.Length;
            return true;
        }
    }

    private static async Task<string> PipeHash(Http2Request request, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (true)
        {
            var read = await request.Body.ReadAsync(cancellation);
            foreach (var part in read.Buffer)
                hash.AppendData(part.Span);
            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return Convert.ToHexString(hash.GetHashAndReset());
        }
    }
}
