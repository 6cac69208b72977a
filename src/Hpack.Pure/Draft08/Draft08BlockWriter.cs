namespace Hpack.Pure;

/// <summary>One block on its way through the encoder.</summary>
internal ref struct Draft08BlockWriter(Draft08EncoderState state, OutputBuffer output)
{
    private Draft08Editor _table = new(state.HeaderTable);

    /// <summary>
    /// Writes what comes before the fields: the sizes that are owed, and the octet that empties the reference set, if that pays.
    /// </summary>
    public void Start(IReadOnlyList<HeaderField> fields)
    {
        if (state.OwesSizeUpdate)
        {
            // Draft 08 §5.1: the decoder must hear how far the table was emptied before it hears how large it may be again.
            if (state.Smallest < _table.MaxSize)
                WriteSizeUpdate(state.Smallest);
            WriteSizeUpdate(_table.MaxSize);
        }
        if (StartsEmpty(fields))
        {
            output.Write([Draft08Representation.EmptyReferenceSet]);
            _table.ClearReferences();
        }
    }

    /// <summary>Writes one field.</summary>
    public void Write(HeaderField field)
    {
        // Draft 08 §7.2.3: a field that came never indexed goes out never indexed; not even its presence in a table is asked.
        if (field.NeverIndexed)
        {
            WriteLiteral(Representation.Never, Representation.NeverPrefix, field);
            return;
        }
        var index = _table.FindField(field);
        if (index != 0)
            WriteKnown(index);
        else if (field.StaticIndex != 0)
            WriteStatic(field);
        else
            WriteNew(field);
    }

    /// <summary>Takes out of the reference set what is neither emitted nor to be emitted by this block.</summary>
    public void DropStaleReferences()
    {
        for (var index = 1; index <= _table.Count; index++)
        {
            if (!_table.IsReferenced(index) || _table.UseOf(index) != Draft08Use.None)
                continue;
            WriteIndexed(index);
            _table.SetReferenced(index, false);
        }
    }

    /// <summary>The table after the block.</summary>
    public Draft08Table Freeze() => _table.Freeze();

    // One octet empties the set. That pays when more references would have to be taken out than would have to be sent again.
    private bool StartsEmpty(IReadOnlyList<HeaderField> fields)
    {
        var referenced = 0;
        for (var index = 1; index <= _table.Count; index++)
            referenced += _table.IsReferenced(index) ? 1 : 0;
        if (referenced == 0 || !state.UsesReferenceSet)
            return referenced != 0;
        var wanted = new System.Collections.Generic.HashSet<int>();
        foreach (var field in fields)
        {
            var index = field.NeverIndexed ? 0 : _table.FindField(field);
            if (index != 0 && _table.IsReferenced(index))
                wanted.Add(index);
        }
        return referenced - wanted.Count > wanted.Count + 1;
    }

    // Draft 08 §4.1: an index that is referenced already only leaves the set; to emit it, it is taken out and put in again.
    private void WriteKnown(int index)
    {
        if (!_table.IsReferenced(index))
        {
            WriteIndexed(index);
            _table.SetReferenced(index, true);
            _table.SetUse(index, Draft08Use.Emitted);
            return;
        }
        switch (_table.UseOf(index))
        {
            case Draft08Use.None:
                _table.SetUse(index, Draft08Use.LeftToTheEnd);
                return;
            case Draft08Use.LeftToTheEnd:
                // An entry that is emitted during the block is not emitted at its end, so that its first occurrence has to be written now,
                // too.
                WriteOffAndOn(index);
                break;
        }
        WriteOffAndOn(index);
    }

    private void WriteOffAndOn(int index)
    {
        WriteIndexed(index);
        WriteIndexed(index);
        _table.SetUse(index, Draft08Use.Emitted);
    }

    private void WriteStatic(HeaderField field)
    {
        SayBeforeEviction(field.Size);
        WriteIndexed(_table.Count + field.StaticIndex);
        Insert(field);
    }

    private void WriteNew(HeaderField field)
    {
        var indexing = state.Policy.Decide(field.Token, field.Name.Span, field.Value.Span);
        if (indexing == Indexing.Never)
            WriteLiteral(Representation.Never, Representation.NeverPrefix, field);
        // An entry larger than the table would only empty it (draft 08 §5.3).
        else if (indexing == Indexing.Without || field.Size > _table.MaxSize)
            WriteLiteral(Representation.Without, Representation.WithoutPrefix, field);
        else
        {
            SayBeforeEviction(field.Size);
            WriteLiteral(Representation.Incremental, Representation.IncrementalPrefix, field);
            Insert(field);
        }
    }

    private void Insert(HeaderField field)
    {
        if (!_table.Insert(field))
            return;
        _table.SetReferenced(1, true);
        _table.SetUse(1, Draft08Use.Emitted);
    }

    // Draft 08 §3.3: eviction takes the reference with it. What was left to the end of the block must be emitted before that. Entries
    // stay where they are meanwhile: their indices are those the decoder has when it reads them.
    private void SayBeforeEviction(int size)
    {
        var freed = _table.MaxSize - _table.Size;
        for (var index = _table.Count; index > 0 && freed < size; index--)
        {
            freed += _table.Field(index).Size;
            if (_table.UseOf(index) == Draft08Use.LeftToTheEnd)
                WriteOffAndOn(index);
        }
    }

    private void WriteLiteral(int pattern, int mask, HeaderField field)
    {
        var index = _table.FindName(field);
        if (index == 0 && field.Token != 0)
            index = _table.Count + field.Token;
        WriteInteger(pattern, mask, index);
        if (index == 0)
            WriteString(field.Name.Span);
        WriteString(field.Value.Span);
    }

    // As in RFC 7541 (draft 08 §6.2).
    private void WriteString(ReadOnlySpan<byte> text) =>
        output.Advance(StringLiteral.Write(output.GetSpan(text.Length + StringLiteral.Overhead), text));

    private void WriteIndexed(int index) => WriteInteger(Representation.Indexed, Representation.IndexedPrefix, index);

    private void WriteSizeUpdate(int size) => WriteInteger(Draft08Representation.SizeUpdate, Draft08Representation.SizeUpdatePrefix, size);

    private void WriteInteger(int pattern, int mask, int value) =>
        output.Advance(PrefixInteger.Write(output.GetSpan(PrefixInteger.MaxLength), pattern, mask, value));
}
