using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The frames of a field block that is sent. The block is encoded straight into the output buffer, behind room for one frame header; once
/// its length is known the header is written, and a block that is too long for one frame is cut into CONTINUATION frames (RFC 9113 §4.3).
/// </summary>
internal static class FieldBlockFrames
{
    /// <summary>Makes room for the header and the fixed fields of the first frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="fixedFields">How many octets come between the header and the block.</param>
    /// <param name="start">Where the frame begins in <paramref name="output"/>.</param>
    /// <returns>Where the fixed fields go.</returns>
    public static Span<byte> Begin(OutputBuffer output, int fixedFields, out int start)
    {
        start = output.Length;
        var span = output.GetSpan(FrameHeader.Size + fixedFields);
        output.Advance(FrameHeader.Size + fixedFields);
        return span.Slice(FrameHeader.Size, fixedFields);
    }

    /// <summary>Writes the header, or the headers when the block has to be cut.</summary>
    /// <param name="output">Where the octets went.</param>
    /// <param name="start">Where the first frame begins.</param>
    /// <param name="type">HEADERS or PUSH_PROMISE.</param>
    /// <param name="flags">The flags of the first frame but END_HEADERS.</param>
    /// <param name="id">The stream.</param>
    /// <param name="maxFrameSize">The SETTINGS_MAX_FRAME_SIZE of the peer, in octets.</param>
    public static void End(OutputBuffer output, int start, FrameType type, FrameFlags flags, StreamId id, int maxFrameSize)
    {
        var length = output.Length - start - FrameHeader.Size;
        if (length <= maxFrameSize)
        {
            new FrameHeader(length, type, flags | FrameFlags.EndHeaders, id).Write(output.Written(start));
            return;
        }
        var continuations = (length - 1) / maxFrameSize;
        _ = output.GetSpan(continuations * FrameHeader.Size);
        output.Advance(continuations * FrameHeader.Size);
        var frames = output.Written(start);
        // From the last part to the first, so that each part moves only once: to the place where the header before it leaves it.
        for (var i = continuations; i > 0; i--)
        {
            var from = FrameHeader.Size + i * maxFrameSize;
            var size = Math.Min(maxFrameSize, length - i * maxFrameSize);
            var to = i * (FrameHeader.Size + maxFrameSize);
            frames.Slice(from, size).CopyTo(frames[(to + FrameHeader.Size)..]);
            var last = i == continuations ? FrameFlags.EndHeaders : FrameFlags.None;
            new FrameHeader(size, FrameType.Continuation, last, id).Write(frames[to..]);
        }
        new FrameHeader(maxFrameSize, type, flags, id).Write(frames);
    }
}
