using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hpack.Pure;

/// <summary>
/// Huffman decoding (RFC 7541 §5.2): a 64-bit window over the source, two symbols a table look-up. One of the few places with
/// unchecked references, as they measure up to a quarter faster than spans here.
/// </summary>
internal static class HuffmanDecoder
{
    private const int Shift = 64 - HuffmanCode.IndexBits;

    // A look-up stores two octets and may keep one or none of them.
    private const int Slack = 8;

    /// <summary>How much room decoding takes: the shortest code has five bits, so n octets hold at most 8n/5 symbols.</summary>
    /// <param name="length">The source's length, 0 to 2^28.</param>
    public static int Room(int length) => (int)((long)length * 8 / 5) + Slack;

    /// <summary>The least that <paramref name="length"/> octets decode to, as no code is longer than 30 bits.</summary>
    public static int LeastDecoded(int length) => (int)(((long)length * 8 - 7) / HuffmanCode.MaxLength);

    /// <summary>Decodes <paramref name="source"/>.</summary>
    /// <param name="source">The coded string.</param>
    /// <param name="destination">Holds at least <see cref="Room"/>(source.Length) octets.</param>
    /// <param name="written">How many octets it decoded to.</param>
    [MethodImpl(MethodImplOptions.NoInlining)] // its loop needs the registers
    public static HpackErrorKind Decode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        // This covers every store below: each keeps symbols it has consumed five bits or more for, so that never more than 8n/5 are
        // kept, and reaches at most one octet beyond them. Every load is below source.Length by the loop's condition.
        if (destination.Length < Room(source.Length))
            throw new ArgumentException("too small for what the source may decode to", nameof(destination));
        ref var pairs = ref MemoryMarshal.GetArrayDataReference(HuffmanCode.Pairs);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var start = ref MemoryMarshal.GetReference(destination);
        ref var target = ref start;
        nint at = 0;
        ulong bits = 0;
        var count = 0;
        while (source.Length - at >= 8)
        {
            // Loads more bits than count admits to; they are the true next bits, so the next load ORs the same over them.
            bits |= BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, at))) >> count;
            at += (63 - count) >> 3;
            count |= 56;
            uint entry;
            // 56 bits suffice for four look-ups of 13 bits. An index has 13 bits, so it is always within the table.
            if ((entry = Unsafe.Add(ref pairs, (nint)(bits >> Shift))) != 0)
            {
                target = ref Keep(ref target, entry, ref bits, ref count);
                if ((entry = Unsafe.Add(ref pairs, (nint)(bits >> Shift))) != 0)
                {
                    target = ref Keep(ref target, entry, ref bits, ref count);
                    if ((entry = Unsafe.Add(ref pairs, (nint)(bits >> Shift))) != 0)
                    {
                        target = ref Keep(ref target, entry, ref bits, ref count);
                        if ((entry = Unsafe.Add(ref pairs, (nint)(bits >> Shift))) != 0)
                        {
                            target = ref Keep(ref target, entry, ref bits, ref count);
                            continue;
                        }
                    }
                }
            }
            if (count < HuffmanCode.MaxLength)
                continue; // the next load makes sure of a whole code
            var symbol = HuffmanCode.ResolveLong(bits, out var length);
            if (symbol == HuffmanCode.Eos)
                return Fail(HpackErrorKind.HuffmanEos, out written);
            target = (byte)symbol;
            target = ref Unsafe.Add(ref target, 1);
            bits <<= length;
            count -= length;
        }
        written = (int)Unsafe.ByteOffset(ref start, ref target);
        return DecodeTail(source, (int)at, bits, count, ref target, ref written);
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
                return CheckPadding(padded, count);
            if (symbol == HuffmanCode.Eos)
                return HpackErrorKind.HuffmanEos;
            length++;
            bits <<= used;
            count -= used;
        }
    }

    // The last octets: fewer than eight, and what is left in the window.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HpackErrorKind DecodeTail(
        ReadOnlySpan<byte> source, int at, ulong bits, int count, ref byte target, ref int written)
    {
        var rest = (source.Length - at) * 8;
        if (rest > 0)
        {
            var tail = LoadTail(source, at);
            bits |= tail >> count;
            // At least a code of five bits at a time makes room in the window for what did not fit.
            for (var taken = Math.Min(64 - count, rest); ; taken = Math.Min(64 - count, rest))
            {
                tail = taken == 64 ? 0 : tail << taken;
                count += taken;
                rest -= taken;
                if (rest == 0)
                    break;
                var symbol = Next(bits, out var used);
                if (symbol == HuffmanCode.Eos)
                    return HpackErrorKind.HuffmanEos;
                target = (byte)symbol;
                target = ref Unsafe.Add(ref target, 1);
                written++;
                bits <<= used;
                count -= used;
                bits |= tail >> count;
            }
        }
        return Drain(count < 64 ? bits | ulong.MaxValue >> count : bits, count, ref target, ref written);
    }

    // Decodes what the window holds. It is filled up with ones, so that the end looks like padding whatever its length.
    private static HpackErrorKind Drain(ulong bits, int count, ref byte target, ref int written)
    {
        ref var pairs = ref MemoryMarshal.GetArrayDataReference(HuffmanCode.Pairs);
        ref var start = ref target;
        while (count >= 5)
        {
            var entry = Unsafe.Add(ref pairs, (nint)(bits >> Shift));
            var used = (int)entry & 63;
            if (entry != 0 && used <= count)
            {
                Unsafe.WriteUnaligned(ref target, (ushort)(entry >> 16));
                target = ref Unsafe.Add(ref target, (nint)(entry >> 6) & 3);
            }
            else
            {
                var symbol = Next(bits, out used);
                if (used > count)
                    break;
                if (symbol == HuffmanCode.Eos)
                    return HpackErrorKind.HuffmanEos;
                target = (byte)symbol;
                target = ref Unsafe.Add(ref target, 1);
            }
            bits = bits << used | (1UL << used) - 1;
            count -= used;
        }
        written += (int)Unsafe.ByteOffset(ref start, ref target);
        return CheckPadding(bits, count);
    }

    // The last 1 to 7 octets, left-aligned, by one or two loads that overlap what came before.
    private static ulong LoadTail(ReadOnlySpan<byte> source, int at)
    {
        var rest = source.Length - at;
        if (source.Length >= 8)
            return BinaryPrimitives.ReadUInt64BigEndian(source[^8..]) << (64 - 8 * rest);
        // Shorter than eight: then the wide loop did not run, and at is 0.
        if (rest >= 4)
        {
            var high = (ulong)BinaryPrimitives.ReadUInt32BigEndian(source) << 32;
            return high | (ulong)BinaryPrimitives.ReadUInt32BigEndian(source[^4..]) << (64 - 8 * rest);
        }
        var tail = (ulong)source[0] << 56;
        if (rest > 1)
            tail |= (ulong)source[1] << 48;
        return rest > 2 ? tail | (ulong)source[2] << 40 : tail;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Keep(ref byte target, uint entry, scoped ref ulong bits, scoped ref int count)
    {
        Unsafe.WriteUnaligned(ref target, (ushort)(entry >> 16));
        bits <<= (int)entry; // the shift looks at the low six bits only: the total length
        count -= (int)entry & 63;
        return ref Unsafe.Add(ref target, (nint)(entry >> 6) & 3);
    }

    // One symbol and the length of its code, whatever the length.
    private static int Next(ulong bits, out int length)
    {
        var entry = HuffmanCode.Pairs[bits >> Shift];
        if (entry == 0)
            return HuffmanCode.ResolveLong(bits, out length);
        length = (int)(entry >> 8) & 15;
        return (int)(entry >> 16) & 0xff;
    }

    // RFC 7541 §5.2: padding is the start of end-of-string's code, all ones, and shorter than an octet.
    private static HpackErrorKind CheckPadding(ulong bits, int count) =>
        bits != ulong.MaxValue ? HpackErrorKind.HuffmanPaddingNotOnes
        : count >= 8 ? HpackErrorKind.HuffmanPaddingTooLong
        : HpackErrorKind.None;

    private static HpackErrorKind Fail(HpackErrorKind kind, out int written)
    {
        written = 0;
        return kind;
    }
}
