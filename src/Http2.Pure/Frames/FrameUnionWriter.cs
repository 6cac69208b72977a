using System.Buffers.Binary;
using System.Diagnostics;
using Hpack.Pure;

namespace Http2.Pure;

/// <content>Frames of the union, with their padding and all their flags.</content>
public static partial class FrameWriter
{
    /// <summary>Any frame as a value.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="frame">The frame; nothing about it is judged.</param>
    /// <exception cref="ArgumentOutOfRangeException">The payload is longer than 2^24-1 octets, or its padding than 255.</exception>
    public static void WriteFrame(OutputBuffer output, Frame frame)
    {
        switch (frame)
        {
            case Frame.Data data:
                WritePadded(output, frame, 0, data.Payload.Data, data.Payload.Padding);
                break;
            case Frame.Headers { Payload: { Priority: { } priority } payload }:
                WritePriorityFields(WritePadded(output, frame, 5, payload.Fragment, payload.Padding), priority);
                break;
            case Frame.Headers { Payload: var payload }:
                WritePadded(output, frame, 0, payload.Fragment, payload.Padding);
                break;
            case Frame.PushPromise { Payload: var payload }:
                BinaryPrimitives.WriteUInt32BigEndian(
                    WritePadded(output, frame, 4, payload.Fragment, payload.Padding), payload.Promised.Value);
                break;
            default:
                var start = output.Length;
                WritePlain(output, frame);
                // flags that mean nothing for the type are kept
                output.Written(start)[4] |= (byte)frame.Flags;
                break;
        }
    }

    private static void WritePlain(OutputBuffer output, Frame frame)
    {
        switch (frame)
        {
            case Frame.Priority { Payload: var priority }:
                WritePriority(output, frame.StreamId, priority);
                break;
            case Frame.RstStream { Payload: var reset }:
                WriteRstStream(output, frame.StreamId, reset.Code);
                break;
            case Frame.Settings { Payload: var settings }:
                WriteFrame(output, FrameType.Settings, frame.Flags, frame.StreamId, settings.Entries.Span);
                break;
            case Frame.Ping { Payload: var ping }:
                WritePing(output, ping.Opaque);
                break;
            case Frame.GoAway { Payload: var goAway }:
                WriteGoAway(output, goAway.LastStreamId, goAway.Code, goAway.Debug.Span);
                break;
            case Frame.WindowUpdate { Payload: var update }:
                WriteWindowUpdate(output, frame.StreamId, update.Increment);
                break;
            case Frame.Continuation { Payload: var continuation }:
                WriteFrame(output, FrameType.Continuation, frame.Flags, frame.StreamId, continuation.Fragment.Span);
                break;
            case Frame.AltSvc { Payload: var altSvc }:
                WriteAltSvc(output, frame.StreamId, altSvc.Origin.Span, altSvc.FieldValue.Span);
                break;
            case Frame.Origin { Payload: var origin }:
                WriteFrame(output, FrameType.Origin, frame.Flags, frame.StreamId, origin.Entries.Span);
                break;
            case Frame.PriorityUpdate { Payload: var update }:
                WritePriorityUpdate(output, update.Prioritized, update.FieldValue.Span);
                break;
            case Frame.Unknown { Payload: var unknown }:
                WriteFrame(output, frame.Type, frame.Flags, frame.StreamId, unknown.Body.Span);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>[pad length] fixed fields, content, [padding]: writes all but the fixed fields and gives their place.</summary>
    private static Span<byte> WritePadded(OutputBuffer output, Frame frame, int fixedFields, Octets content, Octets? padding)
    {
        var padLength = padding?.Length ?? 0;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(padLength, 255, nameof(padding));
        var prefix = padding.HasValue ? 1 : 0;
        // what the payload has decides these two, whatever the flags of a changed copy say
        var flags = frame.Flags & ~FrameFlags.Padded | (padding.HasValue ? FrameFlags.Padded : 0);
        if (frame.Type == FrameType.Headers)
            flags = flags & ~FrameFlags.Priority | (fixedFields == 0 ? 0 : FrameFlags.Priority);
        var payload = Reserve(output, prefix + fixedFields + content.Length + padLength, frame.Type, flags, frame.StreamId);
        if (padding.HasValue)
            payload[0] = (byte)padLength;
        content.Span.CopyTo(payload[(prefix + fixedFields)..]);
        (padding ?? default).Span.CopyTo(payload[(prefix + fixedFields + content.Length)..]);
        return payload.Slice(prefix, fixedFields);
    }
}
