using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hpack.Pure;

/// <summary>Huffman encoding (RFC 7541 §5.2).</summary>
internal static class HuffmanEncoder
{
    /// <summary>How many octets beyond the source's length <see cref="TryEncode"/> may store, as it stores eight at a time.</summary>
    public const int Slack = 8;

    // The most bits that are appended at once: with up to seven that are not stored yet, they fit the window of 64 bits.
    private const int MostAtOnce = 56;

    /// <summary>Encodes <paramref name="source"/> if that makes it shorter, and gives up as soon as it does not.</summary>
    /// <param name="source">Any octets.</param>
    /// <param name="target">At least source.Length + <see cref="Slack"/> octets, of which all may be overwritten.</param>
    /// <returns>The encoded length, or -1 when it is not below source.Length.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)] // inlined, its loop would have fewer registers
    public static int TryEncode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // This covers every store below: each is eight octets from a place below source.Length.
        if (target.Length < source.Length + Slack)
            throw new ArgumentException("too small for what may be stored", nameof(target));
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var codes = ref MemoryMarshal.GetArrayDataReference(HuffmanCode.Codes);
        // The codes so far, the last one in the lowest bits; and how many of the bits are not stored yet, fewer than eight between steps.
        // The bits above those were stored before, and shifts push them out.
        ulong bits = 0;
        var count = 0;
        nint at = 0, end = 0;
        while (at <= source.Length - 4)
        {
            var length = Four(ref codes, ref Unsafe.Add(ref from, at), 4, out var code);
            if (length > MostAtOnce)
            {
                for (var stop = at + 4; at < stop && end < source.Length; at++)
                    Put(Unsafe.Add(ref codes, (nint)Unsafe.Add(ref from, at)), ref bits, ref count, ref Unsafe.Add(ref to, end), ref end);
            }
            else
            {
                Store(code, length, ref bits, ref count, ref Unsafe.Add(ref to, end), ref end);
                at += 4;
            }
            if (end >= source.Length)
                return -1;
        }
        // Up to three octets are left. They are taken as the last of four, of which the others count for nothing, so that no branch depends
        // on how many there are.
        ulong rest = 0;
        var size = source.Length < 4 ? MostAtOnce + 1 : Four(ref codes, ref Unsafe.Add(ref from, source.Length - 4), source.Length - at, out rest);
        if (size <= MostAtOnce)
            Store(rest, size, ref bits, ref count, ref Unsafe.Add(ref to, end), ref end);
        else
        {
            for (; at < source.Length && end < source.Length; at++)
                Put(Unsafe.Add(ref codes, (nint)Unsafe.Add(ref from, at)), ref bits, ref count, ref Unsafe.Add(ref to, end), ref end);
        }
        // RFC 7541 §5.2: the rest of the last octet is filled with ones.
        Unsafe.Add(ref to, end) = (byte)(bits << (8 - count) | 0xffu >> count);
        end += (count + 7) >> 3;
        return end < source.Length ? (int)end : -1;
    }

    // The codes of the last of four symbols put together, and their length. An octet is always an index within the codes, so none is
    // checked. A shift heeds only the low six bits of its count, so an entry or a sum of entries can be the count: its length is there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Four(ref ulong codes, ref byte from, nint last, out ulong code)
    {
        var a = Unsafe.Add(ref codes, (nint)from) & Mask(last - 4);
        var b = Unsafe.Add(ref codes, (nint)Unsafe.Add(ref from, 1)) & Mask(last - 3);
        var c = Unsafe.Add(ref codes, (nint)Unsafe.Add(ref from, 2)) & Mask(last - 2);
        var d = Unsafe.Add(ref codes, (nint)Unsafe.Add(ref from, 3)) & Mask(last - 1);
        var front = a >> HuffmanCode.CodeAt << (int)b | b >> HuffmanCode.CodeAt;
        var back = c >> HuffmanCode.CodeAt << (int)d | d >> HuffmanCode.CodeAt;
        var half = c + d;
        code = front << (int)half | back;
        return (byte)(a + b + half);
    }

    // All ones for a number that is not negative, zero for any other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(nint number) => ~(ulong)(number >> 63);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ulong code, ref ulong bits, ref int count, ref byte to, ref nint end) =>
        Store(code >> HuffmanCode.CodeAt, (byte)code, ref bits, ref count, ref to, ref end);

    // Appends codes, and stores the bits that are not stored yet and whatever follows them, eight octets in all. Bits that do not fill an
    // octet are stored again by the next step.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ulong code, int length, ref ulong bits, ref int count, ref byte to, ref nint end)
    {
        bits = bits << length | code;
        count += length;
        var left = bits << -count;
        Unsafe.WriteUnaligned(ref to, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(left) : left);
        end += count >> 3;
        count &= 7;
    }
}
