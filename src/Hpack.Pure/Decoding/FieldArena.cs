namespace Hpack.Pure;

/// <summary>
/// Where the span face of the decoder puts the fields of a block: an append-only chunk that the caller owns and hands to successive
/// decodes. Lists decoded into it stay valid until <see cref="Reset"/>; when a chunk is full the decoder goes on in a fresh one. A decode
/// that fails leaves the arena as it was. Not thread-safe: one decode at a time; the lists may be read from anywhere.
/// </summary>
public sealed class FieldArena
{
    private const int LeastBytes = 512, MostBytes = 8192;
    private const int LeastRefs = 32, MostRefs = 256;

    internal FieldRef[] Refs { get; set; } = [];

    internal int RefsEnd { get; set; }

    internal byte[] Bytes { get; set; } = [];

    internal int BytesEnd { get; set; }

    /// <summary>
    /// Starts over at the front of the chunk, so that decoding does not allocate at all. Only for a caller who holds every list
    /// decoded into this arena and is done with them: they change under whoever still reads them.
    /// </summary>
    public void Reset() => BytesEnd = RefsEnd = 0;

    /// <summary>The least length, in fields, of the chunk that follows one of the given length.</summary>
    internal static int NextRefs(int length) => Math.Clamp(2 * length, LeastRefs, MostRefs);

    /// <summary>The least length, in octets, of the chunk that follows one of the given length.</summary>
    internal static int NextBytes(int length) => Math.Clamp(2 * length, LeastBytes, MostBytes);

    /// <summary>A fresh chunk that starts with the unfinished list.</summary>
    /// <param name="used">The part of the full chunk that the unfinished list has filled.</param>
    /// <param name="more">How many elements must fit besides.</param>
    /// <param name="least">The least length of the chunk.</param>
    internal static T[] Grow<T>(ReadOnlySpan<T> used, int more, int least)
    {
        var length = Math.Max(used.Length + used.Length / 2L + more, least);
        var fresh = GC.AllocateUninitializedArray<T>((int)Math.Min(length, FieldRef.MostOctets));
        used.CopyTo(fresh);
        return fresh;
    }
}
