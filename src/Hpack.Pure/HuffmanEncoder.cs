using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>Huffman encoding (RFC 7541 §5.2).</summary>
internal static class HuffmanEncoder
{
    /// <summary>What <see cref="TryEncode"/> may store beyond the source's length: half-windows are stored whole.</summary>
    public const int Slack = 8;

    /// <summary>The length of <paramref name="source"/> in Huffman code, in octets.</summary>
    public static long EncodedLength(ReadOnlySpan<byte> source)
    {
        long bits = 0;
        foreach (var octet in source)
            bits += HuffmanCode.Lengths[octet];
        return (bits + 7) / 8;
    }

    /// <summary>Encodes <paramref name="source"/> if that makes it shorter, and gives up as soon as it does not.</summary>
    /// <param name="source">Any octets.</param>
    /// <param name="target">At least source.Length + <see cref="Slack"/> octets, of which all may be overwritten.</param>
    /// <returns>The encoded length, or -1 when it is not below source.Length.</returns>
    [SkipLocalsInit]
    public static int TryEncode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var codes = HuffmanCode.Codes;
        ulong bits = 0;
        var count = 0;
        var at = 0;
        foreach (var octet in source)
        {
            // At most 31 bits are pending and a code has at most 30: they fit.
            var code = codes[octet];
            var length = (int)(code >> 32);
            bits = bits << length | (uint)code;
            count += length;
            if (count < 32)
                continue;
            count -= 32;
            BinaryPrimitives.WriteUInt32BigEndian(target[at..], (uint)(bits >> count));
            at += 4;
            if (at >= source.Length)
                return -1;
        }
        if (count > 0)
        {
            // RFC 7541 §5.2: the rest of the last octet is filled with ones.
            BinaryPrimitives.WriteUInt32BigEndian(target[at..], (uint)(bits << (32 - count)) | uint.MaxValue >> count);
            at += (count + 7) >> 3;
        }
        return at < source.Length ? at : -1;
    }
}
