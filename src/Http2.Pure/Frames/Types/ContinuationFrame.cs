using Hpack.Pure;

namespace Http2.Pure;

/// <summary>CONTINUATION: <c>fragment</c> (RFC 9113 §6.10).</summary>
public static class ContinuationFrame
{
    internal static readonly Rule OnConnection = Rule.Http2("6.10", "CONTINUATION belongs to a stream, not to stream 0");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="continuation">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out ContinuationPayload continuation)
    {
        continuation = default;
        // §6.10: CONTINUATION on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return FrameRules.ConnectionError(OnConnection);
        continuation = new ContinuationPayload(new Octets(payload));
        return null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream.</param>
    /// <param name="fragment">The next part of the field block.</param>
    /// <param name="endHeaders">Whether it is the last part.</param>
    public static void Write(OutputBuffer output, StreamId id, ReadOnlySpan<byte> fragment, bool endHeaders) =>
        FrameWriter.WriteFrame(output, FrameType.Continuation, endHeaders ? FrameFlags.EndHeaders : FrameFlags.None, id, fragment);
}

/// <summary>The payload of CONTINUATION (RFC 9113 §6.10).</summary>
/// <param name="Fragment">The next part of the field block, a slice of the input.</param>
public readonly record struct ContinuationPayload(Octets Fragment) : IFramePayload
{
    int IFramePayload.Length => Fragment.Length;

    void IFramePayload.Write(Span<byte> destination) => Fragment.Span.CopyTo(destination);
}
