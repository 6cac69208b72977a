using System.Net;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Clients that hold the body of a request back until 100 (Continue) comes (RFC 9110 §10.1.1).</summary>
public sealed class ExpectContinueTests
{
    [Theory]
    [InlineData("100-continue")]
    [InlineData("100-Continue")]
    [InlineData("tea, 100-continue")]
    public async Task A_delegate_that_reads_the_body_has_the_client_told_to_go_on_once(string expectation)
    {
        await using var serving = await Serving.StartAsync(ReadAllAsync);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", expectation));
        Assert.Equal(100, (await client.Until<ConnectionEvent.InformationalReceived>(e => e.Id == id)).Head.Status);
        await client.DataAsync(id, new byte[10]);
        await client.DataAsync(id, new byte[10], endStream: true);
        Assert.Equal("20", await client.Text(id));
        Assert.False(client.Saw<ConnectionEvent.InformationalReceived>());
    }

    [Fact]
    public async Task Reading_on_another_thread_has_the_client_told_as_well()
    {
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            await Task.Yield();
            return await Task.Run(() => ReadAllAsync(request, cancellation).AsTask());
        });
        await SendsOnceToldAsync(serving, "10");
    }

    [Fact]
    public async Task A_look_at_the_body_that_finds_nothing_asks_for_it()
    {
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            while (!request.Body.TryRead(out _))
                await Task.Yield();
            return new Http2Response(200, [], "there");
        });
        await SendsOnceToldAsync(serving, "there");
    }

    [Fact]
    public async Task Whoever_answers_without_reading_sends_the_final_status_alone()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(403)));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"));
        Assert.Equal(403, (await client.Response(id)).Head.Status);
        Assert.False(client.Saw<ConnectionEvent.InformationalReceived>());
    }

    [Fact]
    public async Task An_answer_that_waits_for_the_body_is_given_up_with_the_stream()
    {
        var body = new WatchedStream(new byte[10]);
        await using var serving = await Serving.StartAsync((request, cancellation) =>
        {
            _ = request.Body;
            return new(new Http2Response(200, [], body));
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"));
        await client.Until<ConnectionEvent.InformationalReceived>(e => e.Id == id);
        await client.ResetAsync(id, ErrorCode.Cancel);
        await body.Disposed.Soon();
    }

    [Fact]
    public async Task A_body_that_came_without_being_asked_for_is_taken_without_a_word()
    {
        var goOn = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(async (request, cancellation) =>
        {
            await goOn.Task;
            return await ReadAllAsync(request, cancellation);
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"));
        await client.DataAsync(id, new byte[10]);
        await client.SettleAsync();
        goOn.SetResult();
        await client.SettleAsync();
        await client.DataAsync(id, new byte[10], endStream: true);
        Assert.Equal("20", await client.Text(id));
        Assert.False(client.Saw<ConnectionEvent.InformationalReceived>());
    }

    [Fact]
    public async Task A_handler_that_sends_100_itself_is_not_repeated()
    {
        await using var serving = await Serving.StartAsync((request, cancellation) =>
        {
            request.SendInformational(100, [("x-by", "hand")]);
            var reading = ReadAllAsync(request, cancellation);
            request.SendInformational(100);
            return reading;
        });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"));
        var informed = await client.Until<ConnectionEvent.InformationalReceived>(e => e.Id == id);
        Assert.Equal("hand", RawClient.Value(informed.Head.Fields, "x-by"));
        await client.DataAsync(id, new byte[10], endStream: true);
        Assert.Equal("10", await client.Text(id));
        Assert.False(client.Saw<ConnectionEvent.InformationalReceived>());
    }

    [Fact]
    public async Task An_answer_that_reads_the_body_while_it_is_sent_asks_for_it_before_the_final_status()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(200, [], request.BodyStream)));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"));
        var first = await client.Until<ConnectionEvent>(
            e => e is ConnectionEvent.InformationalReceived or ConnectionEvent.ResponseReceived);
        Assert.IsType<ConnectionEvent.InformationalReceived>(first);
        // A client would take a final status for a sign that the body is not wanted.
        await client.SettleAsync();
        Assert.False(client.Saw<ConnectionEvent.ResponseReceived>());
        await client.DataAsync(id, "ba"u8.ToArray());
        await client.Response(id);
        await client.DataAsync(id, "ck"u8.ToArray(), endStream: true);
        Assert.Equal("back", await client.Text(id));
    }

    [Theory]
    [InlineData(true, "100-continue")]
    [InlineData(false, "tea")]
    [InlineData(false, "100-continues")]
    public async Task Without_content_and_for_what_is_not_known_the_expectation_is_ignored(bool endStream, string expectation)
    {
        await using var serving = await Serving.StartAsync(ReadAllAsync);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream, ("expect", expectation));
        if (!endStream)
        {
            await client.SettleAsync();
            await client.DataAsync(id, default, endStream: true);
        }
        Assert.Equal("0", await client.Text(id));
        Assert.False(client.Saw<ConnectionEvent.InformationalReceived>());
    }

    [Fact]
    public async Task A_handler_class_that_has_not_answered_on_the_headers_takes_the_body()
    {
        await using var serving = await Serving.StartAsync(
            () => new ScriptedHandler { Done_ = h => h.SendResponse(body: $"{h.Received.Length}") });
        await SendsOnceToldAsync(serving, "10");
    }

    [Fact]
    public async Task A_handler_class_that_answers_on_the_headers_does_not()
    {
        await using var serving = await Serving.StartAsync(() => new ScriptedHandler { Headers_ = h => h.SendResponse(413) });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"));
        Assert.Equal(413, (await client.Response(id)).Head.Status);
        await client.SettleAsync();
        Assert.False(client.Saw<ConnectionEvent.InformationalReceived>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_declares_to_be_too_large_is_refused_without_being_asked_for(bool isDelegate)
    {
        var options = Serving.Loopback with { MaxRequestBodySize = 10 };
        await using var serving = isDelegate
            ? await Serving.StartAsync(ReadAllAsync, options)
            : await Serving.StartAsync(() => new ScriptedHandler(), options);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"), ("content-length", "11"));
        Assert.Equal(413, (await client.Response(id)).Head.Status);
        Assert.False(client.Saw<ConnectionEvent.InformationalReceived>());
    }

    [Fact]
    public async Task A_handler_class_may_decide_later()
    {
        var handlers = new Handlers(() => new ScriptedHandler
        {
            ContinuesLater = true,
            Done_ = h => h.SendResponse(body: $"{h.Received.Length}"),
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"));
        await client.SettleAsync();
        Assert.False(client.Saw<ConnectionEvent.InformationalReceived>());
        handlers.Made[0].SendInformational(100);
        await client.Until<ConnectionEvent.InformationalReceived>(e => e.Id == id);
        await client.DataAsync(id, new byte[10], endStream: true);
        Assert.Equal("10", await client.Text(id));
    }

    [Fact]
    public async Task No_pace_is_asked_of_a_client_that_waits_for_100_and_one_that_got_it_is_held_to_it()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var goOn = new TaskCompletionSource();
        await using var serving = await Serving.StartAsync(
            async (request, cancellation) =>
            {
                // what is chosen now is asked for once the client may send
                request.BodyPace = new PaceLimit(100, TimeSpan.FromSeconds(5));
                await goOn.Task;
                return await ReadAllAsync(request, cancellation);
            },
            Serving.Loopback with { TimeProvider = clock });
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"));
        for (var i = 0; i < 10; i++)
        {
            await client.SettleAsync();
            clock.Advance(TimeSpan.FromSeconds(5));
        }
        await client.SettleAsync();
        Assert.False(client.Saw<ConnectionEvent.StreamClosed>());
        goOn.SetResult();
        await client.Until<ConnectionEvent.InformationalReceived>(e => e.Id == id);
        await client.SettleAsync();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(ErrorCode.EnhanceYourCalm, await client.Closed(id));
    }

    /// <summary>The client waits for 100 for as long as the test does.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HttpClient_that_waits_for_100_gets_its_answer(bool isRefused)
    {
        await using var serving = await Serving.StartAsync(
            (request, cancellation) => isRefused ? new(new Http2Response(401)) : ReadAllAsync(request, cancellation));
        var client = serving.Client(h => h.Expect100ContinueTimeout = Patience.Time * 2);
        using var message = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[100_000]),
        };
        message.Headers.ExpectContinue = true;
        var response = await client.SendAsync(message);
        Assert.Equal(isRefused ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(isRefused ? "" : "100000", await response.Content.ReadAsStringAsync());
    }

    // A client that sends ten octets once it is told to, and is told so once.
    private static async Task SendsOnceToldAsync(Serving serving, string answer)
    {
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/", "POST", endStream: false, ("expect", "100-continue"));
        await client.Until<ConnectionEvent.InformationalReceived>(e => e.Id == id);
        await client.DataAsync(id, new byte[10], endStream: true);
        Assert.Equal(answer, await client.Text(id));
        Assert.False(client.Saw<ConnectionEvent.InformationalReceived>());
    }

    private static async ValueTask<Http2Response> ReadAllAsync(Http2Request request, CancellationToken cancellation)
    {
        var length = 0L;
        while (true)
        {
            var read = await request.Body.ReadAsync(cancellation);
            length += read.Buffer.Length;
            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return new Http2Response(200, [], $"{length}");
        }
    }
}
