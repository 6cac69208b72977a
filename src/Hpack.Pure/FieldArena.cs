using System.Buffers;

namespace Hpack.Pure;

/// <summary>
/// Where the span face of the decoder puts the fields of a block: an append-only chunk that the caller owns and hands to successive
/// decodes. Lists decoded into it stay valid for ever; when a chunk is full the decoder goes on in a fresh one. A failed decode leaves
/// it as it was. Not thread-safe: one decode at a time; the lists may be read from anywhere.
/// </summary>
public sealed class FieldArena
{
    private const int LeastBytes = 512, MostBytes = 8192;
    private const int LeastRefs = 32, MostRefs = 256;

    internal Chunk Current = new([], []);

    /// <summary>
    /// Starts over at the front of the chunk, so that decoding does not allocate at all. Only for a caller who holds every list
    /// decoded into this arena and is done with them: they change under whoever still reads them.
    /// </summary>
    public void Reset() => Current.BytesEnd = Current.RefsEnd = 0;

    /// <summary>A chunk of pooled arrays, for a block whose list does not outlive the call.</summary>
    internal static Chunk Rent(int blockLength) => new(
        ArrayPool<byte>.Shared.Rent(Math.Min(HuffmanDecoder.Room(blockLength), 2 * MostBytes)),
        ArrayPool<FieldRef>.Shared.Rent(2 * LeastRefs));

    /// <summary>Gives the arrays of a rented chunk back.</summary>
    internal static void Return(in Chunk rented)
    {
        ArrayPool<byte>.Shared.Return(rented.Bytes);
        ArrayPool<FieldRef>.Shared.Return(rented.Refs);
    }

    /// <summary>A fresh chunk that starts with the octets of the unfinished list.</summary>
    internal static byte[] Grow(byte[] chunk, int start, int end, int more)
    {
        var used = end - start;
        var fresh = GC.AllocateUninitializedArray<byte>(
            Math.Max(checked(used + used / 2 + more), Math.Clamp(2 * chunk.Length, LeastBytes, MostBytes)));
        chunk.AsSpan(start, used).CopyTo(fresh);
        return fresh;
    }

    /// <summary>A fresh chunk that starts with the fields of the unfinished list.</summary>
    internal static FieldRef[] Grow(FieldRef[] chunk, int start, int end, int more)
    {
        var used = end - start;
        var fresh = GC.AllocateUninitializedArray<FieldRef>(
            Math.Max(checked(used + used / 2 + more + 1), Math.Clamp(2 * chunk.Length, LeastRefs, MostRefs)));
        chunk.AsSpan(start, used).CopyTo(fresh);
        return fresh;
    }

    /// <summary>What the lists are in.</summary>
    /// <param name="bytes">The octets of literals.</param>
    /// <param name="refs">The fields.</param>
    internal struct Chunk(byte[] bytes, FieldRef[] refs)
    {
        public byte[] Bytes = bytes;
        public int BytesEnd;
        public FieldRef[] Refs = refs;
        public int RefsEnd;
    }
}
