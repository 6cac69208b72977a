using System.Collections;
using System.Text;

namespace Hpack.Pure;

/// <summary>
/// The dynamic table of a state as a list, to look at: newest entry first, in the order of their HPACK indices (RFC 7541 §2.3.2).
/// Immutable, thread-safe, equal by content.
/// </summary>
public readonly struct DynamicTable : IReadOnlyList<HeaderField>, IEquatable<DynamicTable>
{
    /// <summary>The index that HPACK gives to the newest entry (RFC 7541 §2.3.3).</summary>
    public const int FirstIndex = StaticTable.Count + 1;

    private readonly TableLog? _log;
    private readonly int _tail;

    internal DynamicTable(in TableWindow window, int maxSize)
    {
        _log = window.Log;
        _tail = window.Tail;
        Count = window.Count;
        Size = window.Size;
        MaxSize = maxSize;
    }

    /// <summary>How many entries there are.</summary>
    public int Count { get; }

    /// <summary>The sum of the entries' sizes: both lengths and 32 each (RFC 7541 §4.1).</summary>
    public int Size { get; }

    /// <summary>The limit that <see cref="Size"/> stays below, in octets: the last size update, not the setting (RFC 7541 §4.2).</summary>
    public int MaxSize { get; }

    /// <summary>An entry as a value of its own; index 0 is the newest, which HPACK numbers <see cref="FirstIndex"/>.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public HeaderField this[int index] => _log!.Field(EntryAt(index));

    /// <summary>The entry at <paramref name="index"/> as spans, without allocating.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public FieldView View(int index)
    {
        var entry = EntryAt(index);
        return new(_log!.Name(entry), _log.Value(entry), _log.Entries[entry].Token, neverIndexed: false);
    }

    /// <inheritdoc/>
    public IEnumerator<HeaderField> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both have the same entries in the same order, and the same limit.</summary>
    public bool Equals(DynamicTable other)
    {
        if (Count != other.Count || Size != other.Size || MaxSize != other.MaxSize)
            return false;
        if (_log == other._log && _tail == other._tail)
            return true;
        for (var i = 0; i < Count; i++)
        {
            FieldView mine = View(i), theirs = other.View(i);
            if (!mine.Name.SequenceEqual(theirs.Name) || !mine.Value.SequenceEqual(theirs.Value))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DynamicTable other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(MaxSize);
        for (var i = 0; i < Count; i++)
        {
            var entry = View(i);
            hash.AddBytes(entry.Name);
            hash.Add(0);
            hash.AddBytes(entry.Value);
        }
        return hash.ToHashCode();
    }

    /// <summary>A line for the sizes, and one an entry in the manner of RFC 7541 Appendix C: <c>[62] (s = 57) name: value</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Count} entries, {Size} of {MaxSize} octets");
        for (var i = 0; i < Count; i++)
            text.Append($"\n[{FirstIndex + i}] (s = {this[i].Size}) {this[i]}");
        return text.ToString();
    }

    /// <summary>Content equality.</summary>
    public static bool operator ==(DynamicTable left, DynamicTable right) => left.Equals(right);

    /// <summary>Content inequality.</summary>
    public static bool operator !=(DynamicTable left, DynamicTable right) => !left.Equals(right);

    private int EntryAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _tail - 1 - index;
    }
}
