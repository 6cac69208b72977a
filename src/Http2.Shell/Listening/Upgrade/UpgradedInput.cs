using System.Buffers.Binary;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// The octets that a client would have sent when it had begun with HTTP/2: its preface, SETTINGS, and the request on stream 1. The connection
/// takes them like any other input, so the rules of a request are those of every request, and a recording replays the upgrade.
/// </summary>
internal static class UpgradedInput
{
    private const int FrameHeaderLength = 9;
    private const int MostFrame = WireConstants.SmallestMaxFrameSize;

    /// <summary>
    /// Where the first frame behind the client's preface ends; null when more octets are needed. What is no preface, or begins with another
    /// frame, ends at once: the connection judges it.
    /// </summary>
    public static int? EndOfFirstSettings(ReadOnlySpan<byte> octets)
    {
        var preface = WireConstants.Preface;
        if (!preface.StartsWith(octets[..Math.Min(octets.Length, preface.Length)]))
            return 0;
        if (octets.Length < preface.Length + FrameHeaderLength)
            return null;
        var frame = octets[preface.Length..];
        var length = (int)(BinaryPrimitives.ReadUInt32BigEndian(frame) >> 8);
        if (!IsSettings(frame) || length > MostFrame)
            return 0;
        return frame.Length < FrameHeaderLength + length ? null : preface.Length + FrameHeaderLength + length;
    }

    /// <summary>Puts the request between the client's first SETTINGS and what is behind it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="content">Its content.</param>
    /// <param name="received">What the client has sent in HTTP/2.</param>
    /// <param name="end">Where its first SETTINGS ends in that; 0 when it did not begin with them.</param>
    public static ReadOnlyMemory<byte> Join(UpgradeRequest request, ReadOnlySpan<byte> content, ReadOnlySpan<byte> received, int end)
    {
        if (end == 0)
            return received.ToArray();
        var output = new OutputBuffer(received.Length + content.Length + 1024);
        output.Write(WireConstants.Preface);
        // RFC 7540 §3.2.1: HTTP2-Settings counts as the client's first SETTINGS, and 101 acknowledges them. The frame behind the preface is
        // acknowledged by itself, so both are taken as one: the values of the field, then those of the frame.
        var own = received[(WireConstants.Preface.Length + FrameHeaderLength)..end];
        FrameWriter.WriteFrame(output, FrameType.Settings, FrameFlags.None, StreamId.Connection, [.. request.Settings, .. own]);
        var block = HpackEncoder.Encode(EncoderState.Create(), request.Fields).Block;
        WriteHead(output, block.Span, endStream: content.IsEmpty);
        for (var at = 0; at < content.Length; at += MostFrame)
        {
            var part = content[at..Math.Min(content.Length, at + MostFrame)];
            DataFrame.Write(output, new StreamId(1), part, endStream: at + part.Length == content.Length);
        }
        output.Write(received[end..]);
        return output.WrittenMemory.ToArray();
    }

    private static void WriteHead(OutputBuffer output, ReadOnlySpan<byte> block, bool endStream)
    {
        var first = block[..Math.Min(block.Length, MostFrame)];
        var flags = (endStream ? FrameFlags.EndStream : 0) | (first.Length == block.Length ? FrameFlags.EndHeaders : 0);
        FrameWriter.WriteFrame(output, FrameType.Headers, flags, new StreamId(1), first);
        for (var at = first.Length; at < block.Length; at += MostFrame)
        {
            var part = block[at..Math.Min(block.Length, at + MostFrame)];
            var last = at + part.Length == block.Length ? FrameFlags.EndHeaders : FrameFlags.None;
            FrameWriter.WriteFrame(output, FrameType.Continuation, last, new StreamId(1), part);
        }
    }

    // SETTINGS on stream 0 that acknowledge nothing and have whole entries; others are left as they are, for the connection to judge.
    private static bool IsSettings(ReadOnlySpan<byte> frame) =>
        frame[3] == (byte)FrameType.Settings && (frame[4] & (byte)FrameFlags.Ack) == 0
        && (BinaryPrimitives.ReadUInt32BigEndian(frame[5..]) & 0x7fffffff) == 0 && (BinaryPrimitives.ReadUInt32BigEndian(frame) >> 8) % 6 == 0;
}
