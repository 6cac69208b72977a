using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>GOAWAY: <c>reserved 1, last stream 31, error code 32, debug data</c> (RFC 9113 §6.8).</summary>
public static class GoAwayFrame
{
    /// <summary>How many octets come before the debug data: 8.</summary>
    internal const int FixedFields = 8;

    internal static readonly Rule OnStream = Rule.Http2("6.8", "GOAWAY belongs to stream 0");
    internal static readonly Rule TooShort = Rule.Http2("6.8", "GOAWAY is at least 8 octets long");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="goAway">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out GoAwayPayload goAway)
    {
        goAway = default;
        // §6.8: GOAWAY on a stream is a connection error
        if (!header.StreamId.IsConnection)
            return FrameRules.ConnectionError(OnStream);
        // §4.2: the payload is too short for the fields it must have
        if (payload.Length < FixedFields)
            return FrameRules.ConnectionSizeError(TooShort);
        var octets = payload.Span;
        var code = (ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(octets[4..]);
        goAway = new GoAwayPayload(FrameRules.ReadStreamId(octets), code, new Octets(payload[FixedFields..]));
        return null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="last">The last stream of the peer that was worked on, or may have been.</param>
    /// <param name="code">Why the connection ends.</param>
    /// <param name="debug">Debug data, for whoever reads a trace.</param>
    public static void Write(OutputBuffer output, StreamId last, ErrorCode code, ReadOnlySpan<byte> debug = default)
    {
        var payload = FrameWriter.Reserve(output, FixedFields + debug.Length, FrameType.GoAway, FrameFlags.None, StreamId.Connection);
        GoAwayPayload.Write(payload, last, code, debug);
    }
}

/// <summary>The payload of GOAWAY (RFC 9113 §6.8).</summary>
/// <param name="LastStreamId">The last stream of the receiver that the sender may have worked on.</param>
/// <param name="Code">Why the connection ends.</param>
/// <param name="Debug">Debug data, a slice of the input.</param>
public readonly record struct GoAwayPayload(StreamId LastStreamId, ErrorCode Code, Octets Debug = default) : IFramePayload
{
    int IFramePayload.Length => GoAwayFrame.FixedFields + Debug.Length;

    void IFramePayload.Write(Span<byte> destination) => Write(destination, LastStreamId, Code, Debug.Span);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags) =>
    [
        $"(last_stream_id={LastStreamId}, error_code={WireNames.WithNumber(Code)}, "
        + $"opaque_data({Debug.Length})=[{FrameText.Shortened(Debug)}])",
    ];

    internal static void Write(Span<byte> destination, StreamId last, ErrorCode code, ReadOnlySpan<byte> debug)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, last.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], (uint)code);
        debug.CopyTo(destination[GoAwayFrame.FixedFields..]);
    }
}
