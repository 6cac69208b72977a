using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Payloads as values: one function for each type, which allocates nothing but a fault, and copies nothing. Each takes a header and exactly
/// the payload that it announces; what the frame means to a connection is judged elsewhere. Pure, thread-safe.
/// </summary>
public static partial class FrameParser
{
    /// <summary>
    /// Judges the length that a header announces (RFC 9113 §4.2), so that a frame that is too large is refused before its payload came.
    /// After
    /// a stream fault the payload still has to be skipped, and counts against flow control when it is DATA.
    /// </summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="maxFrameSize">Our SETTINGS_MAX_FRAME_SIZE.</param>
    /// <returns>FRAME_SIZE_ERROR, or null.</returns>
    public static Fault? CheckLength(in FrameHeader header, int maxFrameSize) =>
        header.Length > maxFrameSize ? WrongSize(header, FrameRules.FrameTooLarge) : null;

    // §4.2: a size error in what may change the whole connection's state (field blocks, SETTINGS, stream 0) ends the connection.
    private static Fault WrongSize(in FrameHeader header, Rule rule) =>
        header.CarriesFieldBlock || header.Type == FrameType.Settings || header.StreamId.IsConnection
            ? new Fault.OfConnection(ErrorCode.FrameSizeError, rule)
            : new Fault.OfStream(header.StreamId, ErrorCode.FrameSizeError, rule);

    private static Fault.OfConnection ConnectionSizeError(Rule rule) => new(ErrorCode.FrameSizeError, rule);

    private static Fault.OfConnection ConnectionError(Rule rule) => new(ErrorCode.ProtocolError, rule);

    private static Fault.OfStream StreamError(in FrameHeader header, Rule rule) => new(header.StreamId, ErrorCode.ProtocolError, rule);

    private static StreamId ReadStreamId(ReadOnlySpan<byte> octets) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(octets) & StreamId.MaxValue); // the reserved bit means nothing on receipt

    /// <summary>
    /// The one padding rule: [length] fixed fields, content, [padding]. The pad length must leave room for the fixed fields (§6.1, 6.2,
    /// 6.6).
    /// </summary>
    private static Fault? Unpad(
        in FrameHeader header, ReadOnlyMemory<byte> payload, int fixedFields, Rule rule, out ReadOnlyMemory<byte> body, out Octets? padding)
    {
        body = payload;
        padding = null;
        var padded = header.Has(FrameFlags.Padded);
        // §4.2: a payload too small for its mandatory fields is a size error, and no padding error
        if (payload.Length < fixedFields + (padded ? 1 : 0))
            return WrongSize(header, FrameRules.PayloadTooShort);
        if (!padded)
            return null;
        var length = payload.Span[0];
        // the pad length octet itself is part of the payload
        if (length > payload.Length - 1 - fixedFields)
            return ConnectionError(rule);
        body = payload[1..^length];
        padding = new Octets(payload[^length..]);
        return null;
    }
}
