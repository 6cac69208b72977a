using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Hpack.Pure;

/// <summary>
/// The fields of one decoded block, as a view: a slice of an append-only arena and of the dynamic table's log. Nothing is copied or
/// materialised until asked for. Immutable, thread-safe; keeps at most its arena chunk and its log alive.
/// </summary>
public readonly struct FieldList
{
    private readonly FieldRef[]? _refs;
    private readonly int _start;
    private readonly int _arenaStart;
    private readonly byte[] _arena;
    private readonly TableLog _log;
    private readonly TableLog _next;

    internal FieldList(
        ReadOnlySpan<int> range, FieldRef[] refs, byte[] arena, TableLog log, TableLog next, long size, bool overflowed)
    {
        (_start, Count, _arenaStart) = (range[0], range[1], range[2]);
        _refs = refs;
        _arena = arena;
        _log = log;
        _next = next;
        Size = size;
        Overflowed = overflowed;
    }

    /// <summary>How many fields there are.</summary>
    public int Count { get; }

    /// <summary>
    /// The sum of the fields' sizes: both lengths and 32 each (RFC 9113 §6.5.2, SETTINGS_MAX_HEADER_LIST_SIZE). Counts the fields that
    /// were left out too.
    /// </summary>
    public long Size { get; }

    /// <summary>Whether the list was larger than the bound it was decoded under, so that its last fields were left out.</summary>
    public bool Overflowed { get; }

    /// <summary>The field at <paramref name="index"/>, as spans.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public FieldView this[int index]
    {
        get
        {
            ref readonly var field = ref Ref(index);
            return new(
                Slice(field.NameAt, field.NameLength), Slice(field.ValueAt, field.ValueLength), field.Token, field.NeverIndexed);
        }
    }

    /// <summary>The octets of the value at <paramref name="index"/> as memory, without a copy.</summary>
    public ReadOnlyMemory<byte> ValueMemory(int index)
    {
        ref readonly var field = ref Ref(index);
        return Source(field.ValueAt, out var at).AsMemory(at, field.ValueLength);
    }

    /// <summary>The octets of the name at <paramref name="index"/> as memory, without a copy.</summary>
    public ReadOnlyMemory<byte> NameMemory(int index)
    {
        ref readonly var field = ref Ref(index);
        return Source(field.NameAt, out var at).AsMemory(at, field.NameLength);
    }

    /// <summary>
    /// The field at <paramref name="index"/> as a value of its own: it keeps nothing else alive. Fields of the static table and of the
    /// dynamic table are the same object each time.
    /// </summary>
    public HeaderField Field(int index)
    {
        ref readonly var field = ref Ref(index);
        if (field.Entry < 0)
            return StaticTable.Fields[-field.Entry];
        if (field.Entry > 0)
            return ((field.ValueAt & FieldRef.SourceMask) == FieldRef.InNextLog ? _next : _log).Field(field.Entry - 1);
        return HeaderField.Copy(
            Slice(field.NameAt, field.NameLength), Slice(field.ValueAt, field.ValueLength), field.Token, field.NeverIndexed);
    }

    /// <summary>Copies the fields out into values of their own.</summary>
    public ImmutableArray<HeaderField> ToFields()
    {
        if (Count == 0)
            return [];
        var fields = new HeaderField[Count];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = Field(i);
        return ImmutableCollectionsMarshal.AsImmutableArray(fields);
    }

    /// <summary>Walks the fields in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    // A list without fields has no array; the check makes every index out of range there.
    private ref readonly FieldRef Ref(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return ref _refs![_start + index];
    }

    private ReadOnlySpan<byte> Slice(uint place, int length) => Source(place, out var at).AsSpan(at, length);

    private byte[] Source(uint place, out int at)
    {
        at = (int)(place & ~FieldRef.SourceMask);
        switch (place & FieldRef.SourceMask)
        {
            case FieldRef.InStatic:
                return StaticTable.Bytes;
            case FieldRef.InArena:
                at += _arenaStart;
                return _arena;
            case FieldRef.InNextLog:
                return _next.Bytes;
            default:
                return _log.Bytes;
        }
    }

    /// <summary>Walks a list, for <c>foreach</c>.</summary>
    public ref struct Enumerator
    {
        private readonly FieldList _list;
        private int _index;

        internal Enumerator(FieldList list)
        {
            _list = list;
            _index = -1;
        }

        /// <summary>The field it stands on.</summary>
        public readonly FieldView Current => _list[_index];

        /// <summary>Goes to the next field.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext() => ++_index < _list.Count;
    }
}
