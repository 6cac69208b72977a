using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>Writing of string literals (RFC 7541 §5.2): Huffman-coded only when that is shorter.</summary>
internal static class StringLiteral
{
    /// <summary>What writing a string takes besides its octets: the length, and what the Huffman encoder stores beyond its end.</summary>
    public const int Overhead = PrefixInteger.MaxLength + HuffmanEncoder.Slack;

    private const int Mask = 0x7f;
    private const int Coded = 0x80;

    /// <summary>Writes <paramref name="octets"/>.</summary>
    /// <param name="target">Room for them and <see cref="Overhead"/>; all of it may be overwritten.</param>
    /// <param name="octets">The string.</param>
    /// <returns>How many octets that took.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> target, ReadOnlySpan<byte> octets)
    {
        if (octets.Length >= Mask)
            return WriteLong(target, octets);
        // The length takes one octet either way, so the string can go to its place at once.
        var coded = HuffmanEncoder.TryEncode(octets, target[1..]);
        if (coded >= 0)
        {
            target[0] = (byte)(Coded | coded);
            return 1 + coded;
        }
        target[0] = (byte)octets.Length;
        octets.CopyTo(target[1..]);
        return 1 + octets.Length;
    }

    private static int WriteLong(Span<byte> target, ReadOnlySpan<byte> octets)
    {
        // As if it were stored as it is, for the length takes as many octets then as it does for most codes.
        var start = PrefixInteger.Write(target, 0, Mask, octets.Length);
        var coded = HuffmanEncoder.TryEncode(octets, target[start..]);
        if (coded < 0)
        {
            octets.CopyTo(target[start..]);
            return start + octets.Length;
        }
        var length = PrefixInteger.Write(target, Coded, Mask, coded);
        if (length != start)
            target.Slice(start, coded).CopyTo(target[length..]);
        return length + coded;
    }
}
