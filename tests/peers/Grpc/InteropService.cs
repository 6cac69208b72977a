using Google.Protobuf;
using Grpc.Core;
using Http2.Peers.Tests.Interop;

namespace Http2.Peers.Tests;

/// <summary>The server's side of the interoperability cases, as their specification has it.</summary>
internal sealed class InteropService : TestService.TestServiceBase
{
    private const string Initial = "x-grpc-test-echo-initial";
    private const string Trailing = "x-grpc-test-echo-trailing-bin";

    public override async Task<Empty> EmptyCall(Empty request, ServerCallContext context)
    {
        await EchoAsync(context);
        return new Empty();
    }

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        await EchoAsync(context);
        Throw(request.ResponseStatus);
        return new SimpleResponse { Payload = Zeros(request.ResponseSize) };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        await EchoAsync(context);
        Throw(request.ResponseStatus);
        foreach (var parameters in request.ResponseParameters)
            await responseStream.WriteAsync(new StreamingOutputCallResponse { Payload = Zeros(parameters.Size) });
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(
        IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        await EchoAsync(context);
        var sum = 0;
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            sum += request.Payload.Body.Length;
        return new StreamingInputCallResponse { AggregatedPayloadSize = sum };
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream, IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoAsync(context);
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            await StreamingOutputCall(request, responseStream, context);
    }

    private static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };

    private static void Throw(EchoStatus? status)
    {
        if (status is { Code: not 0 })
            throw new RpcException(new Status((StatusCode)status.Code, status.Message));
    }

    private static async Task EchoAsync(ServerCallContext context)
    {
        if (context.RequestHeaders.FirstOrDefault(entry => entry.Key == Initial) is { } initial && context.ResponseTrailers.Count == 0)
            await context.WriteResponseHeadersAsync([initial]);
        if (context.RequestHeaders.FirstOrDefault(entry => entry.Key == Trailing) is { } trailing && context.ResponseTrailers.Count == 0)
            context.ResponseTrailers.Add(trailing);
    }
}
