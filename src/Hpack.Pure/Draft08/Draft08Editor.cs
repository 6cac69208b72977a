using System.Runtime.InteropServices;

namespace Hpack.Pure;

/// <summary>
/// A header table while one block is processed: thawed from an immutable table, changed, and frozen into the next. What the log already
/// held is never rewritten, so the table it came from stays what it was.
/// </summary>
internal sealed class Draft08Editor
{
    // For entry e of the log, the mark at e - _markBase. An entry is referenced when its generation is the present one, so that the
    // reference set is emptied in one step however often a block asks for it.
    private readonly List<Mark> _marks = [];

    private TableLog _log;
    private bool _claimed;
    private int _head;
    private int _tail;
    private int _bytesEnd;
    private int _size;
    private int _maxSize;
    private int _markBase;
    private int _generation = 1;

    /// <summary>Thaws a table.</summary>
    /// <param name="table">The table; it stays valid.</param>
    public Draft08Editor(Draft08Table table)
    {
        _log = table.Log;
        (_head, _tail, _size, _maxSize) = (table.Head, table.Tail, table.Size, table.MaxSize);
        _markBase = _head;
        foreach (var referenced in table.ReferencesOldestFirst)
            _marks.Add(new Mark { Generation = referenced ? _generation : 0 });
    }

    /// <summary>How many entries there are.</summary>
    public int Count => _tail - _head;

    /// <summary>The sum of the entries' sizes.</summary>
    public int Size => _size;

    /// <summary>The most the entries' sizes may sum to.</summary>
    public int MaxSize => _maxSize;

    /// <summary>Whether the oldest entry must go before one of <paramref name="size"/> octets fits.</summary>
    public bool MustEvictFor(int size) => Count > 0 && _size > _maxSize - size;

    /// <summary>The entry at an index, the newest at 1.</summary>
    public HeaderField Field(int index) => _log.Field(_tail - index);

    /// <summary>Whether the entry at an index is in the reference set.</summary>
    public bool IsReferenced(int index) => At(index).Generation == _generation;

    /// <summary>Puts the entry at an index into the reference set, or takes it out.</summary>
    public void SetReferenced(int index, bool referenced) => At(index).Generation = referenced ? _generation : 0;

    /// <summary>Empties the reference set (draft 08 §7.3).</summary>
    public void ClearReferences() => _generation++;

    /// <summary>What the block has done with the entry at an index so far.</summary>
    public Draft08Use UseOf(int index) => At(index).Use;

    /// <summary>Notes what the block has done with the entry at an index.</summary>
    public void SetUse(int index, Draft08Use use) => At(index).Use = use;

    /// <summary>Changes the limit; the oldest entries go, and their references (draft 08 §5.2).</summary>
    public void Resize(int maxSize)
    {
        _maxSize = maxSize;
        while (_size > _maxSize)
            EvictOldest();
    }

    /// <summary>Evicts the oldest entry.</summary>
    public void EvictOldest() => _size -= _log.Entries[_head++].Size;

    /// <summary>Inserts a field as the newest entry, evicting as many of the oldest as it takes (draft 08 §5.3).</summary>
    /// <returns>Whether it fits; when it does not the table is empty afterwards, which is no error.</returns>
    public bool Insert(HeaderField field)
    {
        while (MustEvictFor(field.Size))
            EvictOldest();
        if (field.Size > _maxSize)
            return false;
        Reserve(field.Name.Length + field.Value.Length);
        ref var entry = ref _log.Entries[_tail];
        entry = default;
        if (field.Token != 0)
            entry.SetName(StaticTable.Refs[field.Token]);
        else
        {
            entry.NameAt = Append(field.Name.Span);
            entry.SetName(field.Name.Length, 0);
        }
        entry.ValueAt = Append(field.Value.Span);
        // Stryker disable once Boolean : an entry is read without the mark
        entry.SetValue(field.Value.Length, neverIndexed: false);
        _tail++;
        _size += field.Size;
        _marks.Add(default);
        return true;
    }

    /// <summary>The index of the newest entry with this name and value, or 0.</summary>
    public int FindField(HeaderField field)
    {
        for (var at = _tail - 1; at >= _head; at--)
        {
            if (_log.Value(at).SequenceEqual(field.Value.Span) && _log.Name(at).SequenceEqual(field.Name.Span))
                return _tail - at;
        }
        return 0;
    }

    /// <summary>The index of the newest entry with this name, or 0.</summary>
    public int FindName(HeaderField field)
    {
        for (var at = _tail - 1; at >= _head; at--)
        {
            if (_log.Name(at).SequenceEqual(field.Name.Span))
                return _tail - at;
        }
        return 0;
    }

    /// <summary>The table as it is now. The editor must not be used afterwards.</summary>
    public Draft08Table Freeze()
    {
        if (_claimed)
            _log.Publish(_tail, _bytesEnd);
        var referenced = new bool[Count];
        for (var i = 0; i < referenced.Length; i++)
            referenced[i] = _marks[_head + i - _markBase].Generation == _generation;
        return new Draft08Table(_log, _head, _tail, _size, _maxSize, referenced.Contains(true) ? referenced : []);
    }

    private ref Mark At(int index) => ref CollectionsMarshal.AsSpan(_marks)[_tail - index - _markBase];

    // Until the first insertion the log is only read. A block that fails afterwards never publishes what it appended: its log stays
    // claimed, and the states that share it go on in copies.
    private void Reserve(int octets)
    {
        if (!_claimed && _log.TryClaim(_tail))
        {
            _claimed = true;
            _bytesEnd = _log.BytesEnd;
        }
        if (_claimed && _tail < _log.Entries.Length && octets <= _log.Bytes.Length - _bytesEnd)
            return;
        var copy = _log.Compact(_head, _tail, octets, _maxSize, hashed: false);
        _log = copy;
        _claimed = true;
        _bytesEnd = copy.BytesEnd;
        _markBase -= _head;
        _tail -= _head;
        _head = 0;
    }

    private uint Append(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_log.Bytes.AsSpan(_bytesEnd));
        var at = (uint)_bytesEnd;
        _bytesEnd += octets.Length;
        return at;
    }

    private struct Mark
    {
        public int Generation;
        public Draft08Use Use;
    }
}

/// <summary>What a block has done with an entry so far.</summary>
internal enum Draft08Use : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It was emitted, so that it will not be emitted again at the block's end (draft 08 §4.2).</summary>
    Emitted,

    /// <summary>An encoder leaves it in the reference set for the block's end to emit it.</summary>
    LeftToTheEnd,
}
