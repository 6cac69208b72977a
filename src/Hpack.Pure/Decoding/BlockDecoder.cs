using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// One block being decoded (RFC 7541 §3.2): the table as it goes along, and the list as it grows. Nothing of it can be seen before
/// <see cref="Complete"/>; a decoder that is given up with <see cref="Abandon"/> has changed nothing.
/// </summary>
internal ref partial struct BlockDecoder
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

    // Whether that, or the one before, is the state's, so that nobody else can append to it meanwhile.
    private bool _holdsFirst;

    // FieldRef.InLog, or InNextLog after the log was changed; and what the two mean in the list.
    private uint _source;
    private FieldList.Window _first;
    private FieldList.Window _next;
    private int _refsInLog;

    // The list; the array that it is in, or null while the caller's room is enough for a list of its own.
    private long _maxListSize;
    private long _listSize;
    private Span<FieldRef> _refs;
    private FieldRef[]? _refsArray;
    private int _refsStart;
    private int _refsEnd;
    private Span<byte> _bytes;
    private byte[]? _bytesArray;
    private int _bytesStart;
    private int _arenaEnd;
    private bool _isForOne;

    /// <summary>Starts a block. No constructor, as what that makes is copied to its place, and the copy waits for its parts.</summary>
    public void Start(DecoderState state, ReadOnlySpan<byte> block, long maxListSize)
    {
        _block = block;
        _state = state;
        _log = state.Log;
        _first = new(state.Log, state.Tail);
        (_head, _tail, _size, _maxSize, _owed) = (state.Head, state.Tail, state.Size, state.MaxSize, state.Owed);
        _maxListSize = maxListSize;
    }

    /// <summary>The list goes to an arena.</summary>
    public void ListIn(FieldArena arena)
    {
        _refs = _refsArray = arena.Refs;
        _refsStart = _refsEnd = arena.RefsEnd;
        _bytes = _bytesArray = arena.Bytes;
        _bytesStart = _arenaEnd = arena.BytesEnd;
    }

    /// <summary>The list gets arrays of its own. It is put together in the caller's room while that is enough.</summary>
    public void ListIn(Span<FieldRef> refs, Span<byte> bytes)
    {
        _refs = refs;
        _bytes = bytes;
        _isForOne = true;
    }

    private readonly bool Overflowed => _listSize > _maxListSize;

    /// <summary>The list of a sound block that went to an arena; the next one follows it there.</summary>
    public readonly void AppendTo(FieldArena arena, out FieldList fields)
    {
        // Mostly these are the same arrays still, and comparing a reference costs less than storing one.
        if (arena.Refs != _refsArray)
            arena.Refs = _refsArray!;
        if (arena.Bytes != _bytesArray)
            arena.Bytes = _bytesArray!;
        (arena.RefsEnd, arena.BytesEnd) = (_refsEnd, _arenaEnd);
        fields = new(_refsArray!, _refsStart, _refsEnd - _refsStart, _bytesArray!, _first, LastLog, _listSize, Overflowed);
    }

    /// <summary>The list of a sound block that has arrays of its own.</summary>
    public readonly HeaderList ToList() => new(
        _refsArray ?? _refs[.._refsEnd].ToArray(), _refsEnd, _bytesArray ?? _bytes[.._arenaEnd].ToArray(), _first, LastLog, _listSize);

    private readonly FieldList.Window LastLog => _source == FieldRef.InLog ? _first : _next;

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
    public DecoderState Complete()
    {
        if (_claimed)
            _log.Publish(_tail, _bytesEnd);
        NoteTail();
        if (_maxSize != _state.MaxSize || _owed != _state.Owed || _log != _state.Log)
            return new(_log, _head, _tail, _size, _maxSize, _state.MaxTableSize, _owed);
        return _tail == _state.Tail && _head == _state.Head ? _state : new(_state, _head, _tail, _size);
    }

    /// <summary>Gives the block up.</summary>
    public readonly HpackError Abandon(HpackErrorKind kind)
    {
        if (_holdsFirst)
            _state.Log.Release(_state.Tail);
        return new(kind, _fault);
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
                (_at, _listSize) = (at, size);
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
            var kind = name.Decode(_block, _bytes[at..], out var length);
            if (kind != HpackErrorKind.None)
                return kind;
            field.SetName(length, StaticTable.FindName(_bytes.Slice(at, length)));
            field.NameAt = (uint)at | FieldRef.InArena;
            at += length;
        }
        _fault = value.Start;
        var valueKind = value.Decode(_block, _bytes[at..], out var valueLength);
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
}
