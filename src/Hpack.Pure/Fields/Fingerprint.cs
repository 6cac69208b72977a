using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hpack.Pure;

/// <summary>
/// What the encoder's and the static table's look-ups see of a string: its length and up to 24 of its octets, from the front, the
/// middle and the end, as three words. All of a string that is no longer than that; of a longer one enough for a hash.
/// </summary>
internal readonly struct Fingerprint
{
    /// <summary>The longest strings that are the same when their fingerprints are.</summary>
    public const int Whole = 24;

    private readonly ulong _front, _middle, _back;
    private readonly int _length;

    private Fingerprint(ulong front, ulong middle, ulong back, int length)
    {
        _front = front;
        _middle = middle;
        _back = back;
        _length = length;
    }

    /// <summary>
    /// The hash of what is seen. A collision costs a comparison, never a wrong answer, and a table is small enough that forced collisions
    /// stay cheap. The same octets have the same hash in every process and on every machine, so that encoding is a function of its inputs.
    /// </summary>
    public uint Hash
    {
        // A checksum is one instruction a word, and as good as random for what nobody chose. The length is spread first, so that it does
        // not cancel out with the first octets.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BitOperations.Crc32C(
            BitOperations.Crc32C(BitOperations.Crc32C((uint)_length * 0x9e3779b1, _front), _middle), _back);
    }

    /// <summary>The hash that tables keep of a name and value, from the hash of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint HashOfField(uint name, uint value) => name + BitOperations.RotateLeft(value, 17);

    /// <summary>The fingerprint of <paramref name="octets"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Fingerprint Of(ReadOnlySpan<byte> octets)
    {
        // Every load is inside the span: each branch knows the length that its loads need.
        ref var first = ref MemoryMarshal.GetReference(octets);
        var length = octets.Length;
        // No further cases by length: a mispredicted branch costs more than a load.
        return length >= 8 ? new(Load(ref first, 0), Load(ref first, (length >> 1) - 4), Load(ref first, length - 8), length)
            : length >= 4 ? new(LoadHalf(ref first, 0), 0, LoadHalf(ref first, length - 4), length)
            : length == 0 ? default
            : new(first | (ulong)Unsafe.Add(ref first, length >> 1) << 8 | (ulong)Unsafe.Add(ref first, length - 1) << 16, 0, 0, length);
    }

    /// <summary>Whether both are the same; then so are the strings, up to <see cref="Whole"/> octets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(Fingerprint other) =>
        ((_front ^ other._front) | (_middle ^ other._middle) | (_back ^ other._back) | (uint)(_length ^ other._length)) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ref byte first, int at)
    {
        var octets = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, at));
        return BitConverter.IsLittleEndian ? octets : BinaryPrimitives.ReverseEndianness(octets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LoadHalf(ref byte first, int at)
    {
        var octets = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at));
        return BitConverter.IsLittleEndian ? octets : BinaryPrimitives.ReverseEndianness(octets);
    }
}
