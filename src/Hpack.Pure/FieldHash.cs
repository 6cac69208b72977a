using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hpack.Pure;

/// <summary>
/// Hashes names and values for the encoder's and the static table's look-ups. Looks at up to 24 octets of a string, front, middle and
/// end: a collision costs a comparison, never a wrong answer, and a table is small enough that forced collisions stay cheap.
/// The same octets have the same hash in every process, so that encoding is a function of its inputs.
/// </summary>
internal static class FieldHash
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The hash of <paramref name="octets"/>.</summary>
    public static ulong Of(ReadOnlySpan<byte> octets)
    {
        // Every load is inside the span: each branch knows the length that its loads need.
        ref var first = ref MemoryMarshal.GetReference(octets);
        var length = octets.Length;
        ulong a, b;
        if (length >= 8)
        {
            // No further cases by length: a mispredicted branch costs more than a load.
            a = Load(ref first, 0) ^ BitOperations.RotateLeft(Load(ref first, (length >> 1) - 4), 23);
            b = Load(ref first, length - 8);
        }
        else if (length >= 4)
        {
            a = Unsafe.ReadUnaligned<uint>(ref first);
            b = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, length - 4));
        }
        else
        {
            if (length == 0)
                return Golden;
            a = first | (ulong)Unsafe.Add(ref first, length >> 1) << 8 | (ulong)Unsafe.Add(ref first, length - 1) << 16;
            b = 0;
        }
        // One wide product mixes all of it: the high half depends on all bits, the low half on those below.
        var high = Math.BigMul(a ^ 0xff51afd7ed558ccd, b ^ 0xc4ceb9fe1a85ec53 ^ (ulong)length << 32, out var low);
        return high ^ low;
    }

    /// <summary>The hash the tables keep of a name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfName(ulong name) => (uint)(name >> 32);

    /// <summary>The hash the tables keep of a name and value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfField(ulong name, ulong value) => (uint)(name + BitOperations.RotateLeft(value, 17) >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ref byte first, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, at));
}
