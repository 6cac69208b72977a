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

    // How many fields requests and responses of browsers have, whether they take an octet each or many.
    private const int UsualFields = 12;

    // What is set aside for more literals of a list on its own.
    private const int MostAhead = 128;

    internal Chunk Current = new([], []);

    /// <summary>
    /// Starts over at the front of the chunk, so that decoding does not allocate at all. Only for a caller who holds every list
    /// decoded into this arena and is done with them: they change under whoever still reads them.
    /// </summary>
    public void Reset() => Current.BytesEnd = Current.RefsEnd = 0;

    /// <summary>A chunk for the list of one block, about as large as its list is likely to be.</summary>
    internal static Chunk ForOne(int blockLength) =>
        new([], GC.AllocateUninitializedArray<FieldRef>(Math.Min(blockLength, UsualFields + blockLength / 64))) { IsForOne = true };

    /// <summary>A fresh chunk that starts with the octets of the unfinished list.</summary>
    /// <param name="chunk">The chunk that is too small.</param>
    /// <param name="start">Where the list starts.</param>
    /// <param name="end">Where it ends so far.</param>
    /// <param name="more">How much must fit besides.</param>
    /// <param name="ahead">How much of the block is left when no other list follows in the chunk; else negative.</param>
    internal static byte[] Grow(byte[] chunk, int start, int end, int more, int ahead)
    {
        var used = end - start;
        var least = ahead >= 0 ? more + Math.Min(ahead / 2, MostAhead) : Math.Clamp(2 * chunk.Length, LeastBytes, MostBytes);
        var fresh = GC.AllocateUninitializedArray<byte>(
            Math.Max(checked(used + used / 2 + more), least));
        chunk.AsSpan(start, used).CopyTo(fresh);
        return fresh;
    }

    /// <summary>A fresh chunk that starts with the fields of the unfinished list.</summary>
    internal static FieldRef[] Grow(FieldRef[] chunk, int start, int end, int more, bool isForOne)
    {
        var used = end - start;
        var fresh = GC.AllocateUninitializedArray<FieldRef>(
            Math.Max(checked(used + used / 2 + more + 1), isForOne ? 0 : Math.Clamp(2 * chunk.Length, LeastRefs, MostRefs)));
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

        /// <summary>Whether no list will follow: then chunks that are too small are not replaced by much larger ones.</summary>
        public bool IsForOne;
    }
}
