using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <content>The frames of extensions: ALTSVC, ORIGIN, PRIORITY_UPDATE.</content>
public static partial class FrameParser
{
    /// <summary>ALTSVC: origin length 16, origin, field value (RFC 7838 §4). A server ignores the frame without parsing it.</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="altSvc">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParseAltSvc(in FrameHeader header, ReadOnlyMemory<byte> payload, out AltSvcPayload altSvc)
    {
        altSvc = default;
        // §4.2 of RFC 9113: too short for its mandatory fields
        if (payload.Length < 2 || payload.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(payload.Span))
            return WrongSize(header, FrameRules.AltSvcLength);
        var length = BinaryPrimitives.ReadUInt16BigEndian(payload.Span);
        altSvc = new AltSvcPayload(new Octets(payload.Slice(2, length)), new Octets(payload[(2 + length)..]));
        return null;
    }

    /// <summary>ORIGIN: (length 16, origin) any number of times (RFC 8336 §2.1). On another stream than 0 a receiver ignores it.</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="origin">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParseOrigin(in FrameHeader header, ReadOnlyMemory<byte> payload, out OriginPayload origin)
    {
        origin = default;
        var left = payload.Span;
        while (!left.IsEmpty)
        {
            // §4.2 of RFC 9113: an entry that ends behind the payload is a size error
            if (left.Length < 2 || left.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(left))
                return WrongSize(header, FrameRules.OriginEntry);
            left = left[(2 + BinaryPrimitives.ReadUInt16BigEndian(left))..];
        }
        origin = new OriginPayload(new Octets(payload));
        return null;
    }

    /// <summary>PRIORITY_UPDATE: reserved 1, prioritized stream 31, field value (RFC 9218 §7.1).</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="update">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParsePriorityUpdate(in FrameHeader header, ReadOnlyMemory<byte> payload, out PriorityUpdatePayload update)
    {
        update = default;
        // RFC 9218 §7.1: the frame stands on stream 0, whatever stream it speaks of
        if (!header.StreamId.IsConnection)
            return ConnectionError(FrameRules.PriorityUpdateOnStream);
        // RFC 9218 §7.1: shorter than its mandatory field is a connection error
        if (payload.Length < 4)
            return ConnectionSizeError(FrameRules.PriorityUpdateLength);
        var prioritized = ReadStreamId(payload.Span);
        // RFC 9218 §7.1: stream 0 has no priority
        if (prioritized.IsConnection)
            return ConnectionError(FrameRules.PrioritizedStream);
        update = new PriorityUpdatePayload(prioritized, new Octets(payload[4..]));
        return null;
    }
}
