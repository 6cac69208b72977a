using System.Collections.Immutable;
using System.Text;

namespace Hpack.Pure;

/// <summary>
/// The header table of draft 08 with its reference set (draft 08 §3.2, §3.3): a window over the append-only log that successive tables
/// share, and which of its entries are referenced. Immutable, equal by content.
/// </summary>
internal sealed class Draft08Table : IEquatable<Draft08Table>
{
    /// <summary>
    /// Makes a window; the array is given up to it. A log that is too large for the limit is left for a copy, so that a table that is kept
    /// keeps no more alive than its limit says.
    /// </summary>
    /// <param name="log">Where the entries are.</param>
    /// <param name="head">The oldest entry.</param>
    /// <param name="tail">Behind the newest.</param>
    /// <param name="size">The sum of the entries' sizes.</param>
    /// <param name="maxSize">The most that sum may be.</param>
    /// <param name="referenced">Whether each entry is in the reference set, oldest first; empty when none is.</param>
    public Draft08Table(TableLog log, int head, int tail, int size, int maxSize, bool[] referenced)
    {
        if (head == tail && !log.Fits(maxSize))
            (log, head, tail) = (TableLog.Empty, 0, 0);
        else if (!log.Fits(maxSize))
        {
            log = log.Compact(head, tail, 0, maxSize, hashed: false);
            (head, tail) = (0, tail - head);
            log.Publish(tail, log.BytesEnd);
        }
        Log = log;
        Head = head;
        Tail = tail;
        Size = size;
        MaxSize = maxSize;
        Referenced = referenced;
    }

    public TableLog Log { get; }

    public int Head { get; }

    public int Tail { get; }

    public int Size { get; }

    public int MaxSize { get; }

    /// <summary>Whether each entry is in the reference set, oldest first; empty when none is.</summary>
    public bool[] Referenced { get; }

    public int Count => Tail - Head;

    /// <summary>The table without its references, newest entry first.</summary>
    public DynamicTable View => new(Log, Head, Tail, Size, MaxSize);

    /// <summary>Whether each entry is in the reference set, oldest first.</summary>
    public bool[] ReferencesOldestFirst => Referenced.Length == 0 ? new bool[Count] : Referenced;

    /// <summary>Whether each entry is in the reference set, newest first.</summary>
    public ImmutableArray<bool> ReferencesNewestFirst => [.. ReferencesOldestFirst.Reverse()];

    /// <summary>An empty table.</summary>
    public static Draft08Table Create(int maxSize) => new(TableLog.Empty, 0, 0, 0, maxSize, []);

    /// <summary>The table with another limit: the oldest entries go, and their references (draft 08 §5.2).</summary>
    public Draft08Table Resize(int maxSize)
    {
        var (head, size) = (Head, Size);
        for (; size > maxSize; head++)
            size -= Log.Entries[head].Size;
        var referenced = Referenced.Length == 0 ? [] : Referenced[(head - Head)..];
        return new Draft08Table(Log, head, Tail, size, maxSize, referenced.Contains(true) ? referenced : []);
    }

    public bool Equals(Draft08Table? other) =>
        other is not null && View == other.View && Referenced.AsSpan().SequenceEqual(other.Referenced);

    public override bool Equals(object? obj) => Equals(obj as Draft08Table);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(View);
        foreach (var referenced in Referenced)
            hash.Add(referenced);
        return hash.ToHashCode();
    }

    public override string ToString()
    {
        var (view, references) = (View, ReferencesNewestFirst);
        var text = new StringBuilder($"{Count} entries, {Size} of {MaxSize} octets");
        for (var i = 0; i < Count; i++)
            text.Append($"\n[{i + 1}] (s = {view[i].Size}) (r = {(references[i] ? 'y' : 'n')}) {view[i]}");
        return text.ToString();
    }
}
