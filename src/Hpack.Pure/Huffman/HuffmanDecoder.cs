using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hpack.Pure;

/// <summary>
/// Huffman decoding (RFC 7541 §5.2): a 64-bit window over the source, two symbols a table look-up. The window's bits are inverted, so that
/// the zeros that shifts bring in stand for padding, which is ones. One of the few places with unchecked references, as they measure up to
/// a quarter faster than spans here.
/// </summary>
internal static class HuffmanDecoder
{
    private const int Shift = 64 - HuffmanCode.IndexBits;

    // The window holds at least so many bits after a load. A source with more bits left than this has eight octets to load.
    private const int Sure = 56;

    // What the room has beyond the symbols: a look-up stores two octets and may keep none of them, and the two divisions round down.
    private const int Slack = 10;

    /// <summary>
    /// How much room decoding takes: the shortest code has five bits, so n octets hold at most 8n/5 symbols; 13n/8, which is more, takes
    /// two shifts.
    /// </summary>
    /// <param name="length">The source's length, 0 to 2^28.</param>
    public static int Room(int length) => length + (length >> 1) + (length >> 3) + Slack;

    /// <summary>The least that <paramref name="length"/> octets decode to, as no code is longer than 30 bits.</summary>
    public static int LeastDecoded(int length) => (int)(((long)length * 8 - 7) / HuffmanCode.MaxLength);

    /// <summary>Decodes <paramref name="source"/>.</summary>
    /// <param name="source">The coded string.</param>
    /// <param name="destination">Holds at least <see cref="Room"/>(source.Length) octets.</param>
    /// <param name="written">How many octets it decoded to.</param>
    [MethodImpl(MethodImplOptions.NoInlining)] // inlined, its loops would have fewer registers
    public static HpackErrorKind Decode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        // This covers every store below: each keeps symbols it has consumed five bits or more for, so that never more than 8n/5 are
        // kept, and reaches at most one octet beyond them; in the tail, bits of padding may count as consumed.
        if (destination.Length < Room(source.Length))
            throw new ArgumentException("too small for what the source may decode to", nameof(destination));
        // An index has 13 bits, so it is always within the table.
        ref var pairs = ref MemoryMarshal.GetArrayDataReference(HuffmanCode.Pairs);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var end = ref Unsafe.Add(ref from, source.Length);
        ref var start = ref MemoryMarshal.GetReference(destination);
        ref var target = ref start;
        var left = (nint)source.Length * 8;
        ulong window = 0;
        nint valid = 0;
        while (left > Sure)
        {
            window |= Fresh(ref from, ref end) >> (int)valid;
            from = ref Unsafe.Add(ref from, 7 - (valid >> 3));
            valid |= Sure;
            var all = Keep(ref target, 0, ref window, ref pairs);
            if (all == 0)
            {
                if (!KeepLong(ref target, ref window, out var length))
                    return Fail(HpackErrorKind.HuffmanEos, out written);
                target = ref Unsafe.Add(ref target, 1);
                valid -= length;
                left -= length;
                continue;
            }
            // 56 bits are enough for four look-ups. One that meets a code too long for it keeps nothing, and the next round starts there.
            all = KeepThree(ref target, all, ref window, ref pairs);
            target = ref Unsafe.Add(ref target, Symbols(all));
            valid -= Length(all);
            left -= Length(all);
        }
        // The rest fits one window: six unconditional look-ups, and no branch that depends on the data. Padding completes no code, so that
        // look-ups past the end of a sound string keep nothing.
        var rest = source.Length >= 8 ? ~Load(ref Unsafe.Subtract(ref end, 8)) << (int)(63 - left) << 1 : ~LoadShort(source);
        var (before, tail) = (left, rest);
        var sum = KeepThree(ref target, KeepThree(ref target, 0, ref rest, ref pairs), ref rest, ref pairs);
        left -= Length(sum);
        ref var kept = ref Unsafe.Add(ref target, Symbols(sum));
        written = (int)Unsafe.ByteOffset(ref start, ref kept);
        if (rest == 0 && (nuint)left < 8)
            return HpackErrorKind.None;
        written = (int)Unsafe.ByteOffset(ref start, ref target);
        return DecodeTail(tail, (int)before, ref target, ref written);
    }

    /// <summary>Checks <paramref name="source"/> and counts its symbols without keeping them.</summary>
    public static HpackErrorKind Measure(ReadOnlySpan<byte> source, out int length)
    {
        ulong bits = 0;
        var count = 0;
        var at = 0;
        length = 0;
        while (true)
        {
            for (; count <= 56 && at < source.Length; count += 8)
                bits |= (ulong)source[at++] << (56 - count);
            var padded = count < 64 ? bits | ulong.MaxValue >> count : bits;
            var symbol = Next(padded, out var used);
            if (used > count)
                return CheckPadding(~padded, count);
            if (symbol == HuffmanCode.Eos)
                return HpackErrorKind.HuffmanEos;
            length++;
            bits <<= used;
            count -= used;
        }
    }

    // Decodes the tail symbol by symbol when it has a code too long for a look-up, or needs more look-ups, or is not sound.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HpackErrorKind DecodeTail(ulong window, int left, ref byte target, ref int written)
    {
        while (true)
        {
            var symbol = Next(~window, out var length);
            if (length > left)
                return CheckPadding(window, left);
            if (symbol == HuffmanCode.Eos)
                return HpackErrorKind.HuffmanEos;
            target = (byte)symbol;
            target = ref Unsafe.Add(ref target, 1);
            written++;
            window <<= length;
            left -= length;
        }
    }

    // Up to seven octets, left-aligned, with ones behind them.
    private static ulong LoadShort(ReadOnlySpan<byte> source)
    {
        var length = source.Length;
        if (length == 0)
            return ulong.MaxValue;
        var ones = ulong.MaxValue >> (8 * length);
        if (length >= 4)
        {
            var high = (ulong)BinaryPrimitives.ReadUInt32BigEndian(source) << 32;
            return high | (ulong)BinaryPrimitives.ReadUInt32BigEndian(source[^4..]) << (64 - 8 * length) | ones;
        }
        var middle = length >> 1;
        return (ulong)source[0] << 56 | (ulong)source[middle] << (56 - 8 * middle) | (ulong)source[^1] << (64 - 8 * length) | ones;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ref byte from)
    {
        var octets = Unsafe.ReadUnaligned<ulong>(ref from);
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(octets) : octets;
    }

    // The next eight octets, inverted; past the end of the source zeros, which stand for ones. The address does not depend on the look-ups
    // just before, so that the load need not wait for them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fresh(ref byte from, ref byte end)
    {
        // With more than 56 bits left there are eight octets to load in the source; the octets before the next one are shifted out again,
        // in two steps, as a shift by 64 would do nothing.
        var beyond = Unsafe.ByteOffset(ref end, ref from) + sizeof(ulong);
        beyond &= ~(beyond >> 63);
        return ~Load(ref Unsafe.Subtract(ref from, beyond)) << (int)(beyond * 4) << (int)(beyond * 4);
    }

    // Looks up the next bits, and stores their symbols behind those that were kept since the last load. Gives the sum of the entries so
    // far.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Keep(ref byte target, uint sum, scoped ref ulong window, ref uint pairs)
    {
        var entry = Unsafe.Add(ref pairs, (nint)(window >> Shift));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, Symbols(sum)), (ushort)(entry >> HuffmanCode.SymbolsAt));
        window <<= (int)entry; // the shift looks at the low six bits only: the length
        return sum + entry;
    }

    // Stores the symbol of a code that is too long for a look-up; false when it is the end-of-string symbol.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool KeepLong(ref byte target, scoped ref ulong window, out int length)
    {
        var symbol = HuffmanCode.ResolveLong(~window, out length);
        target = (byte)symbol;
        window <<= length;
        return symbol != HuffmanCode.Eos;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint KeepThree(ref byte target, uint sum, scoped ref ulong window, ref uint pairs)
    {
        sum = Keep(ref target, sum, ref window, ref pairs);
        sum = Keep(ref target, sum, ref window, ref pairs);
        return Keep(ref target, sum, ref window, ref pairs);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Symbols(uint sum) => (nint)(sum >> HuffmanCode.CountAt);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Length(uint sum) => (byte)sum;

    // The next symbol, and the length of its code, however long.
    private static int Next(ulong bits, out int length)
    {
        var entry = HuffmanCode.Pairs[~bits >> Shift];
        if (entry == 0)
            return HuffmanCode.ResolveLong(bits, out length);
        var symbol = (int)(entry >> HuffmanCode.SymbolsAt) & 0xff;
        length = HuffmanCode.Lengths[symbol];
        return symbol;
    }

    // RFC 7541 §5.2: padding is the start of end-of-string's code, all ones, and shorter than an octet.
    private static HpackErrorKind CheckPadding(ulong inverted, int count) =>
        inverted != 0 ? HpackErrorKind.HuffmanPaddingNotOnes
        : count >= 8 ? HpackErrorKind.HuffmanPaddingTooLong
        : HpackErrorKind.None;

    private static HpackErrorKind Fail(HpackErrorKind kind, out int written)
    {
        written = 0;
        return kind;
    }
}
