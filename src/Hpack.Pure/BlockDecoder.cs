using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// One block being decoded (RFC 7541 §3.2): the table as it goes along, and the list as it grows. Nothing of it can be seen before
/// <see cref="Complete"/>; a decoder that is given up with <see cref="Abandon"/> has changed nothing.
/// </summary>
internal ref struct BlockDecoder
{
    private ReadOnlySpan<byte> _block;
    private DecoderState _state;
    private int _at;
    private int _fault;

    // The table: a window over the log.
    private TableLog _log;
    private int _head;
    private int _tail;
    private int _size;
    private int _maxSize;
    private int _owed;

    // The log's octets up to here are ours once the log is claimed.
    private int _bytesEnd;
    private bool _claimed;

    // FieldRef.InLog, or InNextLog after the log was changed; and what the two mean in the list.
    private uint _source;
    private FieldList.Window _first;
    private FieldList.Window _next;

    // The list.
    private long _maxListSize;
    private long _listSize;
    private FieldRef[] _refs;
    private int _refsStart;
    private int _refsEnd;
    private byte[] _bytes;
    private int _bytesStart;
    private int _arenaEnd;
    private bool _isForOne;

    /// <summary>Starts a block. No constructor, as what that makes is copied to its place, and the copy waits for its parts.</summary>
    public void Start(DecoderState state, ReadOnlySpan<byte> block, long maxListSize, in FieldArena.Chunk chunk)
    {
        _block = block;
        _state = state;
        _log = state.Log;
        _first = new(state.Log, state.Tail);
        (_head, _tail, _size, _maxSize, _owed) = (state.Head, state.Tail, state.Size, state.MaxSize, state.Owed);
        _maxListSize = maxListSize;
        _refs = chunk.Refs;
        _refsStart = _refsEnd = chunk.RefsEnd;
        _bytes = chunk.Bytes;
        _bytesStart = _arenaEnd = chunk.BytesEnd;
        _isForOne = chunk.IsForOne;
    }

    /// <summary>The first octet of what is at fault, when <see cref="Run"/> gave an error.</summary>
    public readonly int Fault => _fault;

    private readonly bool Overflowed => _listSize > _maxListSize;

    /// <summary>Decodes the block.</summary>
    public HpackErrorKind Run()
    {
        if (_block.Length > HpackDecoder.MaxBlockLength)
            return HpackErrorKind.BlockTooLong;
        var kind = ReadSizeUpdates();
        while (kind == HpackErrorKind.None && _at < _block.Length)
        {
            _fault = _at;
            int first = _block[_at];
            if (first >= 0x80)
                kind = ReadIndexed();
            else if ((first & 0xe0) != 0x20)
                kind = ReadLiteral(first);
            else
                kind = HpackErrorKind.SizeUpdateTooLate; // RFC 7541 §4.2: at the beginning of a block only
        }
        return kind;
    }

    /// <summary>Ends a sound block: publishes what was appended.</summary>
    public DecoderState Complete(out FieldList fields, ref FieldArena.Chunk chunk)
    {
        if (_claimed)
            _log.Publish(_tail, _bytesEnd);
        chunk = new(_bytes, _refs) { BytesEnd = _arenaEnd, RefsEnd = _refsEnd };
        NoteTail();
        fields = new(
            _refs, _refsStart, _refsEnd - _refsStart, _bytes, _first, _source == FieldRef.InLog ? _first : _next, _listSize, Overflowed);
        return _tail == _state.Tail && _head == _state.Head && _maxSize == _state.MaxSize && _owed == _state.Owed && _log == _state.Log
            ? _state
            : new(_log, _head, _tail, _size, _maxSize, _state.MaxTableSize, _owed);
    }

    /// <summary>Gives the block up.</summary>
    public readonly void Abandon()
    {
        // Only if the state's log is still ours; one that was left behind or made on the way is nobody's.
        if (_claimed && _log == _state.Log)
            _log.Release(_state.Tail);
    }

    // RFC 7541 §4.2: size updates come first, two at most: the smallest limit since the last block, then the final one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private HpackErrorKind ReadSizeUpdates()
    {
        for (var count = 1; _at < _block.Length && (_block[_at] & 0xe0) == 0x20; count++)
        {
            _fault = _at;
            if (count > 2)
                return HpackErrorKind.TooManySizeUpdates;
            var kind = PrefixInteger.Read(_block, ref _at, 0x1f, out var maxSize);
            if (kind != HpackErrorKind.None)
                return kind;
            // RFC 7541 §6.3: not above the setting; and the first one not above the smallest setting since the last block.
            if (maxSize > (_owed != DecoderState.NothingOwed ? _owed : _state.MaxTableSize))
                return HpackErrorKind.SizeUpdateTooLarge;
            _owed = DecoderState.NothingOwed;
            _maxSize = maxSize;
            Evict(0);
        }
        return _owed == DecoderState.NothingOwed ? HpackErrorKind.None : HpackErrorKind.SizeUpdateMissing;
    }

    // RFC 7541 §6.1. Such fields come in runs, and a run keeps its counts in registers.
    private HpackErrorKind ReadIndexed()
    {
        var block = _block;
        var refs = _refs;
        var entries = _log.Entries;
        var rebasing = FieldRef.Rebasing(_source);
        var newest = _tail - 1 + DynamicTable.FirstIndex;
        var (at, end, size, head) = (_at, _refsEnd, _listSize, _head);
        var kind = HpackErrorKind.None;
        do
        {
            _fault = at;
            var index = block[at] & 0x7f;
            if (index != 0x7f)
                at++;
            else if ((kind = PrefixInteger.Read(block, ref at, 0x7f, out index)) != HpackErrorKind.None)
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
            if (size > _maxListSize)
                continue;
            if ((uint)end >= (uint)refs.Length)
            {
                end = GrowRefs(end);
                refs = _refs;
            }
            FieldRef.CopyRebased(field, ref refs[end++], rebasing);
        }
        while (at < block.Length && block[at] >= 0x80);
        (_at, _refsEnd, _listSize) = (at, end, size);
        return kind;
    }

    // RFC 7541 §6.2: literals with incremental indexing (01), without indexing (0000) and never indexed (0001).
    private HpackErrorKind ReadLiteral(int first)
    {
        var insert = first >= 0x40;
        var kind = PrefixInteger.Read(_block, ref _at, insert ? 0x3f : 0x0f, out var index);
        if (kind != HpackErrorKind.None)
            return kind;
        if (index > StaticTable.Count && EntryAt(index) < _head)
            return HpackErrorKind.IndexOutOfRange;
        CodedString name = default;
        if (index == 0 && (kind = CodedString.Read(_block, ref _at, ref _fault, out name)) != HpackErrorKind.None)
            return kind;
        kind = CodedString.Read(_block, ref _at, ref _fault, out var value);
        if (kind != HpackErrorKind.None)
            return kind;
        var least = (index == 0 ? name.LeastLength : RefAt(index).NameLength) + value.LeastLength + 32L;
        if (insert && least <= _maxSize)
            return Insert(index, name, value);
        kind = least > _maxListSize - _listSize
            ? Skip(index, name, value)
            : Keep(index, name, value, neverIndexed: (first & 0xf0) == 0x10);
        // RFC 7541 §4.4: a field larger than the table empties it, and that is no error.
        if (insert)
            EvictAll();
        return kind;
    }

    // Decodes a literal into the log, and makes it the newest entry.
    private HpackErrorKind Insert(int index, CodedString name, CodedString value)
    {
        MakeRoom(name.Room + value.Room);
        FieldRef field = default;
        var at = _bytesEnd;
        var bytes = _log.Bytes;
        if (index != 0)
            field.SetName(RefAt(index));
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
        _bytesEnd = at + valueLength;
        var size = field.Size;
        if (size > _maxSize)
            EvictAll();
        else
        {
            Evict(size);
            field.SetNumber(_tail);
            _log.Entries[_tail++] = field;
            _size += size;
        }
        field.Rebase(_source);
        Emit(field);
        return HpackErrorKind.None;
    }

    // Decodes a literal that is not inserted into the arena.
    private HpackErrorKind Keep(int index, CodedString name, CodedString value, bool neverIndexed)
    {
        MakeArenaRoom(name.Room + value.Room);
        FieldRef field = default;
        var at = _arenaEnd;
        if (index != 0)
        {
            field.SetName(RefAt(index));
            field.NameAt |= _source;
        }
        else
        {
            _fault = name.Start;
            var kind = name.Decode(_block, _bytes.AsSpan(at), out var length);
            if (kind != HpackErrorKind.None)
                return kind;
            field.SetName(length, StaticTable.FindName(_bytes.AsSpan(at, length)));
            field.NameAt = (uint)at | FieldRef.InArena;
            at += length;
        }
        _fault = value.Start;
        var valueKind = value.Decode(_block, _bytes.AsSpan(at), out var valueLength);
        if (valueKind != HpackErrorKind.None)
            return valueKind;
        field.SetValue(valueLength, neverIndexed);
        field.ValueAt = (uint)at | FieldRef.InArena;
        if (Emit(field))
            _arenaEnd = at + valueLength;
        return HpackErrorKind.None;
    }

    // Checks a literal that is neither inserted nor listed, as the list is beyond its bound already.
    private HpackErrorKind Skip(int index, CodedString name, CodedString value)
    {
        int nameLength, valueLength;
        var kind = HpackErrorKind.None;
        _fault = name.Start;
        if (index != 0)
            nameLength = RefAt(index).NameLength;
        else
            kind = name.Measure(_block, out nameLength);
        if (kind != HpackErrorKind.None)
            return kind;
        _fault = value.Start;
        kind = value.Measure(_block, out valueLength);
        _listSize += nameLength + valueLength + 32L;
        return kind;
    }

    // The entry an index above 61 stands for; below _head when there is none.
    private readonly int EntryAt(int index) => _tail - 1 - (index - DynamicTable.FirstIndex);

    private readonly ref readonly FieldRef RefAt(int index) =>
        ref index <= StaticTable.Count ? ref StaticTable.Refs[index] : ref _log.Entries[EntryAt(index)];

    // Lists a field, unless that would go beyond the bound. By value and inlined, so that a field that has just been put together goes from
    // registers to its places: one that is stored in parts and copied as a whole makes the copy wait.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Emit(FieldRef field)
    {
        _listSize += field.Size;
        if (Overflowed)
            return false;
        if (_refsEnd == _refs.Length)
            _refsEnd = GrowRefs(_refsEnd);
        _refs[_refsEnd++] = field;
        return true;
    }

    // RFC 7541 §4.3, §4.4: the oldest go first, until there is room.
    private void Evict(int needed)
    {
        while (_size > _maxSize - needed)
            _size -= _log.Entries[_head++].Size;
    }

    private void EvictAll()
    {
        _head = _tail;
        _size = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int GrowRefs(int end)
    {
        _refs = FieldArena.Grow(_refs, _refsStart, end, Expected(end - _refsStart), _isForOne);
        end -= _refsStart;
        _refsStart = 0;
        return end;
    }

    private void MakeArenaRoom(int octets)
    {
        if (_bytes.Length - _arenaEnd >= octets)
            return;
        var ahead = _isForOne ? _block.Length - _at : -1;
        _bytes = FieldArena.Grow(_bytes, _bytesStart, _arenaEnd, Math.Max(octets, Expected(_arenaEnd - _bytesStart)), ahead);
        foreach (ref var field in _refs.AsSpan(_refsStart, _refsEnd - _refsStart))
            field.MoveInArena(_bytesStart);
        _arenaEnd -= _bytesStart;
        _bytesStart = 0;
    }

    // How many more of something the rest of the block may bring, going by what it brought so far, and never beyond the list's bound.
    private readonly int Expected(int used)
    {
        var expected = (long)used * (_block.Length - _at) / Math.Max(1, _at);
        return (int)Math.Min(expected + expected / 8 + 1, Math.Min(Math.Max(0, _maxListSize - _listSize), Array.MaxLength / 2));
    }

    // Makes sure that the log is ours and has room for an entry of so many octets.
    private void MakeRoom(int octets)
    {
        if (!_claimed && (_claimed = _log.TryClaim(_state.Tail)))
            _bytesEnd = _log.BytesEnd;
        if (!_claimed || _log.Bytes.Length - _bytesEnd < octets || _tail == _log.Entries.Length)
            ChangeLog(octets);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ChangeLog(int octets)
    {
        if (_source == FieldRef.InNextLog && !Overflowed)
        {
            // The list may refer to this log already: the larger one keeps every place.
            _log = _log.Extend(_tail, _bytesEnd, Math.Max(octets, Expected(_bytesEnd)), Expected(_tail));
            _next = new(_log, _tail);
            return;
        }
        NoteTail();
        // A claimed log that the list refers to beyond its published end stays claimed: nobody may write there any more.
        if (_claimed && _log == _state.Log && _tail == _state.Tail && _bytesEnd == _log.BytesEnd)
            _log.Release(_state.Tail);
        _log = _log.Compact(_head, _tail, octets, _maxSize, hashed: false);
        (_head, _tail, _bytesEnd) = (0, _tail - _head, _log.BytesEnd);
        _claimed = true;
        // A list beyond its bound refers to what it did before.
        if (!Overflowed || _source == FieldRef.InLog)
            _next = new(_log, _tail);
        _source = FieldRef.InNextLog;
    }

    // Before the log is left: the list may refer to what was appended so far.
    private void NoteTail()
    {
        if (_log == _first.Log)
            _first = new(_log, _tail);
        else if (_log == _next.Log)
            _next = new(_log, _tail);
    }
}
