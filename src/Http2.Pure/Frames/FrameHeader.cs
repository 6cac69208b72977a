using System.Buffers.Binary;

namespace Http2.Pure;

/// <summary>
/// The nine octets before every payload (RFC 9113 §4.1): length 24 bits, type 8, flags 8, a reserved bit, stream identifier 31.
/// </summary>
/// <param name="Length">The payload's length in octets, 0 to 2^24-1; the nine octets do not count.</param>
/// <param name="Type">What the frame is for.</param>
/// <param name="Flags">All eight flag bits as they came.</param>
/// <param name="StreamId">The stream; 0 is the connection.</param>
public readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, StreamId StreamId)
{
    /// <summary>How many octets a header takes: 9.</summary>
    public const int Size = 9;

    /// <summary>The largest length that a header can state: 2^24-1.</summary>
    public const int MaxLength = WireConstants.LargestMaxFrameSize;

    /// <summary>Whether the frame carries (a part of) a field block: HEADERS, PUSH_PROMISE, CONTINUATION (RFC 9113 §4.3).</summary>
    public bool CarriesFieldBlock => Type is FrameType.Headers or FrameType.PushPromise or FrameType.Continuation;

    /// <summary>Whether all of <paramref name="flags"/> are set.</summary>
    /// <param name="flags">One flag or several.</param>
    public bool Has(FrameFlags flags) => (Flags & flags) == flags;

    /// <summary>
    /// Judges the length that the header states (RFC 9113 §4.2), so that a frame that is too large is refused before its payload came. After
    /// a stream fault the payload still has to be skipped, and counts against flow control when it is DATA.
    /// </summary>
    /// <param name="maxFrameSize">The SETTINGS_MAX_FRAME_SIZE of this end, in octets.</param>
    /// <returns>FRAME_SIZE_ERROR, or null.</returns>
    public Fault? CheckLength(int maxFrameSize) => Length > maxFrameSize ? FrameRules.WrongSize(this, FrameRules.FrameTooLarge) : null;

    /// <summary>Reads a header. Every nine octets are one; the reserved bit is ignored (RFC 9113 §4.1).</summary>
    /// <param name="octets">At least <see cref="Size"/> octets.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer octets.</exception>
    public static FrameHeader Parse(ReadOnlySpan<byte> octets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(octets.Length, Size, nameof(octets));
        var first = BinaryPrimitives.ReadUInt32BigEndian(octets);
        return new FrameHeader(
            (int)(first >> 8), (FrameType)(byte)first, (FrameFlags)octets[4],
            new StreamId(BinaryPrimitives.ReadUInt32BigEndian(octets[5..]) & WireConstants.MaxStreamId));
    }

    /// <summary>Writes the header with the reserved bit unset (RFC 9113 §4.1).</summary>
    /// <param name="destination">At least <see cref="Size"/> octets.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)Length << 8) | (byte)Type);
        destination[4] = (byte)Flags;
        BinaryPrimitives.WriteUInt32BigEndian(destination[5..], StreamId.Value);
    }
}
