using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// The Huffman code of RFC 7541 Appendix B. The code is canonical – symbols of one length have consecutive codes in the order of the
/// symbols, shorter codes come first – so the lengths say everything, and every table here is computed from them.
/// </summary>
internal static class HuffmanCode
{
    /// <summary>The end-of-string symbol, which no string may hold (RFC 7541 §5.2).</summary>
    public const int Eos = 256;

    /// <summary>The longest code in bits.</summary>
    public const int MaxLength = 30;

    /// <summary>How many bits index <see cref="Pairs"/>.</summary>
    public const int IndexBits = 13;

    /// <summary>Where the symbols of an entry of <see cref="Pairs"/> are, an octet each.</summary>
    public const int SymbolsAt = 8;

    /// <summary>Where the number of symbols is.</summary>
    public const int CountAt = 26;

    /// <summary>Where the code is in an entry of <see cref="Codes"/>.</summary>
    public const int CodeAt = 8;

    /// <summary>The code of each octet from <see cref="CodeAt"/>, right-aligned, and its length in bits 0-7.</summary>
    public static readonly ulong[] Codes = new ulong[256];

    /// <summary>
    /// What the next <see cref="IndexBits"/> bits, each inverted, decode to: total length in bits 0-7, the symbols at
    /// <see cref="SymbolsAt"/>, their number at <see cref="CountAt"/>. Sums of up to eight entries have the sums of lengths and of numbers in
    /// the same places, as codes that are no longer than the index belong to ASCII. 0 means the first code is longer.
    /// </summary>
    public static readonly uint[] Pairs = new uint[1 << IndexBits];

    // In an entry.
    private const uint FirstSymbol = 0xff << SymbolsAt;

    private static readonly uint[] FirstCode = new uint[MaxLength + 1];
    private static readonly int[] FirstRank = new int[MaxLength + 1];
    private static readonly int[] Count = new int[MaxLength + 1];
    private static readonly short[] ByRank = new short[257];

    static HuffmanCode()
    {
        uint code = 0;
        var rank = 0;
        for (var length = 1; length <= MaxLength; length++, code <<= 1)
        {
            FirstCode[length] = code;
            FirstRank[length] = rank;
            for (var symbol = 0; symbol <= Eos; symbol++)
            {
                if (Lengths[symbol] != length)
                    continue;
                ByRank[rank++] = (short)symbol;
                Count[length]++;
                if (symbol != Eos)
                    Codes[symbol] = (ulong)code << CodeAt | (uint)length;
                code++;
            }
        }
        BuildPairs();
    }

    /// <summary>The length in bits of each symbol's code; the last is end-of-string's.</summary>
    public static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <summary>The symbol at the top of <paramref name="bits"/> when its code is longer than <see cref="IndexBits"/>.</summary>
    /// <param name="bits">The next 64 bits, left-aligned; any bits resolve, as the code is complete.</param>
    /// <param name="length">The length of the code.</param>
    /// <returns>0 to 255, or <see cref="Eos"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // a call would cost the decoder's loop its registers
    public static int ResolveLong(ulong bits, out int length)
    {
        for (length = IndexBits + 1; length < MaxLength; length++)
        {
            var offset = (uint)(bits >> (64 - length)) - FirstCode[length];
            if (offset < (uint)Count[length])
                return ByRank[FirstRank[length] + (int)offset];
        }
        return ByRank[FirstRank[MaxLength] + (int)((uint)(bits >> (64 - MaxLength)) - FirstCode[MaxLength])];
    }

    private static void BuildPairs()
    {
        var single = new uint[1 << IndexBits];
        for (var symbol = 0; symbol < Eos; symbol++)
        {
            var length = Lengths[symbol];
            if (length > IndexBits)
                continue;
            var first = (int)(Codes[symbol] >> CodeAt) << (IndexBits - length);
            single.AsSpan(first, 1 << (IndexBits - length)).Fill(length | (uint)symbol << SymbolsAt | 1u << CountAt);
        }
        for (var bits = 0; bits < single.Length; bits++)
            Pairs[~bits & (Pairs.Length - 1)] = Combine(single, bits);
    }

    private static uint Combine(uint[] single, int bits)
    {
        var first = single[bits];
        var length = (int)(first & 0xff);
        var second = first == 0 ? 0 : single[(bits << length) & ((1 << IndexBits) - 1)];
        if (second == 0 || length + (second & 0xff) > IndexBits)
            return first;
        return (uint)length + (second & 0xff) | first & FirstSymbol | (second & FirstSymbol) << 8 | 2u << CountAt;
    }
}
