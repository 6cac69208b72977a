using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Frames as octets, written to a buffer that the caller lends. What is special to a type stands in the file of that type, for example
/// <see cref="PingFrame.Write"/>. Nothing is judged here, so that tests can also write what no honest end sends. Not thread-safe for one
/// buffer.
/// </summary>
public static class FrameWriter
{
    /// <summary>Writes a frame of any type from its parts.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="type">The type.</param>
    /// <param name="flags">The flags.</param>
    /// <param name="id">The stream.</param>
    /// <param name="payload">The payload, at most 2^24-1 octets.</param>
    /// <exception cref="ArgumentOutOfRangeException">The payload is longer; nothing was written.</exception>
    public static void WriteFrame(OutputBuffer output, FrameType type, FrameFlags flags, StreamId id, ReadOnlySpan<byte> payload) =>
        payload.CopyTo(Reserve(output, payload.Length, type, flags, id));

    /// <summary>Writes a frame that is a value; nothing about it is judged.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="frame">The frame.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The payload is longer than 2^24-1 octets, or its padding than 255; nothing was written.
    /// </exception>
    public static void WriteFrame(OutputBuffer output, Frame frame)
    {
        var content = frame.Content;
        content.Write(Reserve(output, content.Length, frame.Type, frame.Flags, frame.StreamId));
    }

    /// <summary>Writes a frame header and makes room for the payload, which the caller fills before anything else is written.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="length">The length of the payload in octets.</param>
    /// <param name="type">The type.</param>
    /// <param name="flags">The flags.</param>
    /// <param name="id">The stream.</param>
    /// <returns>Where the payload goes: <paramref name="length"/> octets, whose content is undefined.</returns>
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
