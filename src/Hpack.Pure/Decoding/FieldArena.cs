namespace Hpack.Pure;

/// <summary>
/// Where the span face of the decoder puts the fields of a block: an append-only chunk that the caller owns and hands to successive
/// decodes. Lists decoded into it stay valid until <see cref="Reset"/>; when a chunk is full the decoder goes on in a fresh one. A failed decode leaves
/// it as it was. Not thread-safe: one decode at a time; the lists may be read from anywhere.
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

    /// <summary>How many fields a chunk has at least that comes after one with this many.</summary>
    internal static int NextRefs(int length) => Math.Clamp(2 * length, LeastRefs, MostRefs);

    /// <summary>The same for the octets of literals.</summary>
    internal static int NextBytes(int length) => Math.Clamp(2 * length, LeastBytes, MostBytes);

    /// <summary>A fresh chunk that starts with the unfinished list.</summary>
    /// <param name="used">What the list has so far.</param>
    /// <param name="more">How much must fit besides.</param>
    /// <param name="least">How long the chunk is at least.</param>
    internal static T[] Grow<T>(ReadOnlySpan<T> used, int more, int least)
    {
        var length = Math.Max(used.Length + used.Length / 2L + more, least);
        var fresh = GC.AllocateUninitializedArray<T>((int)Math.Min(length, FieldRef.MostOctets));
        used.CopyTo(fresh);
        return fresh;
    }
}
