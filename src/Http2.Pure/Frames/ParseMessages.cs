using Hpack.Pure;

namespace Http2.Pure;

/// <content>The frames that carry messages: DATA, HEADERS, PUSH_PROMISE, CONTINUATION.</content>
public static partial class FrameParser
{
    /// <summary>DATA: [pad length 8] data [padding] (RFC 9113 §6.1).</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="data">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParseData(in FrameHeader header, ReadOnlyMemory<byte> payload, out DataPayload data)
    {
        data = default;
        // §6.1: DATA on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return ConnectionError(FrameRules.DataOnConnection);
        if (Unpad(header, payload, 0, FrameRules.DataPadding, out var body, out var padding) is { } fault)
            return fault;
        data = new DataPayload(new Octets(body), padding);
        return null;
    }

    /// <summary>HEADERS: [pad length 8] [exclusive 1, dependency 31, weight 8] fragment [padding] (RFC 9113 §6.2).</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="headers">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParseHeaders(in FrameHeader header, ReadOnlyMemory<byte> payload, out HeadersPayload headers)
    {
        headers = default;
        // §6.2: HEADERS on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return ConnectionError(FrameRules.HeadersOnConnection);
        var prioritized = header.Has(FrameFlags.Priority);
        if (Unpad(header, payload, prioritized ? 5 : 0, FrameRules.HeadersPadding, out var body, out var padding) is { } fault)
            return fault;
        if (!prioritized)
        {
            headers = new HeadersPayload(new Octets(body), null, padding);
            return null;
        }
        headers = new HeadersPayload(new Octets(body[5..]), ReadPriority(body.Span), padding);
        return null;
    }

    /// <summary>PUSH_PROMISE: [pad length 8] reserved 1, promised stream 31, fragment [padding] (RFC 9113 §6.6).</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="promise">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParsePushPromise(in FrameHeader header, ReadOnlyMemory<byte> payload, out PushPromisePayload promise)
    {
        promise = default;
        // §6.6: PUSH_PROMISE on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return ConnectionError(FrameRules.PushPromiseOnConnection);
        if (Unpad(header, payload, 4, FrameRules.PushPromisePadding, out var body, out var padding) is { } fault)
            return fault;
        var promised = ReadStreamId(body.Span);
        // §6.6: promising a stream that no server may open is a connection error
        if (!promised.IsServerInitiated)
            return ConnectionError(FrameRules.PromisedStream);
        promise = new PushPromisePayload(promised, new Octets(body[4..]), padding);
        return null;
    }

    /// <summary>CONTINUATION: fragment (RFC 9113 §6.10).</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="continuation">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParseContinuation(in FrameHeader header, ReadOnlyMemory<byte> payload, out ContinuationPayload continuation)
    {
        continuation = default;
        // §6.10: CONTINUATION on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return ConnectionError(FrameRules.ContinuationOnConnection);
        continuation = new ContinuationPayload(new Octets(payload));
        return null;
    }
}
