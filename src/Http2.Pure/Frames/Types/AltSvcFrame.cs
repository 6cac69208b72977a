using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>ALTSVC: <c>origin length 16, origin, field value</c> (RFC 7838 §4). A server ignores the frame without reading it.</summary>
public static class AltSvcFrame
{
    internal static readonly Rule WrongLength = new("RFC 7838", "4", "ALTSVC holds its origin and the origin's length");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="altSvc">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out AltSvcPayload altSvc)
    {
        altSvc = default;
        // RFC 9113 §4.2: the payload is too short for the fields it must have
        if (payload.Length < 2 || payload.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(payload.Span))
            return FrameRules.WrongSize(header, WrongLength);
        var length = BinaryPrimitives.ReadUInt16BigEndian(payload.Span);
        altSvc = new AltSvcPayload(new Octets(payload.Slice(2, length)), new Octets(payload[(2 + length)..]));
        return null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream, or 0 with an origin.</param>
    /// <param name="origin">The origin on stream 0, at most 65,535 octets; on a stream empty.</param>
    /// <param name="fieldValue">A value of the Alt-Svc field.</param>
    /// <exception cref="OverflowException">The origin is longer; nothing was written.</exception>
    public static void Write(OutputBuffer output, StreamId id, ReadOnlySpan<byte> origin, ReadOnlySpan<byte> fieldValue)
    {
        var length = AltSvcPayload.LengthOf(origin, fieldValue);
        AltSvcPayload.Write(FrameWriter.Reserve(output, length, FrameType.AltSvc, FrameFlags.None, id), origin, fieldValue);
    }
}

/// <summary>
/// The payload of ALTSVC (RFC 7838 §4). A receiver ignores a frame on a stream that has an origin, and one on stream 0 that has none.
/// </summary>
/// <param name="Origin">The origin that is meant; empty on a stream, whose own origin is meant.</param>
/// <param name="FieldValue">A value of the Alt-Svc field.</param>
public readonly record struct AltSvcPayload(Octets Origin, Octets FieldValue) : IFramePayload
{
    int IFramePayload.Length => LengthOf(Origin.Span, FieldValue.Span);

    void IFramePayload.Write(Span<byte> destination) => Write(destination, Origin.Span, FieldValue.Span);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags) =>
        [$"(origin=[{FrameText.Shortened(Origin)}], altsvc_field_value=[{FrameText.Shortened(FieldValue)}])"];

    internal static int LengthOf(ReadOnlySpan<byte> origin, ReadOnlySpan<byte> fieldValue) =>
        2 + checked((ushort)origin.Length) + fieldValue.Length;

    internal static void Write(Span<byte> destination, ReadOnlySpan<byte> origin, ReadOnlySpan<byte> fieldValue)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)origin.Length);
        origin.CopyTo(destination[2..]);
        fieldValue.CopyTo(destination[(2 + origin.Length)..]);
    }
}
