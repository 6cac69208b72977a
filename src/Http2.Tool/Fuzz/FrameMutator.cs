using System.Buffers.Binary;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>Makes up frames and alters octets: often with a header that is right for the payload, sometimes without.</summary>
internal sealed class FrameMutator(Random random)
{
    // Field blocks: a GET request (:scheme http, :path /, :authority a), mixtures of its fields with CONNECT, :status 200, a trailer, an update of
    // the table size, and blocks that cannot be decoded.
    private static readonly string[] Blocks =
    [
        "828684010161", "838684010161", "828684410161", "88", "8d", "0003782d740131", "3fe11f", "20828684010161", "be", "00", "ff80808080808001",
        "8286840101610f0d0133", "828684010161400a636f6e6e656374696f6e05636c6f7365", "0085f2b24a84ff84907f", "48033130338286", "",
    ];

    private static readonly uint[] Values = [0, 1, 100, 4096, 16384, 65535, 0x7fffffff, 0x80000000, 0xffffffff];

    /// <summary>Makes up one frame or several.</summary>
    public Octets MakeUp()
    {
        var output = new OutputBuffer();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var payload = Payload(out var type, out var flags);
            var id = type is FrameType.Settings or FrameType.Ping or FrameType.GoAway && random.Next(20) > 0 ? 0u : (uint)random.Next(12);
            FrameWriter.WriteFrame(output, type, flags, new(id), payload);
        }
        return new Octets(output.WrittenMemory);
    }

    /// <summary>Flips, cuts out or doubles octets, or writes another value into a field of a frame's header.</summary>
    public Octets Alter(Octets octets)
    {
        var copy = octets.Span.ToArray();
        if (copy.Length == 0)
            return MakeUp();
        var at = random.Next(copy.Length);
        switch (random.Next(6))
        {
            case 0:
                copy[at] ^= (byte)(1 << random.Next(8));
                return new(copy);
            case 1:
                copy[at] = (byte)random.Next(256);
                return new(copy);
            case 2:
                return new((byte[])[.. copy[..at], .. copy[Math.Min(at + random.Next(1, 10), copy.Length)..]]);
            case 3:
                return new((byte[])[.. copy[..at], .. MakeUp().Span, .. copy[at..]]);
            default:
                AlterHeader(copy);
                return new(copy);
        }
    }

    private void AlterHeader(byte[] octets)
    {
        var at = octets.AsSpan().StartsWith(WireConstants.Preface) ? WireConstants.Preface.Length : 0;
        // Go to one of the frames, chosen at random.
        for (var skip = random.Next(4); skip > 0 && at + FrameHeader.Size <= octets.Length; skip--)
            at += FrameHeader.Size + FrameHeader.Parse(octets.AsSpan(at)).Length;
        if (at + FrameHeader.Size > octets.Length)
            return;
        switch (random.Next(4))
        {
            case 0:
                octets[at + 3] = (byte)random.Next(18);
                break;
            case 1:
                octets[at + 4] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(at + 5), (uint)random.Next(12));
                break;
            default:
                octets[at + 2] = (byte)random.Next(256);
                break;
        }
    }

    private byte[] Payload(out FrameType type, out FrameFlags flags)
    {
        type = (FrameType)random.Next(18);
        flags = random.Next(4) == 0 ? (FrameFlags)random.Next(256) : FrameFlags.EndHeaders | (FrameFlags)random.Next(2);
        if (type is FrameType.Settings or FrameType.Ping)
            flags = (FrameFlags)random.Next(2);
        switch (type)
        {
            case FrameType.Headers or FrameType.Continuation:
                return Block();
            case FrameType.PushPromise:
                return [.. Number((uint)random.Next(12)), .. Block()];
            case FrameType.Settings:
                return flags == FrameFlags.Ack ? [] : [0, (byte)random.Next(1, 10), .. Number(Values[random.Next(Values.Length)])];
            case FrameType.WindowUpdate or FrameType.RstStream:
                return Number(Values[random.Next(Values.Length)]);
            case FrameType.Ping:
                return new byte[8];
            case FrameType.GoAway:
                return [.. Number((uint)random.Next(12)), .. Number((uint)random.Next(14))];
            case FrameType.Priority:
                return [.. Number((uint)random.Next(12)), 16];
            default:
                return new byte[random.Next(3) == 0 ? random.Next(16385) : random.Next(40)];
        }
    }

    private byte[] Block()
    {
        var block = Convert.FromHexString(Blocks[random.Next(Blocks.Length)]);
        if (random.Next(4) == 0 && block.Length > 0)
            block[random.Next(block.Length)] = (byte)random.Next(256);
        return block;
    }

    private static byte[] Number(uint value)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return octets;
    }
}
