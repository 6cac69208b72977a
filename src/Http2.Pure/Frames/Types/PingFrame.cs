using System.Buffers.Binary;
using System.Globalization;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>PING: <c>opaque data 64</c> (RFC 9113 §6.7).</summary>
public static class PingFrame
{
    internal const int Length = 8;

    internal static readonly Rule OnStream = Rule.Http2("6.7", "PING belongs to stream 0");
    internal static readonly Rule WrongLength = Rule.Http2("6.7", "PING is 8 octets long");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="ping">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out PingPayload ping)
    {
        ping = default;
        // §6.7: PING on a stream is a connection error
        if (!header.StreamId.IsConnection)
            return FrameRules.ConnectionError(OnStream);
        // §6.7: a wrong length is a connection error
        if (payload.Length != Length)
            return FrameRules.ConnectionSizeError(WrongLength);
        ping = new PingPayload(BinaryPrimitives.ReadUInt64BigEndian(payload.Span));
        return null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="opaque">The eight octets, as a number in network order.</param>
    /// <param name="ack">Whether the frame answers the PING of the peer.</param>
    public static void Write(OutputBuffer output, ulong opaque, bool ack = false)
    {
        var flags = ack ? FrameFlags.Ack : FrameFlags.None;
        new PingPayload(opaque).Write(FrameWriter.Reserve(output, Length, FrameType.Ping, flags, StreamId.Connection));
    }
}

/// <summary>The payload of PING (RFC 9113 §6.7).</summary>
/// <param name="Opaque">Its eight octets, as a number in network order.</param>
public readonly record struct PingPayload(ulong Opaque) : IFramePayload
{
    int IFramePayload.Length => PingFrame.Length;

    void IFramePayload.Write(Span<byte> destination) => Write(destination);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags) =>
        [$"(opaque_data={Opaque.ToString("x16", CultureInfo.InvariantCulture)})"];

    internal void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, Opaque);
}
