using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Requests that are given up, by a token, by their reader, or by a reset.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task A_token_resets_the_stream_with_CANCEL()
    {
        var (client, server) = await RawServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var stream = await client.SendAsync(new(), cancellation.Token);
        var request = await server.RequestAsync();
        await cancellation.CancelAsync();
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.Response.Soon());
        Assert.Equal(cancellation.Token, failure.CancellationToken);
        Assert.Equal(ErrorCode.Cancel, await server.Closed(request.Id));
        Assert.Equal(ErrorCode.Cancel, await stream.Closed.Soon());
        await EndAsync(client, server);
    }

    [Fact]
    public async Task A_token_ends_the_reading_of_a_body()
    {
        var (client, server) = await RawServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var stream = await client.SendAsync(new(), cancellation.Token);
        var request = await server.RequestAsync();
        await server.RespondAsync(request.Id, endStream: false);
        await stream.Response.Soon();
        var reading = stream.Body.ReadAsync().AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Soon());
        Assert.Equal(ErrorCode.Cancel, await server.Closed(request.Id));
        await EndAsync(client, server);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_before_sends_nothing()
    {
        var (client, server) = await RawServer.StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await client.SendAsync(new(), new CancellationToken(canceled: true)));
        await client.PingAsyncWith(server);
        Assert.Equal(0, client.OpenStreams + client.WaitingRequests);
        await EndAsync(client, server);
    }

    [Fact]
    public async Task A_request_that_waits_for_a_place_can_be_given_up()
    {
        var (client, server) = await RawServer.StartAsync(server: ConnectionOptions.Default with { MaxConcurrentStreams = 1 });
        await client.PingAsyncWith(server);
        var first = await client.SendAsync(new());
        using var cancellation = new CancellationTokenSource();
        var second = client.SendAsync(new(), cancellation.Token).AsTask();
        var third = client.SendAsync(new("GET", "/3")).AsTask();
        await server.SettleAsync();
        Assert.Equal(2, client.WaitingRequests);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon());
        Assert.False(third.IsCompleted);
        await server.RespondAsync(first.StreamId);
        Assert.Equal(3u, (await third.Soon()).StreamId.Value);
        Assert.Equal(0, client.WaitingRequests);
        await EndAsync(client, server);
    }

    [Fact]
    public async Task A_reader_that_has_had_enough_resets_the_stream()
    {
        var (client, server) = await RawServer.StartAsync();
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        await server.RespondAsync(request.Id, endStream: false, body: "some of it");
        await stream.Response.Soon();
        await stream.Body.CompleteAsync();
        Assert.Equal(ErrorCode.Cancel, await server.Closed(request.Id));
        await EndAsync(client, server);
    }

    [Fact]
    public async Task A_reset_by_the_server_tells_its_code()
    {
        var (client, server) = await RawServer.StartAsync();
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        await server.ResetAsync(request.Id, ErrorCode.InternalError);
        var failure = await Assert.ThrowsAsync<Http2StreamClosedException>(() => stream.Response.Soon());
        Assert.Equal(ErrorCode.InternalError, failure.Code);
        await EndAsync(client, server);
    }

    [Fact]
    public async Task A_stream_that_the_server_refused_was_not_processed()
    {
        var (client, server) = await RawServer.StartAsync();
        var stream = await client.SendAsync(new());
        var request = await server.RequestAsync();
        await server.ResetAsync(request.Id, ErrorCode.RefusedStream);
        await Assert.ThrowsAsync<Http2NotProcessedException>(() => stream.Response.Soon());
        await EndAsync(client, server);
    }

    [Fact]
    public async Task A_response_that_is_complete_stays_when_the_server_stops_the_upload()
    {
        var (client, server) = await RawServer.StartAsync();
        var never = new TaskCompletionSource();
        var stream = await client.SendAsync(new("POST", "/", null, ResponseBody.Write(async (writer, cancellation) =>
        {
            await writer.WriteAsync("a"u8.ToArray(), cancellation);
            await never.Task.WaitAsync(cancellation);
        })));
        var request = await server.RequestAsync();
        await server.Until<ConnectionEvent.DataReceived>();
        await server.RespondAsync(request.Id, 413, body: "too much");
        await server.ResetAsync(request.Id, ErrorCode.NoError);
        Assert.Equal(413, (await stream.Response.Soon()).Status);
        Assert.Equal("too much", await RequestTests.TextAsync(stream));
        Assert.Equal(ErrorCode.NoError, await stream.Closed.Soon());
        await EndAsync(client, server);
    }

    [Fact]
    public async Task A_body_that_fails_resets_the_stream_and_tells_why()
    {
        var (client, server) = await RawServer.StartAsync();
        var stream = await client.SendAsync(new("POST", "/", null, ResponseBody.Write((_, _) => throw new InvalidDataException("bad"))));
        var request = await server.RequestAsync();
        Assert.Equal("bad", (await Assert.ThrowsAsync<InvalidDataException>(() => stream.Response.Soon())).Message);
        Assert.Equal(ErrorCode.Cancel, await server.Closed(request.Id));
        await EndAsync(client, server);
    }

    internal static async Task EndAsync(Http2ClientConnection client, RawServer server)
    {
        var ending = client.DisposeAsync().AsTask();
        await server.DisposeAsync();
        await ending.Soon();
        await ClientCounts.NothingIsHeldAsync(client);
    }
}

file static class Pings
{
    /// <summary>A PING of the client, with a server that answers when it reads.</summary>
    public static async Task PingAsyncWith(this Http2ClientConnection client, RawServer server)
    {
        var ping = client.PingAsync();
        await server.SettleAsync();
        await ping.Soon();
    }
}
