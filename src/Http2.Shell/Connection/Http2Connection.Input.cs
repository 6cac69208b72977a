using System.Runtime.CompilerServices;
using Http2.Pure;

namespace Http2.Shell;

/// <content>From the transport's octets to the core's frames.</content>
internal sealed partial class Http2Connection
{
    // An idle connection waits with the small buffer; one that fills it gets the large one, and loses it when it becomes quiet.
    private const int SmallBuffer = 1024;
    private const int LargeBuffer = 64 * 1024;
    private const int QuietReads = 4;

    private readonly Action _onReceived;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receive;
    private byte[]? _buffer;
    private int _start, _end;
    private bool _receiving;
    private bool _inputEnded;
    private bool _hasMoved;
    private int _quietReads = QuietReads;

    // Requests whose body has not ended: they expect input, so the large buffer stays.
    private int _uploads;

    /// <summary>Whether input may be taken: not while what it would make us answer cannot be sent.</summary>
    private bool IsInputAllowed => !_sending || Effects.Output.Length < _host.Options.MaxUnsentPerConnection;

    private void Keep(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return;
        _buffer = Memory.Rent(Math.Max(octets.Length, SmallBuffer));
        octets.CopyTo(_buffer);
        _end = octets.Length;
    }

    private void Receive()
    {
        if (_receiving || _inputEnded || _phase == Phase.Closed || !IsInputAllowed)
            return;
        MakeRoom();
        try
        {
            _receive = _transport.ReceiveAsync(_buffer.AsMemory(_end)).ConfigureAwait(false).GetAwaiter();
        }
        catch (Exception failure)
        {
            Fail(failure);
            return;
        }
        _receiving = true;
        if (_receive.IsCompleted)
            Wake(Signal.Received, inline: false);
        else
            _receive.UnsafeOnCompleted(_onReceived);
    }

    private void CompleteReceive()
    {
        _receiving = false;
        try
        {
            var octets = _receive.GetResult();
            if (_phase == Phase.Closed)
                ReleaseBuffer();
            else if (octets == 0)
                _inputEnded = true;
            else
                Received(octets);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private void Received(int octets)
    {
        // A deadline that waited for these octets may act behind them.
        _deferredUntil = 0;
        // What comes while lingering is thrown away: it is read only so that closing does not reset the connection.
        if (_phase == Phase.Lingering)
            return;
        _tap?.Received(_buffer.AsSpan(_end, octets));
        _quietReads = octets > SmallBuffer / 2 ? 0 : _quietReads + 1;
        _end += octets;
    }

    /// <summary>Steps through every complete frame; handlers run between frames, so that their answers join one output buffer.</summary>
    /// <returns>False when a handler was left behind; whoever goes on begins with the next frame.</returns>
    private bool TakeFrames()
    {
        if (_phase != Phase.Open)
            return true;
        var isPartial = false;
        if (_start < _end)
            TellDate();
        while (_start < _end && _phase == Phase.Open)
        {
            if (Effects.Output.Length >= _host.Options.MaxUnsentPerConnection)
            {
                if (!Flush())
                    return false;
                if (!IsInputAllowed || _phase != Phase.Open)
                    break;
            }
            var wasFinished = IsRecorded && Connection.IsFinished(in _state);
            var before = Effects.Output.Length;
            _state = Connection.Receive(in _state, _buffer.AsMemory(_start, _end - _start), _now, Effects, out var consumed);
            if (IsRecorded && !wasFinished)
                RecordReceived(_buffer.AsSpan(_start, _end - _start), consumed);
            _ownAnswers += Effects.Output.Length - before;
            isPartial = consumed == 0;
            _hasMoved |= !isPartial;
            _start += consumed;
            if (!DeliverEvents())
                return false;
            if (isPartial)
                break;
        }
        NotePartialFrame(isPartial, _hasMoved);
        _hasMoved = false;
        if (_start == _end)
            _start = _end = 0;
        return true;
    }

    private void MakeRoom()
    {
        if (_phase == Phase.Lingering)
            _start = _end = 0;
        if (_buffer is null)
        {
            _buffer = Memory.Rent(SmallBuffer);
            return;
        }
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        var spare = !_host.Memory.IsNear;
        if (_end == 0 && (spare
            ? _buffer.Length >= LargeBuffer && _uploads == 0 && _quietReads >= QuietReads
            : _buffer.Length > SmallBuffer && _quietReads > 0))
            Exchange(SmallBuffer);
        else if (spare && _buffer.Length < LargeBuffer && (_quietReads == 0 || _end > SmallBuffer / 2))
            Exchange(LargeBuffer);
        else if (_end == _buffer.Length)
            Exchange(_buffer.Length * 2);
    }

    private void Exchange(int size)
    {
        var fresh = Memory.Rent(size);
        _buffer.AsSpan(0, _end).CopyTo(fresh);
        Memory.Return(_buffer!);
        _buffer = fresh;
    }

    /// <summary>
    /// Leaves the buffer to a handler that may still read in it, and goes on with another. Nothing is received into it then: what is delivered
    /// lies in complete frames, and these are all taken before more is received.
    /// </summary>
    private void DetachBuffer()
    {
        if (_buffer is null || _receiving)
            return;
        var fresh = Memory.Rent(_buffer.Length);
        _buffer.AsSpan(_start, _end - _start).CopyTo(fresh.AsSpan(_start));
        Memory.Forget(_buffer);
        _buffer = fresh;
    }

    private void ReleaseBuffer()
    {
        if (_buffer is null || _receiving)
            return;
        Memory.Return(_buffer);
        _buffer = null;
    }
}
