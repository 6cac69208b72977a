using System.Runtime.InteropServices;

namespace Hpack.Pure;

/// <summary>
/// A header table while one block is processed: thawed from an immutable table, changed, and frozen into the next. What the log already
/// held is never rewritten, so the table it came from stays what it was.
/// </summary>
internal ref struct Draft08Editor
{
    // For entry e of the log, the mark at e - _markBase. An entry is referenced when its generation is the present one, so that the
    // reference set is emptied in one step however often a block asks for it.
    private readonly List<Mark> _marks;

    private TableBuilder _table;
    private int _markBase;
    private int _generation = 1;

    /// <summary>Thaws a table.</summary>
    /// <param name="table">The table; it stays valid.</param>
    public Draft08Editor(Draft08Table table)
    {
        _table.Start(table.Window, table.MaxSize);
        _markBase = _table.Head;
        _marks = new(_table.Count);
        foreach (var referenced in table.ReferencesOldestFirst)
            _marks.Add(new Mark { Generation = referenced ? _generation : 0 });
    }

    /// <summary>How many entries there are.</summary>
    public int Count => _table.Count;

    /// <summary>The sum of the entries' sizes.</summary>
    public int Size => _table.Size;

    /// <summary>The most the entries' sizes may sum to.</summary>
    public int MaxSize => _table.MaxSize;

    /// <summary>The entry at an index, the newest at 1.</summary>
    public HeaderField Field(int index) => _table.Log.Field(EntryAt(index));

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
    public void Resize(int maxSize) => _table.Resize(maxSize);

    /// <summary>Inserts a field as the newest entry, evicting as many of the oldest as it takes (draft 08 §5.3).</summary>
    /// <returns>Whether it fits; when it does not the table is empty afterwards, which is no error.</returns>
    public bool Insert(HeaderField field)
    {
        if (field.Size > MaxSize)
        {
            _table.EvictAll();
            return false;
        }
        _table.Evict(field.Size);
        MakeRoom(field.Name.Length + field.Value.Length);
        FieldRef entry = default;
        if (field.Token != 0)
            entry.SetName(StaticTable.Refs[field.Token]);
        else
        {
            entry.NameAt = _table.Append(field.Name.Span);
            entry.SetName(field.Name.Length, 0);
        }
        entry.ValueAt = _table.Append(field.Value.Span);
        // Stryker disable once Boolean : an entry is read without the mark
        entry.SetValue(field.Value.Length, neverIndexed: false);
        _table.Add(entry);
        _marks.Add(default);
        return true;
    }

    /// <summary>The index of the newest entry with this name and value, or 0.</summary>
    public int FindField(HeaderField field)
    {
        var log = _table.Log;
        for (var index = 1; index <= Count; index++)
        {
            var at = EntryAt(index);
            if (log.Value(at).SequenceEqual(field.Value.Span) && log.Name(at).SequenceEqual(field.Name.Span))
                return index;
        }
        return 0;
    }

    /// <summary>The index of the newest entry with this name, or 0.</summary>
    public int FindName(HeaderField field)
    {
        for (var index = 1; index <= Count; index++)
        {
            if (_table.Log.Name(EntryAt(index)).SequenceEqual(field.Name.Span))
                return index;
        }
        return 0;
    }

    /// <summary>The table as it is now. The editor must not be used afterwards.</summary>
    public Draft08Table Freeze()
    {
        _table.Publish();
        var referenced = new bool[Count];
        for (var i = 0; i < referenced.Length; i++)
            referenced[i] = _marks[_table.Head + i - _markBase].Generation == _generation;
        return new Draft08Table(_table.Window, MaxSize, referenced.Contains(true) ? referenced : []);
    }

    private int EntryAt(int index) => _table.FromNewest(index - 1);

    private ref Mark At(int index) => ref CollectionsMarshal.AsSpan(_marks)[EntryAt(index) - _markBase];

    // Until the first insertion the log is only read. A block that turns out to be unsound after one keeps the log claimed, as fields that
    // were emitted may be objects of its entries; the states that share it go on in copies.
    private void MakeRoom(int octets)
    {
        if (_table.HasRoom(octets))
            return;
        _markBase -= _table.Head;
        _table.Move(octets);
    }

    private struct Mark
    {
        public int Generation;
        public Draft08Use Use;
    }
}
