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
    private readonly CancellationTokenSource _stop = new();
    private readonly int _bufferSize;
    private readonly int _aheadHeld;
    private readonly Action _postSelf;
    private ConfiguredValueTaskAwaitable<BodyRead>.ConfiguredValueTaskAwaiter _filling;
    private byte[]? _current, _other;
    private int _filled;
    private long _submitted, _otherEndsAt, _queued;
    private long _left;
    private bool _isFilling, _stopped;

    public BodyPump(Http2Connection connection, Http2Exchange exchange, ResponseBody body, Func<Http2Headers?> trailers)
    {
        (_connection, _exchange, _trailers) = (connection, exchange, trailers);
        _left = body.Length;
        _bufferSize = connection.ReserveBody(body.Length);
        _postSelf = () => _connection.PostFromOutside(this);
        _source = body.Open(out _) ?? throw new InvalidOperationException("A fixed body needs no pump.");
        _aheadHeld = _source.KeepAhead(2 * _bufferSize);
        _connection.Memory.Hold(_aheadHeld);
        _source.WhenResumed(_postSelf);
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
        if (_queued == 0 && !_isFilling)
            _filled = 0;
        if (!_isFilling && !HasEnded && !_stopped)
            Refill();
    }

    /// <summary>Fills buffers while there are free ones and the source has something.</summary>
    public void Refill()
    {
        try
        {
            if (_left == 0 && _source.EndsByLength && !HasEnded)
                Submit(BodyRead.End, end: true);
            while (!_isFilling && !HasEnded && !_stopped && FindRoom(out var room))
            {
                _filling = _source.FillAsync(room, _stop.Token).ConfigureAwait(false).GetAwaiter();
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
            _connection.FailBody(_exchange, failure);
        }
    }

    /// <summary>The stream is closed: nothing more is read, and everything is given back once the last fill has ended.</summary>
    public void Stop()
    {
        if (_stopped)
            return;
        _stopped = true;
        _stop.Cancel();
        if (!_isFilling)
            Finish();
    }

    private bool FindRoom(out Memory<byte> room)
    {
        _current ??= _connection.Memory.Rent(_bufferSize);
        if (_bufferSize - _filled < LeastRoom)
        {
            // The other buffer is free once all that was submitted from it has gone out. While memory is short one must do.
            if (_other is null ? _connection.IsMemoryShort : _submitted - _queued < _otherEndsAt)
            {
                room = default;
                return false;
            }
            (_current, _other) = (_other ?? _connection.Memory.Rent(_bufferSize), _current);
            _otherEndsAt = _submitted;
            _filled = 0;
        }
        room = _current.AsMemory(_filled, _bufferSize - _filled);
        // What is appended to a file while it is sent is not part of the length that was declared.
        if (_source.EndsByLength && _left >= 0 && _left < room.Length)
            room = room[..(int)_left];
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
            // A body of known length has ended with its last octet: asking again would cost an empty frame.
            var end = read.Kind == BodyRead.Answer.End || (_left >= 0 && read.Octets == _left && _source.EndsByLength);
            _left -= _left >= 0 ? Math.Min(read.Octets, _left) : 0;
            Submit(read, end);
            return !end;
        }
        catch (Exception failure)
        {
            _connection.FailBody(_exchange, failure);
            return false;
        }
    }

    private void Submit(BodyRead read, bool end)
    {
        var data = _current.AsMemory(_filled, read.Octets);
        _filled += read.Octets;
        _submitted += read.Octets;
        _queued += read.Octets;
        HasEnded = end;
        var trailers = end ? read.Trailers ?? _trailers() : null;
        var misuse = _connection.SubmitData(_exchange, data, end && trailers is null);
        if (misuse == Misuse.None && trailers is not null)
            misuse = _connection.SubmitTrailers(_exchange, trailers);
        if (misuse != Misuse.None)
            throw MisuseText.Exception(misuse);
        _connection.WatchSending(_exchange);
        _connection.EndUnreadRequest(_exchange);
    }

    private void Finish()
    {
        // The core dropped its queue when the stream closed, so nobody reads the buffers any more.
        Return(ref _current);
        Return(ref _other);
        _connection.ReleaseBody(_bufferSize);
        _connection.Memory.Release(_aheadHeld);
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
        _stop.Dispose();
    }

    private void Return(ref byte[]? buffer)
    {
        if (buffer is not null)
            _connection.Memory.Return(buffer);
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
