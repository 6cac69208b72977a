using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Servers that lie, flood, or say nothing: each request ends with one exception that says why, in time, and nothing is held.</summary>
public sealed class HostileServerTests
{
    [Fact]
    public async Task A_body_that_is_longer_than_was_declared()
    {
        var (client, server) = await RawServer.StartAsync();
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        await server.RespondAsync(request.Id, endStream: false, fields: ("content-length", "2"));
        await stream.Response.Soon();
        await server.FrameAsync(0, 1, request.Id.Value, 1, 2, 3);
        var failure = await Assert.ThrowsAsync<Http2ProtocolException>(() => RequestTests.BytesAsync(stream.Body).Soon());
        Assert.Equal((ErrorCode.ProtocolError, "8.1.1"), (failure.Code, failure.Rule.Section));
        Assert.Equal(ErrorCode.ProtocolError, await server.Closed(request.Id));
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task A_frame_that_may_not_be_ends_the_connection_and_every_request_says_by_which_rule()
    {
        var (client, server) = await RawServer.StartAsync();
        var streams = new[] { await client.SendAsync(new()), await client.SendAsync(new()) };
        await server.RequestAsync();
        // DATA on stream 0
        await server.FrameAsync(0, 0, 0, 1);
        foreach (var stream in streams)
        {
            var failure = await Assert.ThrowsAsync<Http2ProtocolException>(() => stream.Response.Soon());
            Assert.Equal((ErrorCode.ProtocolError, "6.1"), (failure.Code, failure.Rule.Section));
        }
        Assert.Equal(ErrorCode.ProtocolError, await server.GoAwayAsync());
        await Assert.ThrowsAsync<Http2NotProcessedException>(async () => await client.SendAsync(new()));
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task Trailers_in_the_place_of_a_head()
    {
        var (client, server) = await RawServer.StartAsync();
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        // HEADERS with END_STREAM and END_HEADERS: a literal field "a: b", and no :status
        await server.FrameAsync(1, 5, request.Id.Value, 0, 1, (byte)'a', 1, (byte)'b');
        var failure = await Assert.ThrowsAsync<Http2ProtocolException>(() => stream.Response.Soon());
        Assert.Equal(ErrorCode.ProtocolError, failure.Code);
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task A_push_that_nobody_asked_for()
    {
        var (client, server) = await RawServer.StartAsync();
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        await server.FrameAsync(5, 4, request.Id.Value, 0, 0, 0, 2, 0x82);
        var failure = await Assert.ThrowsAsync<Http2ProtocolException>(() => stream.Response.Soon());
        Assert.Equal((ErrorCode.ProtocolError, "6.6"), (failure.Code, failure.Rule.Section));
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task Informational_responses_without_end()
    {
        var (client, server) = await RawServer.StartAsync(new Http2ClientOptions { MaxInformationalResponses = 3 });
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        for (var i = 0; i < 4; i++)
            await server.InformAsync(request.Id, 103);
        var failure = await Assert.ThrowsAsync<Http2ProtocolException>(() => stream.Response.Soon());
        Assert.Equal((ErrorCode.EnhanceYourCalm, "policy"), (failure.Code, failure.Rule.Document));
        Assert.Equal(ErrorCode.EnhanceYourCalm, await server.Closed(request.Id));
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task As_many_informational_responses_as_are_allowed()
    {
        var (client, server) = await RawServer.StartAsync(new Http2ClientOptions { MaxInformationalResponses = 3 });
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        for (var i = 0; i < 3; i++)
            await server.InformAsync(request.Id, 103);
        await server.RespondAsync(request.Id, 204);
        Assert.Equal(204, (await stream.Response.Soon()).Status);
        await CancellationTests.EndAsync(client, server);
    }

    [Theory]
    [InlineData(6, 8, "ping")]
    [InlineData(4, 0, "settings")]
    public async Task Control_frames_without_end(byte type, int length, string what)
    {
        _ = what;
        var (client, server) = await RawServer.StartAsync(new Http2ClientOptions { Connection = ConnectionOptions.Default with { EnablePush = false } });
        var stream = await client.SendAsync(new());
        await server.RequestAsync();
        var flood = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; i < 100_000; i++)
                    await server.FrameAsync(type, 0, 0, new byte[length]);
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException)
            {
                // The client has closed.
            }
        });
        var reading = server.GoAwayAsync();
        var failure = await Assert.ThrowsAsync<Http2ProtocolException>(() => stream.Response.Soon());
        Assert.Equal(ErrorCode.EnhanceYourCalm, failure.Code);
        await Task.WhenAny(reading, flood).Soon();
        await CancellationTests.EndAsync(client, server);
        await flood.Soon();
    }

    [Fact]
    public async Task A_connection_that_is_lost()
    {
        var (client, server) = await RawServer.StartAsync();
        var stream = await client.SendAsync(new());
        await server.RequestAsync();
        await server.DisposeAsync();
        await Assert.ThrowsAsync<Http2StreamClosedException>(() => stream.Response.Soon());
        await client.Ended.Soon();
        await ClientCounts.NothingIsHeldAsync(client);
    }

    [Fact]
    public async Task A_server_that_goes_away_tells_which_requests_it_did_not_process()
    {
        var (client, server) = await RawServer.StartAsync();
        var first = await client.SendAsync(new());
        var request = await server.RequestAsync();
        // GOAWAY whose last stream is the first: NO_ERROR, "bye"
        var second = await client.SendAsync(new());
        await server.RequestAsync();
        await server.FrameAsync(7, 0, 0, [0, 0, 0, 1, 0, 0, 0, 0, .. "bye"u8]);
        await Assert.ThrowsAsync<Http2NotProcessedException>(() => second.Response.Soon());
        await Assert.ThrowsAsync<Http2NotProcessedException>(async () => await client.SendAsync(new()));
        Assert.Equal((new StreamId(1), ErrorCode.NoError, "bye"), (client.GoAway!.LastStreamId, client.GoAway.Code, client.GoAway.Debug));
        Assert.False(client.IsOpen);
        await server.RespondAsync(request.Id, 204);
        Assert.Equal(204, (await first.Response.Soon()).Status);
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task A_response_that_does_not_come()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var (client, server) = await RawServer.StartAsync(new Http2ClientOptions { TimeProvider = clock, ResponseTimeout = TimeSpan.FromSeconds(5) });
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        await server.SettleAsync();
        clock.Advance(TimeSpan.FromSeconds(4));
        await server.SettleAsync();
        Assert.False(stream.Response.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => stream.Response.Soon());
        Assert.Equal(ErrorCode.Cancel, await server.Closed(request.Id));
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task A_body_that_does_not_go_on()
    {
        Assert.Equal(new PaceLimit(1, TimeSpan.FromSeconds(100)), Http2ClientOptions.Default.ResponseBodyPace);
        var (client, server) = await RawServer.StartAsync(new() { ResponseBodyPace = new(1, TimeSpan.FromMilliseconds(100)) });
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        await server.RespondAsync(request.Id, endStream: false, body: "begun");
        var failure = await Assert.ThrowsAsync<Http2StreamClosedException>(() => RequestTests.BytesAsync(stream.Body).Soon());
        Assert.Equal(ErrorCode.EnhanceYourCalm, failure.Code);
        Assert.Equal(ErrorCode.EnhanceYourCalm, await server.Closed(request.Id));
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task A_body_that_the_server_does_not_take()
    {
        var (client, server) = await RawServer.StartAsync(
            new() { RequestBodyPace = new(1, TimeSpan.FromMilliseconds(100)) }, ConnectionOptions.Default with { InitialStreamWindow = 16 });
        server.AutoConsume = false;
        var stream = await client.SendAsync(new("POST", "/", null, new byte[1000]));
        var request = await server.RequestAsync();
        Assert.Equal(ErrorCode.Cancel, await server.Closed(request.Id));
        await Assert.ThrowsAsync<Http2StreamClosedException>(() => stream.Response.Soon());
        await CancellationTests.EndAsync(client, server);
    }

    [Fact]
    public async Task A_server_that_never_says_anything()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var (clientEnd, serverEnd) = PipeEnds.Create();
        var client = Http2ClientConnection.Over(clientEnd, new() { TimeProvider = clock });
        var stream = await client.SendAsync(new());
        clock.Advance(TimeSpan.FromSeconds(11));
        var failure = await Assert.ThrowsAsync<Http2ProtocolException>(() => stream.Response.Soon());
        Assert.Equal("slow preface", failure.Rule.Section);
        var ending = client.DisposeAsync().AsTask();
        await serverEnd.Input.CompleteAsync();
        await serverEnd.Output.CompleteAsync();
        await ending.Soon();
        await ClientCounts.NothingIsHeldAsync(client);
    }
}
