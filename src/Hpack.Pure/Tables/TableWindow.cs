namespace Hpack.Pure;

/// <summary>A dynamic table as a state keeps it: the entries of a log from its head to its tail. Immutable.</summary>
/// <param name="log">Where the entries are.</param>
/// <param name="head">The number of the oldest entry.</param>
/// <param name="tail">The number that the next entry will have.</param>
/// <param name="size">The sum of the entries' sizes (RFC 7541 §4.1).</param>
/// <param name="sighted">How many of the log's sightings belong to this table; 0 in a decoder.</param>
internal readonly struct TableWindow(TableLog log, int head, int tail, int size, int sighted)
{
    public readonly TableLog Log = log;
    public readonly int Head = head;
    public readonly int Tail = tail;
    public readonly int Size = size;
    public readonly int Sighted = sighted;

    /// <summary>The table of a decoder before its first block.</summary>
    public static TableWindow Empty => new(TableLog.Empty, 0, 0, 0, 0);

    /// <summary>The table of an encoder before its first block.</summary>
    public static TableWindow EmptyHashed => new(TableLog.EmptyHashed, 0, 0, 0, 0);

    /// <summary>How many entries there are.</summary>
    public int Count => Tail - Head;

    /// <summary>What the log must be at for this table to be its newest; see <see cref="TableLog.TryClaim"/>.</summary>
    public int Version => Tail + Sighted;

    /// <summary>This table without its oldest entries, so that it is within a limit (RFC 7541 §4.3).</summary>
    /// <param name="maxSize">The limit in octets, from 0.</param>
    public TableWindow Evict(int maxSize)
    {
        var (head, size) = (Head, Size);
        while (size > maxSize)
            size -= Log.Entries[head++].Size;
        return new(Log, head, Tail, size, Sighted);
    }

    /// <summary>
    /// The same table on a log that is no larger than one for this limit. What a state keeps alive besides its own entries is bounded by its
    /// table's limit, also after a block far longer than usual, and after the limit was lowered.
    /// </summary>
    /// <param name="maxSize">The table's limit in octets.</param>
    public TableWindow Fit(int maxSize)
    {
        if (Log.Fits(maxSize))
            return this;
        if (Count == 0 && Sighted == 0)
            return Log.IsHashed ? EmptyHashed : Empty;
        var copy = Log.Compact(Head, Tail, 0, maxSize);
        var fit = new TableWindow(copy, 0, Count, Size, copy.CopySightings(Log, Sighted));
        copy.Publish(fit.Version, copy.BytesEnd);
        return fit;
    }
}
