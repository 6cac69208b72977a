using System.Collections.Immutable;

namespace Hpack.Pure;

/// <summary>One block on its way through the decoder (draft 08 §4).</summary>
internal ref struct Draft08BlockReader
{
    private readonly ReadOnlySpan<byte> _block;
    private readonly int _setting;
    private Draft08Editor _table;
    private readonly ImmutableArray<HeaderField>.Builder _fields = ImmutableArray.CreateBuilder<HeaderField>();
    private bool _owesUpdate;
    private int _at;
    private int _fault;

    /// <summary>Starts a block.</summary>
    public Draft08BlockReader(Draft08DecoderState state, ReadOnlySpan<byte> block)
    {
        _block = block;
        _setting = state.MaxTableSize;
        _owesUpdate = state.OwesSizeUpdate;
        _table = new Draft08Editor(state.HeaderTable);
    }

    /// <summary>The octet at which the error was seen.</summary>
    public readonly int Fault => _fault;

    /// <summary>Processes every representation, then emits what the reference set still holds.</summary>
    public HpackErrorKind Run()
    {
        while (_at < _block.Length)
        {
            _fault = _at;
            var first = _block[_at];
            var isUpdate = Draft08Representation.IsContextUpdate(first);
            // Draft 08 §5.1: after a reduction the block begins with the new size, so that no field meets a table that the two ends
            // hold differently. Emptying the reference set before it does no harm.
            if (!isUpdate && _owesUpdate)
                return HpackErrorKind.SizeUpdateMissing;
            var kind = isUpdate ? ReadContextUpdate(first) : Representation.IsIndexed(first) ? ReadIndexed() : ReadLiteral(first);
            if (kind != HpackErrorKind.None)
                return kind;
        }
        _fault = _at;
        if (_owesUpdate)
            return HpackErrorKind.SizeUpdateMissing;
        EmitReferences();
        return HpackErrorKind.None;
    }

    /// <summary>Ends the block.</summary>
    /// <param name="fields">The header set.</param>
    /// <returns>The state after it.</returns>
    public Draft08DecoderState Complete(out ImmutableArray<HeaderField> fields)
    {
        fields = _fields.DrainToImmutable();
        return new(_table.Freeze(), _setting, owesSizeUpdate: false);
    }

    // Draft 08 §7.3: 0011 empties the reference set, 0010 sets the table's limit; both take effect at once.
    private HpackErrorKind ReadContextUpdate(byte first)
    {
        if (Draft08Representation.Empties(first))
        {
            _at++;
            // Draft 08 §7.3: the other bits are zero, or the block is in error.
            if (first != Draft08Representation.EmptyReferenceSet)
                return HpackErrorKind.ReferenceSetBits;
            _table.ClearReferences();
            return HpackErrorKind.None;
        }
        var kind = PrefixInteger.Read(_block, ref _at, Draft08Representation.SizeUpdatePrefix, out var size);
        if (kind != HpackErrorKind.None)
            return kind;
        // Draft 08 §7.3: the limit stays within what the decoder's setting allows.
        if (size > _setting)
            return HpackErrorKind.SizeUpdateTooLarge;
        _table.Resize(size);
        _owesUpdate = false;
        return HpackErrorKind.None;
    }

    // Draft 08 §4.1: an index in the reference set leaves it; any other is emitted and enters it.
    private HpackErrorKind ReadIndexed()
    {
        var kind = PrefixInteger.Read(_block, ref _at, Representation.IndexedPrefix, out var index);
        if (kind != HpackErrorKind.None)
            return kind;
        // Draft 08 §7.1: index 0 is an error.
        if (index == 0)
            return HpackErrorKind.IndexZero;
        if (index > _table.Count)
            return ReadStatic(index - _table.Count);
        if (_table.IsReferenced(index))
        {
            _table.SetReferenced(index, false);
            return HpackErrorKind.None;
        }
        _fields.Add(_table.Field(index));
        _table.SetReferenced(index, true);
        _table.SetUse(index, Draft08Use.Emitted);
        return HpackErrorKind.None;
    }

    // Draft 08 §3.4: the static table comes behind the header table, and an indexed static entry is copied into the header table.
    private HpackErrorKind ReadStatic(int index)
    {
        if (index > StaticTable.Count)
            return HpackErrorKind.IndexOutOfRange;
        EmitAndInsert(StaticTable.Fields[index]);
        return HpackErrorKind.None;
    }

    private HpackErrorKind ReadLiteral(byte first)
    {
        var indexing = Representation.IsIncremental(first);
        var prefix = indexing ? Representation.IncrementalPrefix : Representation.WithoutPrefix;
        var kind = PrefixInteger.Read(_block, ref _at, prefix, out var index);
        if (kind != HpackErrorKind.None)
            return kind;
        kind = ReadName(index, out var name);
        if (kind != HpackErrorKind.None)
            return kind;
        kind = ReadString(out var value);
        if (kind != HpackErrorKind.None)
            return kind;
        var field = new HeaderField(name, value, Representation.IsNever(first));
        if (indexing)
            EmitAndInsert(field);
        else
            _fields.Add(field);
        return HpackErrorKind.None;
    }

    // The name of an entry is an object of its own, so that the eviction of the entry does not touch it (draft 08 §5.3).
    private HpackErrorKind ReadName(int index, out Octets name)
    {
        name = default;
        if (index == 0)
            return ReadString(out name);
        if (index > _table.Count + StaticTable.Count)
            return HpackErrorKind.IndexOutOfRange;
        name = (index > _table.Count ? StaticTable.Fields[index - _table.Count] : _table.Field(index)).Name;
        return HpackErrorKind.None;
    }

    private HpackErrorKind ReadString(out Octets text)
    {
        text = default;
        var kind = CodedString.Read(_block, ref _at, ref _fault, out var coded);
        if (kind != HpackErrorKind.None)
            return kind;
        var target = new byte[coded.Room];
        kind = coded.Decode(_block, target, out var written);
        // Copied, as a slice would keep all the room alive that Huffman decoding asks for, half as much again.
        text = Octets.Copy(target.AsSpan(0, written));
        return kind;
    }

    private void EmitAndInsert(HeaderField field)
    {
        _fields.Add(field);
        // Draft 08 §4.1: a reference is added unless the entry did not fit.
        if (!_table.Insert(field))
            return;
        _table.SetReferenced(1, true);
        _table.SetUse(1, Draft08Use.Emitted);
    }

    // Draft 08 §4.2: what is referenced and was not emitted belongs to the header set.
    private void EmitReferences()
    {
        for (var index = 1; index <= _table.Count; index++)
        {
            if (_table.IsReferenced(index) && _table.UseOf(index) != Draft08Use.Emitted)
                _fields.Add(_table.Field(index));
        }
    }
}
