namespace Http2.Shell;

/// <summary>
/// The two buffers that a body is read into in turn: one is filled while the core still sends from the other. Belongs to the connection's owner.
/// </summary>
/// <param name="size">The size of each, in octets.</param>
internal struct PumpBuffers(int size)
{
    // A buffer with less room than this is not filled any further.
    private const int LeastRoom = 1024;

    private byte[]? _current, _other;
    private int _filled, _heldBack;
    private long _submitted, _otherEndsAt, _queued;

    /// <summary>Where to read to next.</summary>
    /// <param name="share">The connection's share of memory: while that is short one buffer must do.</param>
    /// <param name="memory">Where buffers are rented.</param>
    /// <param name="room">The room; undefined when there is none.</param>
    /// <returns>False while both buffers wait to be sent.</returns>
    public bool TryFindRoom(MemoryShare share, ConnectionMemory memory, out Memory<byte> room)
    {
        room = default;
        _current ??= memory.Rent(size);
        if (_heldBack > 0)
        {
            // All octets that were declared have come. The source is only asked whether the body has ended, so any room will do.
            var behind = _filled + _heldBack;
            room = size - behind >= LeastRoom ? _current.AsMemory(behind, LeastRoom) : new byte[LeastRoom];
            return true;
        }
        if (size - _filled < LeastRoom)
        {
            // The other buffer is free once all that was submitted from it has gone out.
            if (_other is null ? share.IsShort : _submitted - _queued < _otherEndsAt)
                return false;
            (_current, _other) = (_other ?? memory.Rent(size), _current);
            _otherEndsAt = _submitted;
            _filled = 0;
        }
        room = _current.AsMemory(_filled, size - _filled);
        return true;
    }

    /// <summary>Keeps octets that were read until <see cref="TakeRead"/> is called with those that follow.</summary>
    public void HoldBack(int octets) => _heldBack += octets;

    /// <summary>What was read and not submitted yet; it counts as submitted from here on.</summary>
    /// <param name="octets">How many octets were read since what is held back.</param>
    public ReadOnlyMemory<byte> TakeRead(int octets)
    {
        octets += _heldBack;
        var read = _current.AsMemory(_filled, octets);
        _heldBack = 0;
        _filled += octets;
        _submitted += octets;
        _queued += octets;
        return read;
    }

    /// <summary>Octets that were submitted have gone out.</summary>
    /// <param name="octets">How many.</param>
    /// <param name="isFilling">Whether somebody reads into a buffer now.</param>
    public void Sent(int octets, bool isFilling)
    {
        _queued -= octets;
        if (_queued == 0 && _heldBack == 0 && !isFilling)
            _filled = 0;
    }

    /// <summary>Gives both buffers back; nobody may read in them any more.</summary>
    public void Return(ConnectionMemory memory)
    {
        if (_current is not null)
            memory.Return(_current);
        if (_other is not null)
            memory.Return(_other);
        _current = _other = null;
    }
}
