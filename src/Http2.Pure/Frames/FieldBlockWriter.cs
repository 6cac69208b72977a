using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <content>Field blocks: encoded in place behind a reserved header, which is patched once the block's length is known.</content>
public static partial class FrameWriter
{
    /// <summary>
    /// Begins HEADERS: the caller writes the field block to <paramref name="output"/>, then calls <see cref="EndHeaders"/>.
    /// </summary>
    /// <param name="output">Where the octets go.</param>
    /// <returns>Where the frame begins, for <see cref="EndHeaders"/>; truncating to it drops the frame.</returns>
    public static int BeginHeaders(OutputBuffer output)
    {
        var start = output.Length;
        _ = output.GetSpan(FrameHeader.Size);
        output.Advance(FrameHeader.Size);
        return start;
    }

    /// <summary>
    /// Ends HEADERS: what was written since is its field block, cut into CONTINUATION frames when it is long (RFC 9113 §4.3).
    /// </summary>
    /// <param name="output">Where the octets went.</param>
    /// <param name="start">What <see cref="BeginHeaders"/> returned.</param>
    /// <param name="id">The stream.</param>
    /// <param name="endStream">Whether HEADERS ends this side of the stream.</param>
    /// <param name="maxFrameSize">The peer's SETTINGS_MAX_FRAME_SIZE.</param>
    public static void EndHeaders(OutputBuffer output, int start, StreamId id, bool endStream, int maxFrameSize) =>
        EndBlock(output, start, FrameType.Headers, endStream ? FrameFlags.EndStream : FrameFlags.None, id, maxFrameSize);

    /// <summary>
    /// Begins PUSH_PROMISE: the caller writes the field block to <paramref name="output"/>, then calls <see cref="EndPushPromise"/>.
    /// </summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="promised">The stream that is reserved.</param>
    /// <returns>Where the frame begins, for <see cref="EndPushPromise"/>.</returns>
    public static int BeginPushPromise(OutputBuffer output, StreamId promised)
    {
        var start = output.Length;
        BinaryPrimitives.WriteUInt32BigEndian(output.GetSpan(FrameHeader.Size + 4)[FrameHeader.Size..], promised.Value);
        output.Advance(FrameHeader.Size + 4);
        return start;
    }

    /// <summary>Ends PUSH_PROMISE like <see cref="EndHeaders"/>.</summary>
    /// <param name="output">Where the octets went.</param>
    /// <param name="start">What <see cref="BeginPushPromise"/> returned.</param>
    /// <param name="id">The stream whose request the promise belongs to.</param>
    /// <param name="maxFrameSize">The peer's SETTINGS_MAX_FRAME_SIZE.</param>
    public static void EndPushPromise(OutputBuffer output, int start, StreamId id, int maxFrameSize) =>
        EndBlock(output, start, FrameType.PushPromise, FrameFlags.None, id, maxFrameSize);

    private static void EndBlock(OutputBuffer output, int start, FrameType type, FrameFlags flags, StreamId id, int maxFrameSize)
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
        // from the last part to the first, so that each moves once, to where its header leaves it
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
