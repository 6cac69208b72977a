using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// One block being decoded (RFC 7541 §3.2): reads the representations one after another, into the table and the list. Nothing of it can be seen
/// before <see cref="Complete"/>; a reader that is given up with <see cref="Abandon"/> has changed nothing.
/// </summary>
internal ref struct BlockReader
{
    // How many octets of the log are for the rest of a long block at most, and how many of them an entry is likely to take.
    private const int MostAhead = 1 << 15;
    private const int LikelyLength = 32;

    private ReadOnlySpan<byte> _block;
    private DecoderState _state;
    private int _at;
    private int _fault;
    private int _owed;
    private TableBuilder _table;

    /// <summary>The list. Say after <see cref="Start"/> where it goes, and take it after <see cref="Complete"/>.</summary>
    public ListBuilder List;

    /// <summary>Starts a block.</summary>
    /// <param name="state">The state to decode from; it stays valid.</param>
    /// <param name="block">The block.</param>
    /// <param name="maxListSize">List no more fields once their sizes sum to more than this.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // not a constructor: what that makes is copied to its place, which stalls
    public void Start(DecoderState state, ReadOnlySpan<byte> block, long maxListSize)
    {
        _block = block;
        _state = state;
        _owed = state.Owed;
        _table.Start(state.Window, state.MaxSize);
        List.Start(state.Log, state.Tail, maxListSize);
    }

    private readonly int Left => _block.Length - _at;

    /// <summary>Decodes the block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // what it calls is inlined here, up to a bound that is not to be shared with a caller
    public HpackErrorKind Run()
    {
        if (_block.Length > HpackLimits.MaxBlockLength)
            return HpackErrorKind.BlockTooLong;
        var kind = ReadSizeUpdates();
        while (kind == HpackErrorKind.None && _at < _block.Length)
        {
            _fault = _at;
            int first = _block[_at];
            // RFC 7541 §4.2: size updates come at the beginning of a block only.
            kind = Representation.IsIndexed(first) ? ReadIndexed()
                : !Representation.IsSizeUpdate(first) ? ReadLiteral(first)
                : HpackErrorKind.SizeUpdateTooLate;
        }
        return kind;
    }

    /// <summary>Ends a sound block: publishes what was appended.</summary>
    /// <returns>The state after the block: the same object when nothing has changed.</returns>
    public DecoderState Complete()
    {
        _table.Publish();
        List.NoteTail(_table.Log, _table.Tail);
        if (_table.MaxSize != _state.MaxSize || _owed != _state.Owed || _table.Log != _state.Log)
            return new(_table.Window, _table.MaxSize, _state.MaxTableSize, _owed);
        return _table.Tail == _state.Tail && _table.Head == _state.Head ? _state : new(_state, _table.Window);
    }

    /// <summary>Gives the block up.</summary>
    /// <param name="kind">What is wrong with it.</param>
    /// <returns>The error, with the octet at fault.</returns>
    public readonly HpackError Abandon(HpackErrorKind kind)
    {
        _table.Abandon();
        return new(kind, _fault);
    }

    // RFC 7541 §4.2: size updates come first, two at most: the smallest limit since the last block, then the final one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private HpackErrorKind ReadSizeUpdates()
    {
        for (var count = 1; _at < _block.Length && Representation.IsSizeUpdate(_block[_at]); count++)
        {
            _fault = _at;
            if (count > 2)
                return HpackErrorKind.TooManySizeUpdates;
            var kind = PrefixInteger.Read(_block, ref _at, Representation.SizeUpdatePrefix, out var maxSize);
            if (kind != HpackErrorKind.None)
                return kind;
            // RFC 7541 §6.3: not above the setting; and the first one not above the smallest setting since the last block.
            if (maxSize > (_owed != DecoderState.NothingOwed ? _owed : _state.MaxTableSize))
                return HpackErrorKind.SizeUpdateTooLarge;
            _owed = DecoderState.NothingOwed;
            _table.Resize(maxSize);
        }
        return _owed == DecoderState.NothingOwed ? HpackErrorKind.None : HpackErrorKind.SizeUpdateMissing;
    }

    // RFC 7541 §6.1. Indexed fields come in runs, and a run keeps its counts in registers.
    private HpackErrorKind ReadIndexed()
    {
        var block = _block;
        var refs = List.Refs;
        var entries = _table.Log.Entries;
        var rebasing = FieldRef.Rebasing(List.Source);
        var newest = _table.EntryAt(0);
        var (at, end, size, head) = (_at, List.RefsEnd, List.Size, _table.Head);
        var kind = HpackErrorKind.None;
        do
        {
            _fault = at;
            var index = block[at] & Representation.IndexedPrefix;
            if (index != Representation.IndexedPrefix)
                at++;
            else if ((kind = PrefixInteger.Read(block, ref at, Representation.IndexedPrefix, out index)) != HpackErrorKind.None)
                break;
            ref readonly var field = ref StaticTable.Refs[0];
            if (index > StaticTable.Count)
            {
                if (newest - index < head)
                {
                    kind = HpackErrorKind.IndexOutOfRange;
                    break;
                }
                field = ref entries[newest - index];
            }
            else if (index == 0)
            {
                kind = HpackErrorKind.IndexZero;
                break;
            }
            else
                field = ref StaticTable.Refs[index];
            size += field.Size;
            if (size > List.MaxSize)
                continue;
            if ((uint)end >= (uint)refs.Length)
            {
                (_at, List.RefsEnd, List.Size) = (at, end, size);
                List.GrowRefs(at, block.Length - at);
                refs = List.Refs;
                end = List.RefsEnd;
            }
            FieldRef.CopyRebased(field, ref refs[end++], rebasing);
        }
        while (at < block.Length && Representation.IsIndexed(block[at]));
        (_at, List.RefsEnd, List.Size) = (at, end, size);
        return kind;
    }

    // RFC 7541 §6.2: literals with incremental indexing (01), without indexing (0000) and never indexed (0001).
    private HpackErrorKind ReadLiteral(int first)
    {
        var insert = Representation.IsIncremental(first);
        var prefix = insert ? Representation.IncrementalPrefix : Representation.WithoutPrefix;
        var kind = PrefixInteger.Read(_block, ref _at, prefix, out var index);
        if (kind != HpackErrorKind.None)
            return kind;
        if (index > StaticTable.Count && _table.EntryAt(index) < _table.Head)
            return HpackErrorKind.IndexOutOfRange;
        CodedString name = default;
        if (index == 0 && (kind = CodedString.Read(_block, ref _at, ref _fault, out name)) != HpackErrorKind.None)
            return kind;
        kind = CodedString.Read(_block, ref _at, ref _fault, out var value);
        if (kind != HpackErrorKind.None)
            return kind;
        var least = (index == 0 ? name.LeastLength : _table.At(index).NameLength) + value.LeastLength + 32L;
        if (insert && least <= _table.MaxSize)
            return Insert(index, name, value);
        kind = least > List.SizeLeft
            ? Skip(index, name, value)
            : Keep(index, name, value, Representation.IsNever(first));
        // RFC 7541 §4.4: a field larger than the table empties it, and that is no error.
        if (insert)
            _table.EvictAll();
        return kind;
    }

    // Decodes a literal into the log, and makes it the newest entry.
    private HpackErrorKind Insert(int index, CodedString name, CodedString value)
    {
        MakeRoom(name.Room + value.Room);
        FieldRef field = default;
        var at = _table.BytesEnd;
        var bytes = _table.Log.Bytes;
        if (index != 0)
            field.SetName(_table.At(index));
        else
        {
            _fault = name.Start;
            var kind = name.Decode(_block, bytes.AsSpan(at), out var length);
            if (kind != HpackErrorKind.None)
                return kind;
            field.SetName(length, StaticTable.FindName(bytes.AsSpan(at, length)));
            field.NameAt = (uint)at;
            at += length;
        }
        _fault = value.Start;
        var valueKind = value.Decode(_block, bytes.AsSpan(at), out var valueLength);
        if (valueKind != HpackErrorKind.None)
            return valueKind;
        field.SetValue(valueLength, neverIndexed: false);
        field.ValueAt = (uint)at;
        _table.AppendTo(at + valueLength);
        if (field.Size > _table.MaxSize)
            _table.EvictAll();
        else
        {
            field.SetNumber(_table.Tail);
            _table.Add(field);
        }
        field.Rebase(List.Source);
        Emit(field);
        return HpackErrorKind.None;
    }

    // Decodes a literal that is not inserted into the arena.
    private HpackErrorKind Keep(int index, CodedString name, CodedString value, bool neverIndexed)
    {
        if (!List.HasRoom(name.Room + value.Room))
            List.GrowOctets(name.Room + value.Room, _at, Left);
        FieldRef field = default;
        var at = List.OctetsEnd;
        var octets = List.Octets;
        if (index != 0)
        {
            field.SetName(_table.At(index));
            field.NameAt |= List.Source;
        }
        else
        {
            _fault = name.Start;
            var kind = name.Decode(_block, octets[at..], out var length);
            if (kind != HpackErrorKind.None)
                return kind;
            field.SetName(length, StaticTable.FindName(octets.Slice(at, length)));
            field.NameAt = (uint)at | FieldRef.InArena;
            at += length;
        }
        _fault = value.Start;
        var valueKind = value.Decode(_block, octets[at..], out var valueLength);
        if (valueKind != HpackErrorKind.None)
            return valueKind;
        field.SetValue(valueLength, neverIndexed);
        field.ValueAt = (uint)at | FieldRef.InArena;
        if (Emit(field))
            List.OctetsEnd = at + valueLength;
        return HpackErrorKind.None;
    }

    // Checks a literal that is neither inserted nor listed, as the list is beyond its bound already.
    private HpackErrorKind Skip(int index, CodedString name, CodedString value)
    {
        _fault = name.Start;
        var nameLength = index == 0 ? 0 : _table.At(index).NameLength;
        var kind = index == 0 ? name.Measure(_block, out nameLength) : HpackErrorKind.None;
        if (kind != HpackErrorKind.None)
            return kind;
        _fault = value.Start;
        kind = value.Measure(_block, out var valueLength);
        List.Count(nameLength + valueLength + 32L);
        return kind;
    }

    // Lists a field, unless that would go beyond the bound.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Emit(FieldRef field)
    {
        if (!List.Count(field.Size))
            return false;
        if (List.IsFull)
            List.GrowRefs(_at, Left);
        List.Add(field);
        return true;
    }

    private void MakeRoom(int octets)
    {
        if (!_table.HasRoom(octets))
            Move(octets);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Move(int octets)
    {
        var ahead = 0;
        if (List.Source == FieldRef.InNextLog)
        {
            // A long block: with more room than the table needs, most of what follows is copied once and not twice. The state that is made in
            // the end goes on in a log without that room.
            ahead = Math.Min(Left, MostAhead);
            List.LeaveSecond(_table.Log.Bytes.AsSpan(0, _table.BytesEnd), _at, Left);
        }
        List.NoteTail(_table.Log, _table.Tail);
        _table.Move(octets + ahead, ahead / LikelyLength);
        List.GoOnIn(_table.Log, _table.Tail);
    }
}
