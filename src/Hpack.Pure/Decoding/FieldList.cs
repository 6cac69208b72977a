using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hpack.Pure;

/// <summary>
/// The fields of one decoded block, as a view: a slice of an append-only arena and of the dynamic table's log. No field is made
/// before it is asked for. Immutable, thread-safe; keeps at most its arena chunk alive and two logs: what a state keeps of one
/// (see <see cref="DecoderState"/>) and, for a block that fills several, up to 48 KiB more.
/// </summary>
public readonly struct FieldList
{
    private readonly FieldRef[]? _refs;
    private readonly FieldSources _sources;
    private readonly int _start;

    internal FieldList(FieldRef[] refs, int start, int count, in FieldSources sources, long size, bool overflowed)
    {
        _refs = refs;
        _start = start;
        Count = count;
        _sources = sources;
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
                _sources.Slice(field.NameAt, field.NameLength), _sources.Slice(field.ValueAt, field.ValueLength), field.Token,
                field.NeverIndexed);
        }
    }

    /// <summary>The octets of the value at <paramref name="index"/>, for who has no use for the name.</summary>
    internal ReadOnlySpan<byte> Value(int index)
    {
        ref readonly var field = ref Ref(index);
        return _sources.Slice(field.ValueAt, field.ValueLength);
    }

    /// <summary>The octets of the value at <paramref name="index"/> as memory, without a copy.</summary>
    public ReadOnlyMemory<byte> ValueMemory(int index)
    {
        ref readonly var field = ref Ref(index);
        return _sources.Memory(field.ValueAt, field.ValueLength);
    }

    /// <summary>The octets of the name at <paramref name="index"/> as memory, without a copy.</summary>
    public ReadOnlyMemory<byte> NameMemory(int index)
    {
        ref readonly var field = ref Ref(index);
        return _sources.Memory(field.NameAt, field.NameLength);
    }

    /// <summary>
    /// The field at <paramref name="index"/> as a value of its own. Fields of the static table and of the dynamic table are the same
    /// object each time, except those that a long block has pushed out of the table again.
    /// </summary>
    public HeaderField Field(int index) => _sources.Field(Ref(index));

    /// <summary>All fields as values of their own. Those that no table has an object for share one array for their octets.</summary>
    public ImmutableArray<HeaderField> ToFields()
    {
        if (Count == 0)
            return [];
        var fields = new HeaderField[Count];
        var copied = 0;
        var missing = false;
        for (var i = 0; i < fields.Length; i++)
        {
            ref readonly var field = ref Ref(i);
            fields[i] = _sources.KnownField(field)!;
            if (fields[i] is not null)
                continue;
            missing = true;
            copied += field.CopiedLength;
        }
        if (missing)
            FillIn(fields, GC.AllocateUninitializedArray<byte>(copied));
        return ImmutableCollectionsMarshal.AsImmutableArray(fields);
    }

    /// <summary>Walks the fields in order.</summary>
    public Enumerator GetEnumerator() => new(_refs.AsSpan(_start, Count), _sources.Arrays);

    /// <summary>The fields, one a line, as <c>name: value</c>.</summary>
    public override string ToString() => string.Join('\n', ToFields());

    private void FillIn(HeaderField[] fields, byte[] octets)
    {
        var at = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i] is not null)
                continue;
            ref readonly var field = ref Ref(i);
            fields[i] = _sources.NewField(field, octets, at);
            at += field.CopiedLength;
        }
    }

    // A list without fields may have no array; the check makes every index out of range there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref readonly FieldRef Ref(int index)
    {
        if ((uint)index >= (uint)Count)
            ThrowOutOfRange();
        return ref _refs![_start + index];
    }

    private static void ThrowOutOfRange() => throw new ArgumentOutOfRangeException("index");

    /// <summary>Walks a list, for <c>foreach</c>.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<FieldRef> _refs;
        private readonly FieldSources.ByteArrays _arrays;
        private int _index;

        internal Enumerator(ReadOnlySpan<FieldRef> refs, FieldSources.ByteArrays arrays)
        {
            _refs = refs;
            _arrays = arrays;
            _index = -1;
        }

        /// <summary>The field it stands on.</summary>
        public readonly FieldView Current
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get
            {
                ref readonly var at = ref _refs[_index];
                return new(_arrays.Slice(at.NameAt, at.NameLength), _arrays.Slice(at.ValueAt, at.ValueLength), at.Token, at.NeverIndexed);
            }
        }

        /// <summary>Goes to the next field.</summary>
        /// <returns>Whether there is one.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext() => ++_index < _refs.Length;
    }
}
