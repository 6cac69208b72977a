using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>PRIORITY_UPDATE: <c>reserved 1, prioritized stream 31, field value</c> (RFC 9218 §7.1).</summary>
public static class PriorityUpdateFrame
{
    /// <summary>How many octets come before the field value: 4.</summary>
    internal const int FixedFields = 4;

    /// <summary>The longest field value that this end sends, in octets.</summary>
    internal const int MostFieldValue = 1024;

    internal static readonly Rule OnStream = new("RFC 9218", "7.1", "PRIORITY_UPDATE belongs to stream 0");
    internal static readonly Rule TooShort = new("RFC 9218", "7.1", "PRIORITY_UPDATE is at least 4 octets long");
    internal static readonly Rule PrioritizedStream = new("RFC 9218", "7.1", "a prioritized stream is not stream 0");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="update">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out PriorityUpdatePayload update)
    {
        update = default;
        // RFC 9218 §7.1: the frame stands on stream 0, whatever stream it speaks of
        if (!header.StreamId.IsConnection)
            return FrameRules.ConnectionError(OnStream);
        // RFC 9218 §7.1: a payload that is too short for the field it must have is a connection error
        if (payload.Length < FixedFields)
            return FrameRules.ConnectionSizeError(TooShort);
        var prioritized = FrameRules.ReadStreamId(payload.Span);
        // RFC 9218 §7.1: stream 0 has no priority
        if (prioritized.IsConnection)
            return FrameRules.ConnectionError(PrioritizedStream);
        update = new PriorityUpdatePayload(prioritized, new Octets(payload[FixedFields..]));
        return null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="prioritized">The stream whose priority it is.</param>
    /// <param name="fieldValue">A value of the Priority field.</param>
    public static void Write(OutputBuffer output, StreamId prioritized, ReadOnlySpan<byte> fieldValue)
    {
        var length = FixedFields + fieldValue.Length;
        var payload = FrameWriter.Reserve(output, length, FrameType.PriorityUpdate, FrameFlags.None, StreamId.Connection);
        PriorityUpdatePayload.Write(payload, prioritized, fieldValue);
    }
}

/// <summary>The payload of PRIORITY_UPDATE (RFC 9218 §7.1).</summary>
/// <param name="Prioritized">The stream whose priority it is.</param>
/// <param name="FieldValue">A value of the Priority field, a slice of the input.</param>
public readonly record struct PriorityUpdatePayload(StreamId Prioritized, Octets FieldValue) : IFramePayload
{
    int IFramePayload.Length => PriorityUpdateFrame.FixedFields + FieldValue.Length;

    void IFramePayload.Write(Span<byte> destination) => Write(destination, Prioritized, FieldValue.Span);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags) =>
        [$"(prioritized_stream_id={Prioritized}, priority_field_value=[{FrameText.Shortened(FieldValue)}])"];

    internal static void Write(Span<byte> destination, StreamId prioritized, ReadOnlySpan<byte> fieldValue)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, prioritized.Value);
        fieldValue.CopyTo(destination[PriorityUpdateFrame.FixedFields..]);
    }
}
