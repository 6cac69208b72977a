using System.Globalization;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>DATA: <c>[pad length 8] data [padding]</c> (RFC 9113 §6.1).</summary>
public static class DataFrame
{
    internal static readonly Rule OnConnection = Rule.Http2("6.1", "DATA belongs to a stream, not to stream 0");
    internal static readonly Rule TooMuchPadding = Rule.Http2("6.1", "padding is shorter than the payload of its DATA frame");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="data">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out DataPayload data)
    {
        data = default;
        // §6.1: DATA on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return FrameRules.ConnectionError(OnConnection);
        if (FramePadding.Remove(header, payload, 0, TooMuchPadding, out var body, out var padding) is { } fault)
            return fault;
        data = new DataPayload(new Octets(body), padding);
        return null;
    }

    /// <summary>Writes the frame, without padding.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream.</param>
    /// <param name="data">The octets of the body, at most 2^24-1.</param>
    /// <param name="endStream">Whether they are the last.</param>
    public static void Write(OutputBuffer output, StreamId id, ReadOnlySpan<byte> data, bool endStream) =>
        data.CopyTo(Reserve(output, id, data.Length, endStream));

    /// <summary>Writes the header, and makes room for the octets of the body, which the caller fills before anything else is written.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="id">The stream.</param>
    /// <param name="length">How many octets of the body there are.</param>
    /// <param name="endStream">Whether they are the last.</param>
    internal static Span<byte> Reserve(OutputBuffer output, StreamId id, int length, bool endStream) =>
        FrameWriter.Reserve(output, length, FrameType.Data, endStream ? FrameFlags.EndStream : FrameFlags.None, id);
}

/// <summary>The payload of DATA (RFC 9113 §6.1). All octets, padding and its length included, count against flow control.</summary>
/// <param name="Data">The octets of the body, a slice of the input.</param>
/// <param name="Padding">The octets of the padding, which mean nothing, or null when the frame is not PADDED.</param>
public readonly record struct DataPayload(Octets Data, Octets? Padding = null) : IFramePayload
{
    FrameFlags IFramePayload.Flags => FramePadding.FlagOf(Padding);

    int IFramePayload.Length => Data.Length + FramePadding.LengthOf(Padding);

    void IFramePayload.Write(Span<byte> destination) => FramePadding.Write(destination, 0, Data, Padding);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags) =>
        Padding is { } padding ? [string.Create(CultureInfo.InvariantCulture, $"(padlen={padding.Length})")] : [];
}
