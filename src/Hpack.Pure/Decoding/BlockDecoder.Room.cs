using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <content>Room for what is decoded: in the list, in the arena and in the table's log.</content>
internal ref partial struct BlockDecoder
{
    // The room for a long block's octets that a log has at most besides a table's; and how many of them an entry is likely to take.
    private const int MostAhead = 1 << 15;
    private const int LikelyLength = 32;

    // How many octets the list may still have before it is beyond its bound.
    private readonly long ListRoom => Math.Max(0, _maxListSize - _listSize);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int GrowRefs(int end)
    {
        var used = _refs[_refsStart..end];
        // A field takes an octet of the block at least, and 32 of the list's size (RFC 7541 §4.1).
        var more = Expected(used.Length, Math.Min(_block.Length - _at, ListRoom / 32));
        _refs = _refsArray = FieldArena.Grow(used, more + 1, _isForOne ? 0 : FieldArena.NextRefs(_refs.Length));
        _refsStart = 0;
        return used.Length;
    }

    private void MakeArenaRoom(int octets)
    {
        if (_bytes.Length - _arenaEnd < octets)
            GrowArena(octets);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowArena(int octets)
    {
        var used = _bytes[_bytesStart.._arenaEnd];
        if (octets > FieldRef.MostOctets - used.Length)
            throw new InsufficientMemoryException("the fields of one block take more than 1 GiB");
        // The shortest code has five bits, so an octet of the block is two of the list's at most.
        var more = Expected(used.Length, Math.Min(2 * (_block.Length - _at), ListRoom));
        _bytes = _bytesArray = FieldArena.Grow(
            used, Math.Max(octets, more), _isForOne ? 0 : FieldArena.NextBytes(_bytes.Length));
        foreach (ref var field in _refs[_refsStart.._refsEnd])
            field.MoveInArena(_bytesStart);
        _arenaEnd = used.Length;
        _bytesStart = 0;
    }

    // How many more of something the rest of the block may bring, going by what it brought so far, and at most what it can.
    private readonly int Expected(int used, long most)
    {
        var expected = (long)used * (_block.Length - _at) / Math.Max(1, _at);
        return (int)Math.Min(expected + expected / 8 + 1, most);
    }

    // Makes sure that the log is ours and has room for an entry of so many octets.
    private void MakeRoom(int octets)
    {
        if (!_claimed && (_claimed = _holdsFirst = _log.TryClaim(_state.Tail)))
            _bytesEnd = _log.BytesEnd;
        if (!_claimed || _log.Bytes.Length - _bytesEnd < octets || _tail == _log.Entries.Length)
            ChangeLog(octets);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ChangeLog(int octets)
    {
        var ahead = 0;
        if (_source == FieldRef.InNextLog)
        {
            // A long block: with more room than the table needs, most of what follows is copied once and not twice. A state does not keep that.
            ahead = Math.Min(_block.Length - _at, MostAhead);
            LeaveNextLog();
        }
        NoteTail();
        // Nothing was appended to the state's log: others may. Else the list refers to what was, and nobody may write there any more.
        if (_holdsFirst && _log == _state.Log && _tail == _state.Tail && _bytesEnd == _log.BytesEnd)
        {
            _log.Release(_state.Tail);
            _holdsFirst = false;
        }
        _log = _log.Compact(_head, _tail, octets + ahead, _maxSize, hashed: false, ahead / LikelyLength);
        (_head, _tail, _bytesEnd) = (0, _tail - _head, _log.BytesEnd);
        _claimed = true;
        _source = FieldRef.InNextLog;
        _next = new(_log, _tail);
        _refsInLog = _refsEnd - _refsStart;
    }

    // A list has places in two logs: before a third, what it has in the second goes to the arena.
    private void LeaveNextLog()
    {
        // None when the list is beyond its bound since.
        if (_refsInLog == _refsEnd - _refsStart)
            return;
        MakeArenaRoom(_bytesEnd);
        _log.Bytes.AsSpan(0, _bytesEnd).CopyTo(_bytes[_arenaEnd..]);
        foreach (ref var field in _refs[(_refsStart + _refsInLog).._refsEnd])
            field.MoveToArena(_arenaEnd);
        _arenaEnd += _bytesEnd;
    }

    // Before the log is left: the list may refer to what was appended so far.
    private void NoteTail()
    {
        if (_source == FieldRef.InLog)
            _first = new(_log, _tail);
        else
            _next = new(_log, _tail);
    }
}
