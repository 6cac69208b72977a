using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// Writing of string literals (RFC 7541 §5.2): Huffman-coded, which the bit H says, only when that is shorter.
/// <code>
///   0   1   2   3   4   5   6   7
/// +---+---+---+---+---+---+---+---+
/// | H |    String Length (7+)     |
/// +---+---------------------------+
/// |  String Data (Length octets)  |
/// +-------------------------------+
/// </code>
/// </summary>
internal static class StringLiteral
{
    /// <summary>The room that a string takes besides its octets: the length, and what the Huffman encoder stores past its end.</summary>
    public const int Overhead = PrefixInteger.MaxLength + HuffmanEncoder.Slack;

    /// <summary>The bit H: the octets are Huffman-coded.</summary>
    public const int Coded = 0x80;

    /// <summary>The prefix of the length: seven bits.</summary>
    public const int LengthPrefix = 0x7f;

    /// <summary>Writes <paramref name="octets"/>.</summary>
    /// <param name="target">Room for them and <see cref="Overhead"/>; all of it may be overwritten.</param>
    /// <param name="octets">The string.</param>
    /// <returns>How many octets that took.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> target, ReadOnlySpan<byte> octets)
    {
        if (octets.Length >= LengthPrefix)
            return WriteLong(target, octets);
        // The length takes one octet, coded or not, so the string can go to its place at once.
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
        // The string is coded behind the length that it has uncoded. Mostly the coded length takes as many octets; if not, the string is
        // moved.
        var start = PrefixInteger.Write(target, 0, LengthPrefix, octets.Length);
        var coded = HuffmanEncoder.TryEncode(octets, target[start..]);
        if (coded < 0)
        {
            octets.CopyTo(target[start..]);
            return start + octets.Length;
        }
        var length = PrefixInteger.Write(target, Coded, LengthPrefix, coded);
        if (length != start)
            target.Slice(start, coded).CopyTo(target[length..]);
        return length + coded;
    }
}
