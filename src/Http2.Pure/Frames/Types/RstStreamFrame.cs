using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>RST_STREAM: <c>error code 32</c> (RFC 9113 §6.4).</summary>
public static class RstStreamFrame
{
    internal const int Length = 4;

    internal static readonly Rule OnConnection = Rule.Http2("6.4", "RST_STREAM belongs to a stream, not to stream 0");
    internal static readonly Rule WrongLength = Rule.Http2("6.4", "RST_STREAM is 4 octets long");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="reset">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out RstStreamPayload reset)
    {
        reset = default;
        // §6.4: RST_STREAM on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return FrameRules.ConnectionError(OnConnection);
        // §6.4: a wrong length is a connection error, because a stream error would be answered with RST_STREAM
        if (payload.Length != Length)
            return FrameRules.ConnectionSizeError(WrongLength);
        reset = new RstStreamPayload((ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload.Span));
        return null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream.</param>
    /// <param name="code">Why it ends.</param>
    public static void Write(OutputBuffer output, StreamId id, ErrorCode code) =>
        new RstStreamPayload(code).Write(FrameWriter.Reserve(output, Length, FrameType.RstStream, FrameFlags.None, id));
}

/// <summary>The payload of RST_STREAM (RFC 9113 §6.4).</summary>
/// <param name="Code">Why the stream ended.</param>
public readonly record struct RstStreamPayload(ErrorCode Code) : IFramePayload
{
    int IFramePayload.Length => RstStreamFrame.Length;

    void IFramePayload.Write(Span<byte> destination) => Write(destination);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags) => [$"(error_code={WireNames.WithNumber(Code)})"];

    internal void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Code);
}
