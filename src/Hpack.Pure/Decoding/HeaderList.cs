using System.Collections;
using System.Collections.Immutable;

namespace Hpack.Pure;

/// <summary>
/// The fields of a decoded block, in order. Walking the list with <c>foreach</c> gives <see cref="FieldView"/>s and allocates nothing;
/// taken by index or as a sequence, fields are values of their own, made when asked for. Immutable, thread-safe, equal by content; keeps
/// its own octets alive, and of the table that it was decoded with as much as a <see cref="FieldList"/> does, which is bounded.
/// </summary>
public sealed class HeaderList : IReadOnlyList<HeaderField>, IEquatable<HeaderList>
{
    // What a FieldList consists of, but one by one: to copy a struct with references into an object costs more than some fields do.
    private readonly FieldRef[] _refs;
    private readonly byte[] _octets;
    private readonly TableLog _log, _next;
    private readonly int _tail, _nextTail;

    internal HeaderList(FieldRef[] refs, int count, byte[] octets, in LogPrefix first, in LogPrefix last, long size)
    {
        _refs = refs;
        Count = count;
        _octets = octets;
        (_log, _tail) = (first.Log, first.Tail);
        (_next, _nextTail) = (last.Log, last.Tail);
        Size = size;
    }

    /// <summary>How many fields there are.</summary>
    public int Count { get; }

    /// <summary>The sum of the fields' sizes: both lengths and 32 each (RFC 9113 §6.5.2, SETTINGS_MAX_HEADER_LIST_SIZE).</summary>
    public long Size { get; }

    private FieldSources Sources => new(_octets, new(_log, _tail), new(_next, _nextTail));

    private FieldList Fields => new(_refs, 0, Count, Sources, Size, overflowed: false);

    /// <summary>A field as a value of its own; one that a table holds is the same object each time.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public HeaderField this[int index] => Fields.Field(index);

    /// <summary>A field as spans, without allocating.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public FieldView View(int index) => Fields[index];

    /// <summary>All fields as values of their own.</summary>
    public ImmutableArray<HeaderField> ToFields() => Fields.ToFields();

    /// <summary>Walks the fields in order, without allocating.</summary>
    public FieldList.Enumerator GetEnumerator() => new(_refs.AsSpan(0, Count), Sources.Arrays);

    IEnumerator<HeaderField> IEnumerable<HeaderField>.GetEnumerator() => Walk().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Walk().GetEnumerator();

    /// <summary>Whether both have the same fields in the same order, with the same marks.</summary>
    public bool Equals(HeaderList? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || Count != other.Count)
            return false;
        for (var i = 0; i < Count; i++)
        {
            FieldView mine = View(i), theirs = other.View(i);
            if (mine.NeverIndexed != theirs.NeverIndexed || !mine.Name.SequenceEqual(theirs.Name) || !mine.Value.SequenceEqual(theirs.Value))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HeaderList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var field in this)
        {
            hash.AddBytes(field.Name);
            hash.Add(field.NeverIndexed);
            hash.AddBytes(field.Value);
        }
        return hash.ToHashCode();
    }

    /// <summary>A line for each field.</summary>
    public override string ToString() => string.Join('\n', Walk());

    private IEnumerable<HeaderField> Walk()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }
}
