using System.Buffers.Binary;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Frames and parts of frames as octets, right or wrong, exactly as asked for.</summary>
internal static class Octet
{
    /// <summary>What a client sends first of all (RFC 9113 §3.4).</summary>
    public static ReadOnlySpan<byte> Magic => WireConstants.Preface;

    /// <summary>A frame with the length that its payload has.</summary>
    public static byte[] Frame(FrameType type, FrameFlags flags, uint streamId, params ReadOnlySpan<byte> payload)
    {
        var frame = new byte[WireFrame.HeaderLength + payload.Length];
        Header(payload.Length, type, flags, streamId).CopyTo(frame, 0);
        payload.CopyTo(frame.AsSpan(WireFrame.HeaderLength));
        return frame;
    }

    /// <summary>
    /// A frame header alone, with whatever length it is to claim and whatever the reserved bit of the stream identifier is to be.
    /// </summary>
    public static byte[] Header(int length, FrameType type, FrameFlags flags, uint streamId)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, WireFrame.MaxLength);
        var header = new byte[WireFrame.HeaderLength];
        BinaryPrimitives.WriteUInt32BigEndian(header, (uint)length << 8);
        header[3] = (byte)type;
        header[4] = (byte)flags;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(5), streamId);
        return header;
    }

    public static byte[] UInt32(uint value)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return octets;
    }

    public static byte[] UInt64(ulong value)
    {
        var octets = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(octets, value);
        return octets;
    }

    public static byte[] Settings(params ReadOnlySpan<Setting> settings)
    {
        var octets = new byte[settings.Length * 6];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(i * 6), (ushort)settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan((i * 6) + 2), settings[i].Value);
        }
        return octets;
    }

    /// <summary>The five octets of RFC 7540's priority: exclusive bit, dependency, weight less one.</summary>
    public static byte[] Priority(uint dependency, bool exclusive, byte weight)
    {
        var octets = new byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(octets, dependency | (exclusive ? 0x80000000 : 0));
        octets[4] = weight;
        return octets;
    }

    /// <summary>A number of octets that all have one value, for bodies.</summary>
    public static byte[] Fill(int length, byte value = (byte)'x')
    {
        var octets = new byte[length];
        octets.AsSpan().Fill(value);
        return octets;
    }

    /// <summary>The concatenation of <paramref name="parts"/>.</summary>
    public static byte[] Join(params ReadOnlySpan<byte[]> parts)
    {
        var buffer = new OutputBuffer(64);
        foreach (var part in parts)
            buffer.Write(part);
        return buffer.WrittenMemory.ToArray();
    }
}
