using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Http2.Peers.Tests.Interop;
using Http2.Shell;
using Xunit;

namespace Http2.Peers.Tests;

/// <summary>gRPC's interoperability cases: Grpc.Net.Client on our handler, against Kestrel.</summary>
public sealed class GrpcInteropTests(KestrelServer server) : IClassFixture<KestrelServer>, IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(
        server.Address, new GrpcChannelOptions { HttpHandler = new Http2MessageHandler(), DisposeHttpClient = true });

    private TestService.TestServiceClient Client => new(_channel);

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task Empty_unary() => Assert.Equal(new Empty(), await Client.EmptyCallAsync(new Empty()));

    [Fact]
    public async Task Large_unary()
    {
        var response = await Client.UnaryCallAsync(new SimpleRequest { ResponseSize = 314159, Payload = Zeros(271828) });
        Assert.Equal(Zeros(314159), response.Payload);
    }

    [Fact]
    public async Task Client_streaming()
    {
        using var call = Client.StreamingInputCall();
        foreach (var size in (int[])[27182, 8, 1828, 45904])
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeros(size) });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(74922, (await call).AggregatedPayloadSize);
    }

    [Fact]
    public async Task Server_streaming()
    {
        int[] sizes = [31415, 9, 2653, 58979];
        using var call = Client.StreamingOutputCall(Asking(sizes));
        var got = new List<int>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
            got.Add(response.Payload.Body.Length);
        Assert.Equal(sizes, got);
    }

    [Fact]
    public async Task Ping_pong()
    {
        using var call = Client.FullDuplexCall();
        foreach (var (sent, wanted) in ((int, int)[])[(27182, 31415), (8, 9), (1828, 2653), (45904, 58979)])
        {
            var request = Asking(wanted);
            request.Payload = Zeros(sent);
            await call.RequestStream.WriteAsync(request);
            Assert.True(await call.ResponseStream.MoveNext(default));
            Assert.Equal(wanted, call.ResponseStream.Current.Payload.Body.Length);
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Empty_stream()
    {
        using var call = Client.FullDuplexCall();
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Cancel_after_begin()
    {
        using var cancel = new CancellationTokenSource();
        using var call = Client.StreamingInputCall(cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
    }

    [Fact]
    public async Task Cancel_after_first_response()
    {
        using var cancel = new CancellationTokenSource();
        using var call = Client.FullDuplexCall(cancellationToken: cancel.Token);
        var request = Asking(31415);
        request.Payload = Zeros(27182);
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext(default));
        await cancel.CancelAsync();
        var ended = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.Cancelled, ended.StatusCode);
    }

    [Fact]
    public async Task Timeout_on_sleeping_server()
    {
        using var call = Client.FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(50));
        var ended = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.DeadlineExceeded, ended.StatusCode);
    }

    [Fact]
    public async Task Status_code_and_message()
    {
        var status = new EchoStatus { Code = 2, Message = "test status message" };
        var unary = await Assert.ThrowsAsync<RpcException>(async () => await Client.UnaryCallAsync(new SimpleRequest { ResponseStatus = status }));
        Assert.Equal((StatusCode.Unknown, status.Message), (unary.StatusCode, unary.Status.Detail));
        using var call = Client.FullDuplexCall();
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status });
        await call.RequestStream.CompleteAsync();
        var duplex = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.Equal((StatusCode.Unknown, status.Message), (duplex.StatusCode, duplex.Status.Detail));
    }

    [Fact]
    public async Task Special_status_message()
    {
        const string Message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
        var request = new SimpleRequest { ResponseStatus = new EchoStatus { Code = 2, Message = Message } };
        var ended = await Assert.ThrowsAsync<RpcException>(async () => await Client.UnaryCallAsync(request));
        Assert.Equal((StatusCode.Unknown, Message), (ended.StatusCode, ended.Status.Detail));
    }

    [Fact]
    public async Task Custom_metadata()
    {
        byte[] binary = [0xab, 0xab, 0xab];
        var metadata = new Metadata { { "x-grpc-test-echo-initial", "test_initial_metadata_value" }, { "x-grpc-test-echo-trailing-bin", binary } };
        using var unary = Client.UnaryCallAsync(new SimpleRequest { ResponseSize = 314159, Payload = Zeros(271828) }, metadata);
        await unary;
        Echoed(await unary.ResponseHeadersAsync, unary.GetTrailers());
        using var duplex = Client.FullDuplexCall(metadata);
        var request = Asking(314159);
        request.Payload = Zeros(271828);
        await duplex.RequestStream.WriteAsync(request);
        await duplex.RequestStream.CompleteAsync();
        Assert.True(await duplex.ResponseStream.MoveNext(default));
        Assert.False(await duplex.ResponseStream.MoveNext(default));
        Echoed(await duplex.ResponseHeadersAsync, duplex.GetTrailers());

        void Echoed(Metadata head, Metadata trailers)
        {
            Assert.Equal("test_initial_metadata_value", head.GetValue("x-grpc-test-echo-initial"));
            Assert.Equal(binary, trailers.GetValueBytes("x-grpc-test-echo-trailing-bin"));
        }
    }

    [Fact]
    public async Task Unimplemented_method() => Assert.Equal(
        StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(async () => await Client.UnimplementedCallAsync(new Empty()))).StatusCode);

    [Fact]
    public async Task Unimplemented_service() => Assert.Equal(
        StatusCode.Unimplemented,
        (await Assert.ThrowsAsync<RpcException>(async () =>
            await new UnimplementedService.UnimplementedServiceClient(_channel).UnimplementedCallAsync(new Empty()))).StatusCode);

    [Fact]
    public async Task Many_calls_at_once()
    {
        var sizes = Enumerable.Range(1, 300).ToArray();
        var responses = await Task.WhenAll(sizes.Select(async size => await Client.UnaryCallAsync(new SimpleRequest { ResponseSize = size })));
        Assert.Equal(sizes, responses.Select(response => response.Payload.Body.Length));
    }

    private static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };

    private static StreamingOutputCallRequest Asking(params IEnumerable<int> sizes)
    {
        var request = new StreamingOutputCallRequest();
        request.ResponseParameters.AddRange(sizes.Select(size => new ResponseParameters { Size = size }));
        return request;
    }
}
