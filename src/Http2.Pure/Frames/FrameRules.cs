using System.Buffers.Binary;

namespace Http2.Pure;

/// <summary>
/// What the rules about single frames have in common: the two that hold for every type, and the faults that breaking a rule leads to. The
/// rules of one type stand in the file of that type.
/// </summary>
internal static class FrameRules
{
    public static readonly Rule FrameTooLarge = Rule.Http2("4.2", "no frame is larger than SETTINGS_MAX_FRAME_SIZE");
    public static readonly Rule PayloadTooShort = Rule.Http2("4.2", "a payload holds at least the fields that its type and flags announce");

    /// <summary>
    /// A size error. In a frame that may change the state of the whole connection (one with a part of a field block, SETTINGS, any frame on
    /// stream 0) it ends the connection, in any other frame only the stream (RFC 9113 §4.2).
    /// </summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="rule">The rule that is broken.</param>
    public static Fault WrongSize(in FrameHeader header, Rule rule) =>
        header.CarriesFieldBlock || header.Type == FrameType.Settings || header.StreamId.IsConnection
            ? new Fault.OfConnection(ErrorCode.FrameSizeError, rule)
            : new Fault.OfStream(header.StreamId, ErrorCode.FrameSizeError, rule);

    /// <summary>A size error that ends the connection whatever the stream.</summary>
    /// <param name="rule">The rule that is broken.</param>
    public static Fault.OfConnection ConnectionSizeError(Rule rule) => new(ErrorCode.FrameSizeError, rule);

    /// <summary>A PROTOCOL_ERROR that ends the connection.</summary>
    /// <param name="rule">The rule that is broken.</param>
    public static Fault.OfConnection ConnectionError(Rule rule) => new(ErrorCode.ProtocolError, rule);

    /// <summary>Reads a stream identifier of a payload; the reserved bit before it means nothing on receipt (RFC 9113 §4.1).</summary>
    /// <param name="octets">Four octets or more.</param>
    public static StreamId ReadStreamId(ReadOnlySpan<byte> octets) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(octets) & WireConstants.MaxStreamId);
}
