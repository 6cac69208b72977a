using System.Buffers.Binary;
using System.Globalization;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>WINDOW_UPDATE: <c>reserved 1, increment 31</c> (RFC 9113 §6.9).</summary>
public static class WindowUpdateFrame
{
    internal const int Length = 4;

    internal static readonly Rule WrongLength = Rule.Http2("6.9", "WINDOW_UPDATE is 4 octets long");
    internal static readonly Rule NoIncrement = Rule.Http2("6.9", "a window increment is not 0");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="update">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out WindowUpdatePayload update)
    {
        update = default;
        // §6.9: a wrong length is a connection error on any stream
        if (payload.Length != Length)
            return FrameRules.ConnectionSizeError(WrongLength);
        var increment = BinaryPrimitives.ReadUInt32BigEndian(payload.Span) & WireConstants.MaxWindow;
        // §6.9: an increment of 0 is an error of what the window belongs to: the connection or the stream
        if (increment == 0)
            return header.StreamId.IsConnection
                ? FrameRules.ConnectionError(NoIncrement)
                : new Fault.OfStream(header.StreamId, ErrorCode.ProtocolError, NoIncrement);
        update = new WindowUpdatePayload(increment);
        return null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream; 0 for the window of the connection.</param>
    /// <param name="increment">The credit in octets, 1 to 2^31-1.</param>
    public static void Write(OutputBuffer output, StreamId id, uint increment) =>
        new WindowUpdatePayload(increment).Write(FrameWriter.Reserve(output, Length, FrameType.WindowUpdate, FrameFlags.None, id));
}

/// <summary>The payload of WINDOW_UPDATE (RFC 9113 §6.9).</summary>
/// <param name="Increment">The credit in octets, 1 to 2^31-1.</param>
public readonly record struct WindowUpdatePayload(uint Increment) : IFramePayload
{
    int IFramePayload.Length => WindowUpdateFrame.Length;

    void IFramePayload.Write(Span<byte> destination) => Write(destination);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags) =>
        [string.Create(CultureInfo.InvariantCulture, $"(window_size_increment={Increment})")];

    internal void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, Increment);
}
