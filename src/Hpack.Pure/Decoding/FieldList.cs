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
    // Lists are kept in requests and events: every field here is paid for with each of them.
    private readonly FieldRef[]? _refs;
    private readonly byte[] _arena;
    private readonly TableLog _log, _next;
    private readonly int _tail, _nextTail;
    private readonly int _start;

    internal FieldList(
        FieldRef[] refs, int start, int count, byte[] arena, Window log, Window next, long size, bool overflowed)
    {
        _refs = refs;
        _start = start;
        Count = count;
        _arena = arena;
        (_log, _tail) = (log.Log, log.Tail);
        (_next, _nextTail) = (next.Log, next.Tail);
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
        return Memory(field.ValueAt, field.ValueLength);
    }

    /// <summary>The octets of the name at <paramref name="index"/> as memory, without a copy.</summary>
    public ReadOnlyMemory<byte> NameMemory(int index)
    {
        ref readonly var field = ref Ref(index);
        return Memory(field.NameAt, field.NameLength);
    }

    /// <summary>
    /// The field at <paramref name="index"/> as a value of its own. Fields of the static table and of the dynamic table are the same
    /// object each time, but for those that a long block has pushed out of the table again.
    /// </summary>
    public HeaderField Field(int index)
    {
        ref readonly var field = ref Ref(index);
        var entry = EntryOf(field, out var log);
        return KnownField(field, log, entry) ?? NewField(field, log, entry, new byte[field.CopiedLength], 0);
    }

    /// <summary>Copies the fields out into values of their own, which share one array for what the tables do not have.</summary>
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
            var entry = EntryOf(field, out var log);
            fields[i] = KnownField(field, log, entry)!;
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
    public Enumerator GetEnumerator() => new(_refs.AsSpan(_start, Count), _log?.Bytes, _next?.Bytes, _arena);

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
            var entry = EntryOf(field, out var log);
            fields[i] = NewField(field, log, entry, octets, at);
            at += field.CopiedLength;
        }
    }

    // The log and the number of the dynamic entry that a field is; -1 when it is none.
    private int EntryOf(in FieldRef field, out TableLog log)
    {
        var source = field.ValueAt & FieldRef.SourceMask;
        var isNext = source == FieldRef.InNextLog;
        log = isNext ? _next : _log;
        return source is FieldRef.InStatic or FieldRef.InArena ? -1 : log.IndexOf(field, isNext ? _nextTail : _tail);
    }

    // The object there is already for a field of a table, or null.
    private static HeaderField? KnownField(in FieldRef field, TableLog log, int entry) =>
        entry >= 0 ? log.KnownField(entry)
        : (field.ValueAt & FieldRef.SourceMask) == FieldRef.InStatic ? StaticTable.Fields[StaticTable.IndexOf(field)]
        : null;

    private HeaderField NewField(in FieldRef field, TableLog log, int entry, byte[] octets, int at)
    {
        var made = HeaderField.Copy(
            Slice(field.NameAt, field.NameLength), Slice(field.ValueAt, field.ValueLength), field.Token, field.NeverIndexed,
            octets, at);
        return entry >= 0 ? log.KeepField(entry, made) : made;
    }

    // A list without fields may have no array; the check makes every index out of range there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref readonly FieldRef Ref(int index)
    {
        if ((uint)index >= (uint)Count)
            ThrowOutOfRange();
        return ref _refs![_start + index];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Slice(uint place, int length) => Source(place).AsSpan((int)(place & ~FieldRef.SourceMask), length);

    private ReadOnlyMemory<byte> Memory(uint place, int length) =>
        Source(place).AsMemory((int)(place & ~FieldRef.SourceMask), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte[] Source(uint place) => (place & FieldRef.SourceMask) switch
    {
        FieldRef.InStatic => StaticTable.Bytes,
        FieldRef.InArena => _arena,
        FieldRef.InNextLog => _next.Bytes,
        _ => _log.Bytes,
    };

    private static void ThrowOutOfRange() => throw new ArgumentOutOfRangeException("index");

    /// <summary>The entries of a log that a list can refer to.</summary>
    internal readonly struct Window(TableLog log, int tail)
    {
        public readonly TableLog Log = log;
        public readonly int Tail = tail;
    }

    /// <summary>Walks a list, for <c>foreach</c>.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<FieldRef> _refs;
        private readonly Sources _sources;
        private int _index;

        internal Enumerator(ReadOnlySpan<FieldRef> refs, byte[]? log, byte[]? next, byte[]? arena)
        {
            _refs = refs;
            _sources = new(log, next, arena);
            _index = -1;
        }

        /// <summary>The field it stands on.</summary>
        public readonly FieldView Current
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get
            {
                ref readonly var at = ref _refs[_index];
                return new(_sources.Slice(at.NameAt, at.NameLength), _sources.Slice(at.ValueAt, at.ValueLength), at.Token, at.NeverIndexed);
            }
        }

        /// <summary>Goes to the next field.</summary>
        /// <returns>Whether there is one.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext() => ++_index < _refs.Length;
    }

    /// <summary>The arrays by the top bits of a place, so that a walk need not branch for each string.</summary>
    [InlineArray(4)]
    private struct Sources
    {
        private const int Shift = 30;

        private byte[]? _first;

        public Sources(byte[]? log, byte[]? next, byte[]? arena)
        {
            // FieldRef.InLog, InNextLog, InArena and InStatic
            (this[0], this[1], this[2], this[3]) = (log, next, arena, StaticTable.Bytes);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly ReadOnlySpan<byte> Slice(uint place, int length) =>
            this[(int)(place >> Shift)].AsSpan((int)(place & ~FieldRef.SourceMask), length);
    }
}
