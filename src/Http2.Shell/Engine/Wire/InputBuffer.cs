using System.Runtime.CompilerServices;

namespace Http2.Shell;

/// <summary>
/// Receives from the transport, and holds the octets that the core has not taken yet. A connection that fills the small buffer gets the large
/// one, and loses it when it becomes quiet; where the transport can tell that octets have come, a quiet one waits without any buffer. Belongs to
/// the connection's owner.
/// </summary>
/// <param name="transport">Where octets come from.</param>
/// <param name="memory">What buffers are rented from and counted in.</param>
/// <param name="onReceived">Is called, on any thread, when a receive that was not complete at once has completed.</param>
internal sealed class InputBuffer(ITransport transport, ConnectionMemory memory, Action onReceived)
{
    private const int SmallSize = 1024;
    private const int LargeSize = 64 * 1024;
    private const int QuietReads = 4;

    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receive;
    private byte[]? _buffer;
    private int _start, _end;
    private int _quietReads = QuietReads;

    // Whether a frame was taken since the last look for a partial one.
    private bool _hasMoved;

    /// <summary>Whether a receive is under way.</summary>
    public bool IsReceiving { get; private set; }

    /// <summary>Whether the receive that is under way has completed, so that the next round takes in what it brought.</summary>
    public bool HasMore => IsReceiving && _receive.IsCompleted;

    /// <summary>Whether the peer sends nothing any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>How many octets were received and not taken; from another thread a value of a moment ago.</summary>
    public int Length => _end - _start;

    /// <summary>Since when the frame is on its way whose beginning is in the buffer; -1 when there is none.</summary>
    public long PartialSince { get; private set; } = -1;

    /// <summary>The octets that were received and not taken.</summary>
    public ReadOnlyMemory<byte> Octets => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Takes octets that were read before the connection began.</summary>
    public void Keep(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return;
        _buffer = memory.Rent(Math.Max(octets.Length, SmallSize));
        octets.CopyTo(_buffer);
        _end = octets.Length;
    }

    /// <summary>Begins to receive; what the transport throws comes out.</summary>
    /// <param name="expectsMuch">Whether bodies are on their way, so that the large buffer stays.</param>
    /// <returns>Whether octets are there already; else the connection is told later.</returns>
    public bool Receive(bool expectsMuch)
    {
        if (transport.TellsReadiness && Length == 0 && IsQuiet(expectsMuch))
            Release();
        else
            MakeRoom(expectsMuch);
        return Begin();
    }

    /// <summary>Takes what a receive has brought; what the transport throws comes out.</summary>
    /// <param name="isWanted">Whether the octets are kept; else they are thrown away.</param>
    /// <returns>The octets that came; valid until something else is asked of this.</returns>
    public ReadOnlySpan<byte> CompleteReceive(bool isWanted)
    {
        IsReceiving = false;
        var octets = _receive.GetResult();
        if (_buffer is null)
        {
            // It has waited without one: the octets are in the transport still.
            MakeRoom(expectsMuch: false);
            if (!Begin())
                return default;
            IsReceiving = false;
            octets = _receive.GetResult();
        }
        HasEnded |= octets == 0;
        if (!isWanted || octets == 0)
            return default;
        _quietReads = octets > SmallSize / 2 ? 0 : _quietReads + 1;
        _end += octets;
        return _buffer.AsSpan(_end - octets, octets);
    }

    /// <summary>The core has taken octets from the front.</summary>
    /// <param name="consumed">How many; 0 when the frame at the front is not whole.</param>
    public void Take(int consumed)
    {
        _hasMoved |= consumed > 0;
        _start += consumed;
    }

    /// <summary>All frames were taken that may be taken now.</summary>
    /// <param name="isPartial">Whether a frame is left that is not whole.</param>
    /// <param name="now">The time.</param>
    public void EndTaking(bool isPartial, long now)
    {
        if (!isPartial)
            PartialSince = -1;
        else if (PartialSince < 0 || _hasMoved)
            PartialSince = now;
        _hasMoved = false;
        if (_start == _end)
            _start = _end = 0;
    }

    /// <summary>Throws away what is left.</summary>
    public void Clear()
    {
        _start = _end = 0;
        PartialSince = -1;
    }

    /// <summary>
    /// Leaves the buffer to somebody who may still read in it, and goes on with another. Nothing is received into it then: what is delivered
    /// lies in complete frames, and these are all taken before more is received.
    /// </summary>
    public void Detach()
    {
        if (_buffer is null || IsReceiving)
            return;
        var fresh = memory.Rent(_buffer.Length);
        _buffer.AsSpan(_start, _end - _start).CopyTo(fresh.AsSpan(_start));
        memory.Forget(_buffer);
        _buffer = fresh;
    }

    /// <summary>Gives the buffer back, unless the transport may still write to it.</summary>
    public void Release()
    {
        if (_buffer is null || IsReceiving)
            return;
        memory.Return(_buffer);
        _buffer = null;
        _start = _end = 0;
    }

    // Into no room when there is no buffer.
    private bool Begin()
    {
        _receive = transport.ReceiveAsync(_buffer.AsMemory(_end)).ConfigureAwait(false).GetAwaiter();
        IsReceiving = true;
        if (_receive.IsCompleted)
            return true;
        _receive.UnsafeOnCompleted(onReceived);
        return false;
    }

    private bool IsQuiet(bool expectsMuch) => memory.IsBudgetNear ? _quietReads > 0 : !expectsMuch && _quietReads >= QuietReads;

    private void MakeRoom(bool expectsMuch)
    {
        if (_buffer is null)
        {
            _buffer = memory.Rent(SmallSize);
            return;
        }
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == 0 && _buffer.Length > SmallSize && IsQuiet(expectsMuch))
            Exchange(SmallSize);
        else if (!memory.IsBudgetNear && _buffer.Length < LargeSize && (_quietReads == 0 || _end > SmallSize / 2))
            Exchange(LargeSize);
        else if (_end == _buffer.Length)
            Exchange(_buffer.Length * 2);
    }

    private void Exchange(int size)
    {
        var fresh = memory.Rent(size);
        _buffer.AsSpan(0, _end).CopyTo(fresh);
        memory.Return(_buffer!);
        _buffer = fresh;
    }
}
