using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Frames as octets: one function for each type, writing to a buffer that the caller lends, without allocating. Nothing is judged here, so
/// that
/// tests may also write what no honest end sends. Pure but for the buffer.
/// </summary>
public static partial class FrameWriter
{
    /// <summary>Any frame: header and payload as they are given.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="type">The type.</param>
    /// <param name="flags">The flags.</param>
    /// <param name="id">The stream.</param>
    /// <param name="payload">The payload, at most 2^24-1 octets.</param>
    public static void WriteFrame(OutputBuffer output, FrameType type, FrameFlags flags, StreamId id, ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(Reserve(output, payload.Length, type, flags, id));
    }

    /// <summary>DATA (RFC 9113 §6.1).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream.</param>
    /// <param name="data">The octets of the body.</param>
    /// <param name="endStream">Whether they are the last.</param>
    public static void WriteData(OutputBuffer output, StreamId id, ReadOnlySpan<byte> data, bool endStream) =>
        WriteFrame(output, FrameType.Data, endStream ? FrameFlags.EndStream : FrameFlags.None, id, data);

    /// <summary>PRIORITY (RFC 9113 §6.3).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream.</param>
    /// <param name="priority">Its priority.</param>
    public static void WritePriority(OutputBuffer output, StreamId id, PriorityPayload priority) =>
        WritePriorityFields(Reserve(output, 5, FrameType.Priority, FrameFlags.None, id), priority);

    /// <summary>RST_STREAM (RFC 9113 §6.4).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream.</param>
    /// <param name="code">Why it ends.</param>
    public static void WriteRstStream(OutputBuffer output, StreamId id, ErrorCode code) =>
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(output, 4, FrameType.RstStream, FrameFlags.None, id), (uint)code);

    /// <summary>SETTINGS (RFC 9113 §6.5).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="settings">The entries, in order.</param>
    public static void WriteSettings(OutputBuffer output, params ReadOnlySpan<Setting> settings)
    {
        var length = settings.Length * SettingsPayload.EntrySize;
        var payload = Reserve(output, length, FrameType.Settings, FrameFlags.None, StreamId.Connection);
        foreach (var (id, value) in settings)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)id);
            BinaryPrimitives.WriteUInt32BigEndian(payload[2..], value);
            payload = payload[SettingsPayload.EntrySize..];
        }
    }

    /// <summary>SETTINGS with ACK (RFC 9113 §6.5.3).</summary>
    /// <param name="output">Where the octets go.</param>
    public static void WriteSettingsAck(OutputBuffer output) =>
        Reserve(output, 0, FrameType.Settings, FrameFlags.Ack, StreamId.Connection);

    /// <summary>PING (RFC 9113 §6.7).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="opaque">The eight octets.</param>
    /// <param name="ack">Whether it answers the peer's.</param>
    public static void WritePing(OutputBuffer output, ulong opaque, bool ack = false) =>
        BinaryPrimitives.WriteUInt64BigEndian(
            Reserve(output, 8, FrameType.Ping, ack ? FrameFlags.Ack : FrameFlags.None, StreamId.Connection), opaque);

    /// <summary>GOAWAY (RFC 9113 §6.8).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="last">The last stream of the peer that was or may be worked on.</param>
    /// <param name="code">Why the connection ends.</param>
    /// <param name="debug">Debug data.</param>
    public static void WriteGoAway(OutputBuffer output, StreamId last, ErrorCode code, ReadOnlySpan<byte> debug = default)
    {
        var payload = Reserve(output, 8 + debug.Length, FrameType.GoAway, FrameFlags.None, StreamId.Connection);
        BinaryPrimitives.WriteUInt32BigEndian(payload, last.Value);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)code);
        debug.CopyTo(payload[8..]);
    }

    /// <summary>WINDOW_UPDATE (RFC 9113 §6.9).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream; 0 for the connection's window.</param>
    /// <param name="increment">The credit in octets, 1 to 2^31-1.</param>
    public static void WriteWindowUpdate(OutputBuffer output, StreamId id, uint increment) =>
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(output, 4, FrameType.WindowUpdate, FrameFlags.None, id), increment);

    /// <summary>CONTINUATION (RFC 9113 §6.10).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream.</param>
    /// <param name="fragment">The next part of the field block.</param>
    /// <param name="endHeaders">Whether it is the last.</param>
    public static void WriteContinuation(OutputBuffer output, StreamId id, ReadOnlySpan<byte> fragment, bool endHeaders) =>
        WriteFrame(output, FrameType.Continuation, endHeaders ? FrameFlags.EndHeaders : FrameFlags.None, id, fragment);

    /// <summary>ALTSVC (RFC 7838 §4).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream, or 0 with an origin.</param>
    /// <param name="origin">The origin on stream 0, at most 65,535 octets; else empty.</param>
    /// <param name="fieldValue">A value of the Alt-Svc field.</param>
    /// <exception cref="OverflowException">The origin is longer.</exception>
    public static void WriteAltSvc(OutputBuffer output, StreamId id, ReadOnlySpan<byte> origin, ReadOnlySpan<byte> fieldValue)
    {
        // before anything is written, so that no part of a frame is left behind
        var length = checked((ushort)origin.Length);
        var payload = Reserve(output, 2 + length + fieldValue.Length, FrameType.AltSvc, FrameFlags.None, id);
        BinaryPrimitives.WriteUInt16BigEndian(payload, length);
        origin.CopyTo(payload[2..]);
        fieldValue.CopyTo(payload[(2 + length)..]);
    }

    /// <summary>ORIGIN (RFC 8336 §2).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="origins">The origins.</param>
    public static void WriteOrigin(OutputBuffer output, OriginPayload origins) =>
        WriteFrame(output, FrameType.Origin, FrameFlags.None, StreamId.Connection, origins.Entries.Span);

    /// <summary>PRIORITY_UPDATE (RFC 9218 §7.1).</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="prioritized">The stream whose priority it is.</param>
    /// <param name="fieldValue">A value of the Priority field.</param>
    public static void WritePriorityUpdate(OutputBuffer output, StreamId prioritized, ReadOnlySpan<byte> fieldValue)
    {
        var payload = Reserve(output, 4 + fieldValue.Length, FrameType.PriorityUpdate, FrameFlags.None, StreamId.Connection);
        BinaryPrimitives.WriteUInt32BigEndian(payload, prioritized.Value);
        fieldValue.CopyTo(payload[4..]);
    }

    internal static void WritePriorityFields(Span<byte> destination, PriorityPayload priority)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, priority.Dependency.Value | (priority.Exclusive ? 0x80000000 : 0));
        destination[4] = (byte)(priority.Weight - 1);
    }

    /// <summary>Writes the header and gives room for the payload, which the caller fills at once.</summary>
    internal static Span<byte> Reserve(OutputBuffer output, int length, FrameType type, FrameFlags flags, StreamId id)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, FrameHeader.MaxLength);
        var size = FrameHeader.Size + length;
        var span = output.GetSpan(size)[..size];
        new FrameHeader(length, type, flags, id).Write(span);
        output.Advance(size);
        return span[FrameHeader.Size..];
    }
}
