using System.Runtime.CompilerServices;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Moves a body from its source to the core, as fast as the core sends it: the source fills two buffers in turn, and is asked for more when all of
/// one of them has been sent. Belongs to the owner; other threads reach it by a task (a fill that completed, a source that was resumed). Sources are
/// user code: a source that does not come back is left behind with its buffer, and counts as one that completes later.
/// </summary>
internal sealed class BodyPump : IUserWork
{
    private readonly Http2Connection _connection;
    private readonly Http2Stream _stream;
    private readonly BodySource _source;
    private readonly Http2Headers? _trailers;
    private readonly Func<Http2Headers?>? _trailersAfterBody;
    private readonly int _bufferSize, _aheadHeld;
    private readonly ResumeTask _task;
    private readonly Action _postSelf;
    private ConfiguredValueTaskAwaitable<BodyRead>.ConfiguredValueTaskAwaiter _filling;
    private PumpBuffers _buffers;
    private BodyLength _length;
    private bool _isFilling, _isDeferred, _isReadToEnd, _failed, _stopped, _finished, _disposed;

    // Whether a call of user code was left behind, and whether it has returned since. The latter is written by the thread that was in the call.
    private bool _isLeftBehind, _hasReturned;

    /// <summary>Opens the body; nothing is read yet.</summary>
    public BodyPump(
        Http2Connection connection, Http2Stream stream, ResponseBody body, BodyLength length, Http2Headers? trailers,
        Func<Http2Headers?>? trailersAfterBody)
    {
        (_connection, _stream, _length) = (connection, stream, length);
        (_trailers, _trailersAfterBody) = (trailers, trailersAfterBody);
        _task = new ResumeTask(this);
        _postSelf = () => _connection.Owner.Post(_task);
        _source = body.Open(out _) ?? throw new InvalidOperationException("A fixed body needs no pump.");
        _bufferSize = connection.Share.ReserveBuffers(length.Declared);
        _buffers = new PumpBuffers(_bufferSize);
        _aheadHeld = _source.KeepAhead(2 * _bufferSize);
        _connection.Memory.Hold(_aheadHeld);
        _source.WhenResumed(_postSelf);
    }

    /// <summary>Whether the end of the body was handed to the core.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>A fill has completed, or a deferred source has something again.</summary>
    private void Resume()
    {
        if (_isLeftBehind && !ComeBack())
            return;
        if (_isFilling)
        {
            if (!_filling.IsCompleted)
                return;
            _isFilling = false;
            _stream.EndWork();
            if (!_stopped)
                Take(_filling);
            else
                Observe(_filling);
        }
        if (_stopped)
            Finish();
        else
            _connection.Events.AddWork(this);
    }

    /// <summary>Fills buffers while there is room, or disposes of the source. Owner only, from its loop.</summary>
    bool IUserWork.Run() => _finished ? Dispose() : Refill();

    /// <summary>
    /// The core has sent octets of the body. Only their number is relied on, since more may have been submitted after the core told of them. A
    /// source that had nothing is not asked again for that reason.
    /// </summary>
    /// <returns>False when the source was left behind.</returns>
    public bool OnSent(int octets)
    {
        _buffers.Sent(octets, _isFilling);
        return _isDeferred || Refill();
    }

    /// <summary>The stream is closed: nothing more is read, and everything is given back once the last fill has ended.</summary>
    public void Stop()
    {
        _stopped = true;
        if (!_isFilling)
            Finish();
    }

    /// <summary>The source, or the trailers' function, did not come back: it counts as a fill that is on its way.</summary>
    public void LeaveBehind()
    {
        _isLeftBehind = true;
        _isFilling = true;
        _stream.BeginWork();
    }

    /// <summary>Fills buffers while there are free ones and the source has something.</summary>
    private bool Refill()
    {
        if (_length.Left == 0 && _source.EndsByLength && !_isReadToEnd && CanFill)
            Take(new ValueTask<BodyRead>(BodyRead.End).ConfigureAwait(false).GetAwaiter());
        while (CanFill && TryFindRoom(out var room))
        {
            var call = _connection.Owner.BeginCall(this);
            var filling = Ask(room).ConfigureAwait(false).GetAwaiter();
            if (!_connection.Owner.EndCall(call))
                return LeaveLate(filling);
            _filling = filling;
            if (!filling.IsCompleted)
            {
                _isFilling = true;
                _stream.BeginWork();
                filling.UnsafeOnCompleted(_postSelf);
                return true;
            }
            if (!Take(filling))
                return true;
        }
        return true;
    }

    private bool CanFill => !_isFilling && !HasEnded && !_failed && !_stopped;

    // User code: the source, or behind its last octet the function that makes the trailers.
    private ValueTask<BodyRead> Ask(Memory<byte> room)
    {
        try
        {
            return _isReadToEnd ? new(BodyRead.Last(0, _trailersAfterBody!())) : _source.FillAsync(room, _stream.Aborted);
        }
        catch (Exception failure)
        {
            return ValueTask.FromException<BodyRead>(failure);
        }
    }

    // The call that was left behind has returned, and its thread has no rights any more.
    private bool LeaveLate(ConfiguredValueTaskAwaitable<BodyRead>.ConfiguredValueTaskAwaiter filling)
    {
        _filling = filling;
        Volatile.Write(ref _hasReturned, true);
        _connection.Owner.PostQuietly(_task);
        return false;
    }

    // The thread that was left behind may bring a fill that completes later still.
    private bool ComeBack()
    {
        if (!Volatile.Read(ref _hasReturned))
            return false;
        _isLeftBehind = _hasReturned = false;
        if (!_finished && !_filling.IsCompleted)
            _filling.UnsafeOnCompleted(_postSelf);
        return true;
    }

    private bool TryFindRoom(out Memory<byte> room)
    {
        room = default;
        if (_isReadToEnd)
            return true;
        if (!_buffers.TryFindRoom(_connection.Share, _connection.Memory, out room))
            return false;
        // What is appended to a file while it is sent is not part of the length that was declared.
        if (_source.EndsByLength && _length.Left >= 0 && _length.Left < room.Length)
            room = room[..(int)_length.Left];
        return true;
    }

    /// <summary>Hands to the core what a fill brought; answers whether to go on filling.</summary>
    private bool Take(ConfiguredValueTaskAwaitable<BodyRead>.ConfiguredValueTaskAwaiter filling)
    {
        try
        {
            return TryTake(filling.GetResult());
        }
        catch (Exception failure)
        {
            Fail(failure);
            return false;
        }
    }

    private bool TryTake(BodyRead read)
    {
        _isDeferred = read.Kind == BodyRead.Answer.Deferred;
        if (_isDeferred)
            return false;
        _length.Count(read.Octets);
        // What was measured has ended with its last octet: asking again would cost an empty frame.
        var end = read.Kind == BodyRead.Answer.End || (_length.Left == 0 && _source.EndsByLength);
        if (end)
            _length.End();
        if (end && read.Trailers is null && _trailersAfterBody is not null && !_isReadToEnd)
        {
            _isReadToEnd = true;
            var rest = _buffers.TakeRead(read.Octets);
            if (!rest.IsEmpty)
                Submit(rest, read, end: false);
            return true;
        }
        // By the declared length this is the last piece. It is held back until the source says that the body has ended, because with it the stream
        // would end, and a body that goes on or fails would look complete.
        if (!end && _length.Left == 0)
            _buffers.HoldBack(read.Octets);
        else
            Submit(_buffers.TakeRead(read.Octets), read, end);
        return !end;
    }

    private void Submit(ReadOnlyMemory<byte> data, BodyRead read, bool end)
    {
        HasEnded = end;
        var trailers = end ? read.Trailers ?? _trailers : null;
        if (trailers is { Count: 0 })
            trailers = null;
        var refusal = _connection.Core.SubmitData(_stream.StreamId, data, end && trailers is null);
        if (refusal == Refusal.None && trailers is not null)
            refusal = _connection.Core.SubmitTrailers(_stream.StreamId, trailers.Fields);
        if (refusal == Refusal.StreamClosed)
        {
            // The core has told that the stream is closed, and that event is delivered later.
            _failed = true;
            return;
        }
        if (refusal != Refusal.None)
            throw RefusalText.Exception(refusal);
        _connection.Streams.WatchSending(_stream);
        _connection.Streams.LookUnread(_stream);
    }

    // A source that failed is not asked again.
    private void Fail(Exception failure)
    {
        _failed = true;
        _connection.Role.OnBodyFailed(_stream, failure);
    }

    private void Finish()
    {
        if (!_finished)
        {
            _finished = true;
            // The core dropped its queue when the stream closed, so nobody reads the buffers any more.
            _buffers.Return(_connection.Memory);
            _connection.Share.ReleaseBuffers(_bufferSize);
            _connection.Memory.Release(_aheadHeld);
            _connection.Events.AddWork(this);
        }
        _connection.Streams.RetireWhenIdle(_stream);
    }

    // User code.
    private bool Dispose()
    {
        if (_disposed)
            return true;
        _disposed = true;
        var call = _connection.Owner.BeginCall(this);
        _ = DisposeSourceAsync();
        if (_connection.Owner.EndCall(call))
            return true;
        return LeaveLate(default);
    }

    private async Task DisposeSourceAsync()
    {
        try
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.BodyFailed(_connection.Host.Logger, _connection.Info.Id, _stream.StreamId, failure);
        }
    }

    private static void Observe(ConfiguredValueTaskAwaitable<BodyRead>.ConfiguredValueTaskAwaiter filling)
    {
        try
        {
            filling.GetResult();
        }
        catch (Exception)
        {
            // It was cancelled because the stream is closed; whatever it says now is of no use to anybody.
        }
    }

    private sealed class ResumeTask(BodyPump pump) : OwnerTask
    {
        public override void Run() => pump.Resume();
    }
}
