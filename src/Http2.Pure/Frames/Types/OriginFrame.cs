using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// ORIGIN: <c>length 16, origin</c> any number of times (RFC 8336 §2.1). A receiver ignores the frame on any stream but 0.
/// </summary>
public static class OriginFrame
{
    internal static readonly Rule WrongEntry = new("RFC 8336", "2.1", "each entry of ORIGIN is as long as it says");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="origin">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out OriginPayload origin)
    {
        origin = default;
        var left = payload.Span;
        while (!left.IsEmpty)
        {
            // RFC 9113 §4.2: an entry that ends behind the payload is a size error
            if (left.Length < 2 || left.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(left))
                return FrameRules.WrongSize(header, WrongEntry);
            left = left[(2 + BinaryPrimitives.ReadUInt16BigEndian(left))..];
        }
        origin = new OriginPayload(new Octets(payload));
        return null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="origins">The origins.</param>
    public static void Write(OutputBuffer output, OriginPayload origins) =>
        FrameWriter.WriteFrame(output, FrameType.Origin, FrameFlags.None, StreamId.Connection, origins.Entries.Span);
}

/// <summary>The payload of ORIGIN (RFC 8336 §2.1).</summary>
/// <param name="Entries">
/// The entries on the wire: for each its length in two octets, then the origin in ASCII. A slice of the input.
/// </param>
public readonly record struct OriginPayload(Octets Entries) : IFramePayload
{
    /// <summary>The origins, in order, as slices.</summary>
    public IEnumerable<Octets> Origins
    {
        get
        {
            for (var at = 0; at + 2 <= Entries.Length;)
            {
                var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(Entries.Span[at..]), Entries.Length - at - 2);
                yield return Entries.Slice(at + 2, length);
                at += 2 + length;
            }
        }
    }

    int IFramePayload.Length => Entries.Length;

    /// <summary>The payload that carries <paramref name="origins"/>.</summary>
    /// <param name="origins">Each at most 65,535 octets.</param>
    /// <exception cref="OverflowException">One is longer.</exception>
    public static OriginPayload Of(params ReadOnlySpan<Octets> origins)
    {
        var output = new OutputBuffer(256);
        foreach (var origin in origins)
        {
            BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), checked((ushort)origin.Length));
            output.Advance(2);
            output.Write(origin.Span);
        }
        return new OriginPayload(new Octets(output.WrittenMemory));
    }

    void IFramePayload.Write(Span<byte> destination) => Entries.Span.CopyTo(destination);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags) => Origins.Select(entry => $"[{FrameText.Shortened(entry)}]");
}
