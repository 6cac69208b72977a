using System.Buffers.Binary;
using System.Globalization;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// PRIORITY: <c>exclusive 1, dependency 31, weight 8</c> (RFC 9113 §6.3). RFC 9113 §5.3.2 deprecates the scheme: the form of the frame is
/// judged, what it says is not used. A stream that depends on itself, an error in RFC 7540 §5.3.1, is none any more.
/// </summary>
public static class PriorityFrame
{
    /// <summary>How many octets the payload has: 5.</summary>
    internal const int Length = 5;

    internal static readonly Rule OnConnection = Rule.Http2("6.3", "PRIORITY belongs to a stream, not to stream 0");
    internal static readonly Rule WrongLength = Rule.Http2("6.3", "PRIORITY is 5 octets long");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="priority">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out PriorityPayload priority)
    {
        priority = default;
        // §6.3: PRIORITY on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return FrameRules.ConnectionError(OnConnection);
        // §6.3: a wrong length is an error of the stream only
        if (payload.Length != Length)
            return new Fault.OfStream(header.StreamId, ErrorCode.FrameSizeError, WrongLength);
        priority = PriorityPayload.Read(payload.Span);
        return null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream.</param>
    /// <param name="priority">Its priority.</param>
    public static void Write(OutputBuffer output, StreamId id, PriorityPayload priority) =>
        priority.Write(FrameWriter.Reserve(output, Length, FrameType.Priority, FrameFlags.None, id));
}

/// <summary>The five octets of deprecated priority, in PRIORITY and in HEADERS (RFC 9113 §6.3).</summary>
/// <param name="Exclusive">The exclusive flag.</param>
/// <param name="Dependency">The stream depended on.</param>
/// <param name="Weight">1 to 256; one more than the octet on the wire.</param>
public readonly record struct PriorityPayload(bool Exclusive, StreamId Dependency, int Weight) : IFramePayload
{
    private const uint ExclusiveBit = 1u << 31;

    int IFramePayload.Length => PriorityFrame.Length;

    void IFramePayload.Write(Span<byte> destination) => Write(destination);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags) => [$"({ToText()})"];

    internal static PriorityPayload Read(ReadOnlySpan<byte> octets) =>
        new((octets[0] & 0x80) != 0, FrameRules.ReadStreamId(octets), octets[4] + 1);

    internal void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Dependency.Value | (Exclusive ? ExclusiveBit : 0));
        destination[4] = (byte)(Weight - 1);
    }

    internal string ToText() => string.Create(
        CultureInfo.InvariantCulture, $"dep_stream_id={Dependency}, weight={Weight}, exclusive={(Exclusive ? 1 : 0)}");
}
