using System.Runtime.CompilerServices;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Moves a body from its source to the core, as fast as the core sends it: it fills two buffers in turn and asks for more when one of them
/// is gone. Belongs to the owner; other threads reach it as mail (a fill that completed, a source that was resumed).
/// </summary>
internal sealed class BodyPump : Mail
{
    private const int LeastRoom = 1024;

    private readonly Http2Connection _connection;
    private readonly Http2Exchange _exchange;
    private readonly BodySource _source;
    private readonly Func<Http2Headers?> _trailers;
    private readonly int _bufferSize;
    private readonly Action _postSelf;
    private ConfiguredValueTaskAwaitable<BodyRead>.ConfiguredValueTaskAwaiter _filling;
    private byte[]? _current, _other;
    private int _filled;
    private long _submitted, _otherEndsAt, _queued;
    private BodyLength _length;

    // What the declared length says is the last piece waits for the source to say so too: behind its end a stream would look complete.
    private int _held;
    private bool _isFilling, _failed, _stopped, _finished;

    /// <summary>Opens the body; nothing is read yet.</summary>
    public BodyPump(
        Http2Connection connection, Http2Exchange exchange, ResponseBody body, BodyLength length, Func<Http2Headers?> trailers)
    {
        (_connection, _exchange, _length, _trailers) = (connection, exchange, length, trailers);
        _postSelf = () => _connection.PostFromOutside(this);
        _source = body.Open(out _) ?? throw new InvalidOperationException("A fixed body needs no pump.");
        _source.WhenResumed(_postSelf);
        _bufferSize = connection.ReserveBody(length.Declared);
    }

    /// <summary>Whether the end of the body was handed to the core.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>A fill has completed, or a deferred source has something again.</summary>
    public override void Run(Http2Connection connection)
    {
        if (_isFilling)
        {
            if (!_filling.IsCompleted)
                return;
            _isFilling = false;
            _exchange.EndWork();
            if (!_stopped)
                Take(_filling);
            else
                _ = Observe(_filling);
        }
        if (_stopped)
            Finish();
        else
            Refill();
    }

    /// <summary>The core sent some of it. What was submitted since is not in the event, so only the difference can be relied on.</summary>
    public void OnSent(int octets)
    {
        _queued -= octets;
        if (_queued == 0 && _held == 0 && !_isFilling)
            _filled = 0;
        Refill();
    }

    /// <summary>Fills buffers while there are free ones and the source has something.</summary>
    public void Refill()
    {
        try
        {
            if (_length.Left == 0 && _source.EndsByLength && MayFill)
                Submit(0, BodyRead.End, end: true);
            while (MayFill && FindRoom(out var room))
            {
                _filling = _source.FillAsync(room, _exchange.Aborted).ConfigureAwait(false).GetAwaiter();
                if (!_filling.IsCompleted)
                {
                    _isFilling = true;
                    _exchange.BeginWork();
                    _filling.UnsafeOnCompleted(_postSelf);
                    return;
                }
                if (!Take(_filling))
                    return;
            }
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    /// <summary>The stream is closed: nothing more is read, and everything is given back once the last fill has ended.</summary>
    public void Stop()
    {
        if (_stopped)
            return;
        _stopped = true;
        if (!_isFilling)
            Finish();
    }

    private bool MayFill => !_isFilling && !HasEnded && !_failed && !_stopped;

    private bool FindRoom(out Memory<byte> room)
    {
        _current ??= _connection.Holdings.Rent(_bufferSize);
        if (_held > 0)
        {
            // Nothing more may come, so where it would go does not matter.
            room = _bufferSize - _filled - _held >= LeastRoom ? _current.AsMemory(_filled + _held, LeastRoom) : new byte[LeastRoom];
            return true;
        }
        if (_bufferSize - _filled < LeastRoom)
        {
            // The other buffer is free once all that was submitted from it has gone out.
            if (_other is not null && _submitted - _queued < _otherEndsAt)
            {
                room = default;
                return false;
            }
            (_current, _other) = (_other ?? _connection.Holdings.Rent(_bufferSize), _current);
            _otherEndsAt = _submitted;
            _filled = 0;
        }
        room = _current.AsMemory(_filled, _bufferSize - _filled);
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
            var read = filling.GetResult();
            if (read.Kind == BodyRead.Answer.Deferred)
                return false;
            _length.Count(read.Octets);
            // What was measured has ended with its last octet: asking again would cost an empty frame.
            var end = read.Kind == BodyRead.Answer.End || (_length.Left == 0 && _source.EndsByLength);
            if (end)
                _length.End();
            if (!end && _length.Left == 0)
                _held += read.Octets;
            else
                Submit(_held + read.Octets, read, end);
            return !end;
        }
        catch (Exception failure)
        {
            Fail(failure);
            return false;
        }
    }

    private void Submit(int octets, BodyRead read, bool end)
    {
        var data = _current.AsMemory(_filled, octets);
        _held = 0;
        _filled += octets;
        _submitted += octets;
        _queued += octets;
        HasEnded = end;
        var trailers = end ? read.Trailers ?? _trailers() : null;
        var misuse = _connection.SubmitData(_exchange, data, end && trailers is null);
        if (misuse == Misuse.None && trailers is not null)
            misuse = _connection.SubmitTrailers(_exchange, trailers);
        if (misuse == Misuse.StreamClosed)
        {
            // The news of it is on its way.
            _failed = true;
            return;
        }
        if (misuse != Misuse.None)
            throw MisuseText.Exception(misuse);
        _connection.WatchSending(_exchange);
        _connection.EndUnreadRequest(_exchange);
    }

    // A source that failed is not asked again.
    private void Fail(Exception failure)
    {
        _failed = true;
        _connection.FailBody(_exchange, failure);
    }

    private void Finish()
    {
        if (_finished)
            return;
        _finished = true;
        // The core dropped its queue when the stream closed, so nobody reads the buffers any more.
        Return(ref _current);
        Return(ref _other);
        _connection.ReleaseBody(_bufferSize);
        _ = DisposeSourceAsync();
        _connection.RetireWhenIdle(_exchange);
    }

    private async Task DisposeSourceAsync()
    {
        try
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _connection.OnDisposalFailed(_exchange, failure);
        }
    }

    private void Return(ref byte[]? buffer)
    {
        if (buffer is not null)
            _connection.Holdings.Return(buffer);
        buffer = null;
    }

    private static bool Observe(ConfiguredValueTaskAwaitable<BodyRead>.ConfiguredValueTaskAwaiter filling)
    {
        try
        {
            filling.GetResult();
            return true;
        }
        catch (Exception)
        {
            // It was cancelled because the stream is closed; whatever it says now is of no use to anybody.
            return false;
        }
    }
}
