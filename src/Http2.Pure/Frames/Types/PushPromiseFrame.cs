using System.Buffers.Binary;
using System.Globalization;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// PUSH_PROMISE: <c>[pad length 8] reserved 1, promised stream 31, fragment [padding]</c> (RFC 9113 §6.6).
/// </summary>
public static class PushPromiseFrame
{
    /// <summary>How many octets come before the fragment: 4.</summary>
    internal const int FixedFields = 4;

    internal static readonly Rule OnConnection = Rule.Http2("6.6", "PUSH_PROMISE belongs to a stream, not to stream 0");
    internal static readonly Rule TooMuchPadding = Rule.Http2("6.6", "padding leaves room for the other fields of its PUSH_PROMISE frame");
    internal static readonly Rule PromisedStream = Rule.Http2("6.6", "a promised stream is one that a server may open: even and not 0");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="promise">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out PushPromisePayload promise)
    {
        promise = default;
        // §6.6: PUSH_PROMISE on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return FrameRules.ConnectionError(OnConnection);
        if (FramePadding.Remove(header, payload, FixedFields, TooMuchPadding, out var body, out var padding) is { } fault)
            return fault;
        var promised = FrameRules.ReadStreamId(body.Span);
        // §6.6: promising a stream that no server may open is a connection error
        if (!promised.IsServerInitiated)
            return FrameRules.ConnectionError(PromisedStream);
        promise = new PushPromisePayload(promised, new Octets(body[FixedFields..]), padding);
        return null;
    }

    /// <summary>Begins the frame: the caller writes the field block to <paramref name="output"/>, then calls <see cref="End"/>.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="promised">The stream that is reserved.</param>
    /// <returns>Where the frame begins, for <see cref="End"/>.</returns>
    public static int Begin(OutputBuffer output, StreamId promised)
    {
        BinaryPrimitives.WriteUInt32BigEndian(FieldBlockFrames.Begin(output, FixedFields, out var start), promised.Value);
        return start;
    }

    /// <summary>Ends the frame, as <see cref="HeadersFrame.End"/> does.</summary>
    /// <param name="output">Where the octets went.</param>
    /// <param name="start">What <see cref="Begin"/> returned.</param>
    /// <param name="id">The stream whose request the promise belongs to.</param>
    /// <param name="maxFrameSize">The SETTINGS_MAX_FRAME_SIZE of the peer, in octets.</param>
    public static void End(OutputBuffer output, int start, StreamId id, int maxFrameSize) =>
        FieldBlockFrames.End(output, start, FrameType.PushPromise, FrameFlags.None, id, maxFrameSize);
}

/// <summary>The payload of PUSH_PROMISE (RFC 9113 §6.6).</summary>
/// <param name="Promised">The stream that is reserved: even and not 0.</param>
/// <param name="Fragment">The field block of the promised request or its first part, a slice of the input.</param>
/// <param name="Padding">The octets of the padding, or null when the frame is not PADDED.</param>
public readonly record struct PushPromisePayload(StreamId Promised, Octets Fragment, Octets? Padding = null) : IFramePayload
{
    FrameFlags IFramePayload.Flags => FramePadding.FlagOf(Padding);

    int IFramePayload.Length => PushPromiseFrame.FixedFields + Fragment.Length + FramePadding.LengthOf(Padding);

    void IFramePayload.Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(
        FramePadding.Write(destination, PushPromiseFrame.FixedFields, Fragment, Padding), Promised.Value);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags)
    {
        var padded = Padding is { } padding ? string.Create(CultureInfo.InvariantCulture, $"padlen={padding.Length}, ") : "";
        return [$"({padded}promised_stream_id={Promised})"];
    }
}
