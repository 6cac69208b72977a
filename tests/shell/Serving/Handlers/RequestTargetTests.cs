using System.Text;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What a request asks for: path, query and target, as they came (RFC 9113 §8.3.1).</summary>
public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/p?q", "/p", "?q")]
    [InlineData("/p?", "/p", "?")]
    [InlineData("/?", "/", "?")]
    [InlineData("/a?b?c=d?", "/a", "?b?c=d?")]
    [InlineData("/a%3Fb?c%3f", "/a%3Fb", "?c%3f")]
    [InlineData("/%20%2e%2E/%23", "/%20%2e%2E/%23", "")]
    [InlineData("//host/p?//x", "//host/p", "?//x")]
    public async Task A_target_is_cut_at_its_first_question_mark_and_nothing_is_decoded(string target, string path, string query)
    {
        var seen = await AskAsync(target);
        Assert.Equal((target, path, query), (seen.Target, seen.Path, seen.Query));
        Assert.Equal(target, seen.Path + seen.Query);
    }

    [Fact]
    public async Task Octets_beside_ASCII_are_read_as_UTF_8()
    {
        var seen = await AskAsync("/grüße?straße");
        Assert.Equal(("/grüße", "?straße"), (seen.Path, seen.Query));
    }

    [Fact]
    public async Task The_asterisk_of_OPTIONS_is_the_path()
    {
        var seen = await AskAsync("*", "OPTIONS");
        Assert.Equal(("*", "*", ""), (seen.Target, seen.Path, seen.Query));
    }

    [Theory]
    [InlineData("/p#f")]
    [InlineData("/p?q#f")]
    [InlineData("*")]
    [InlineData("")]
    public async Task A_fragment_or_what_is_no_path_reaches_no_handler(string target)
    {
        var reached = false;
        await using var serving = await Serving.StartAsync((_, _) =>
        {
            reached = true;
            return new(new Http2Response());
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = client.OpenUnsent();
        var block = HpackEncoder.Encode(
            EncoderState.Create(),
            [(":method", "GET"), (":scheme", "http"), (":authority", client.Authority), (":path", target)]).Block;
        await client.FrameAsync((byte)FrameType.Headers, (byte)(FrameFlags.EndHeaders | FrameFlags.EndStream), id.Value, block.Span.ToArray());
        Assert.Equal(ErrorCode.ProtocolError, await client.Closed(id));
        Assert.False(reached);
    }

    [Fact]
    public async Task CONNECT_has_a_host_with_its_port_and_neither_path_nor_query()
    {
        var (seen, text) = (new TaskCompletionSource<Http2Request>(), "");
        await using var serving = await Serving.StartAsync(
            (request, _) =>
            {
                text = request.ToString();
                seen.SetResult(request);
                return new(new Http2Response());
            },
            Serving.Loopback with { AllowConnect = true });
        await using var client = await RawClient.ConnectAsync(serving);
        await client.TunnelAsync("example.com:443");
        var request = await seen.Task.Soon();
        Assert.Equal(("example.com:443", "", "", ""), (request.Host, request.Target, request.Path, request.Query));
        Assert.Equal("stream 1: CONNECT example.com:443", text);
        Assert.True(request.HasBody);
        Assert.Null(request.ContentLength);
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("example.org:8443")]
    [InlineData("[::1]:8080")]
    public async Task A_host_is_the_authority_with_its_port(string authority)
    {
        var seen = await AskAsync("/p?q", authority: authority);
        Assert.Equal(authority, seen.Host);
        Assert.Equal("stream 1: GET /p?q", seen.ToString());
    }

    /// <summary>The parts are made once, so handlers may ask for them as often as they like.</summary>
    [Fact]
    public async Task Parts_that_were_asked_for_are_kept()
    {
        var seen = await AskAsync("/p?q");
        Assert.Same(seen.Path, seen.Path);
        Assert.Same(seen.Query, seen.Query);
        Assert.Same(seen.Target, seen.Target);
        var plain = await AskAsync("/p");
        Assert.Same(plain.Target, plain.Path);
    }

    [Fact]
    public async Task A_pushed_request_has_a_target_of_its_own()
    {
        Http2RequestHandler? pushed = null;
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                if (h.IsPushed)
                    return;
                pushed = h.Push("/style?v=1");
                h.SendResponse();
            },
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        await client.Closed(await client.RequestAsync("/p?q"));
        Assert.Equal(("/style?v=1", "/style", "?v=1"), (pushed!.Target, pushed.Path, pushed.Query));
        Assert.False(pushed.HasBody);
        Assert.Null(pushed.ContentLength);
        Assert.Equal("stream 2: GET /style?v=1", pushed.ToString());
    }

    [Fact]
    public void A_handler_that_has_no_stream_yet_says_so() =>
        Assert.Equal("ScriptedHandler without a stream", new ScriptedHandler().ToString());

    [Theory]
    [InlineData("GET", null, true, false, null)]
    [InlineData("HEAD", null, true, false, null)]
    [InlineData("HEAD", "0", true, false, 0L)]
    [InlineData("POST", "0", true, false, 0L)]
    [InlineData("POST", "0", false, false, 0L)]
    [InlineData("POST", "5", false, true, 5L)]
    [InlineData("POST", null, false, true, null)]
    [InlineData("GET", "5", false, true, 5L)]
    public async Task A_head_tells_whether_a_body_follows_and_its_length(
        string method, string? length, bool endStream, bool hasBody, long? declared)
    {
        var seen = await AskAsync("/", method, endStream, length);
        Assert.Equal((hasBody, declared), (seen.HasBody, seen.ContentLength));
    }

    /// <summary>A head that did not end the stream said that a body may come; that none came is known later.</summary>
    [Fact]
    public async Task Trailers_behind_a_head_leave_HasBody_as_it_was()
    {
        var handlers = new Handlers(() => new ScriptedHandler { Done_ = h => h.SendResponse() });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false);
        await client.TrailersAsync(id, ("x-sum", "0"));
        await client.Closed(id);
        Assert.True(Assert.Single(handlers.Made).HasBody);
    }

    private static async Task<Http2Exchange> AskAsync(
        string target, string method = "GET", bool endStream = true, string? length = null, string? authority = null)
    {
        var seen = new TaskCompletionSource<Http2Exchange>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            seen.SetResult(request);
            return new(new Http2Response());
        });
        await using var client = await RawClient.ConnectAsync(serving);
        await (authority is null
            ? client.RequestAsync(target, method, endStream, length is null ? [] : [("content-length", length)])
            : client.RequestAsync(target, method, endStream, authority: authority));
        return await seen.Task.Soon();
    }
}
