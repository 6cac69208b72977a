using System.Buffers.Binary;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Cuts the octets that arrive into frames. It accepts any content.</summary>
internal sealed class FrameReader(RawConnection connection)
{
    private byte[] _buffer = new byte[32 * 1024];
    private int _start;
    private int _end;

    /// <summary>What arrived and was not taken as a frame.</summary>
    public ReadOnlyMemory<byte> Rest => _buffer.AsMemory(_start, _end - _start);

    public async ValueTask<(ReadOutcome Outcome, WireFrame Frame)> ReadAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        if (TryTake(out var frame))
            return (ReadOutcome.Frame, frame);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            while (true)
            {
                MakeRoom();
                var count = await connection.ReadAsync(_buffer.AsMemory(_end), limit.Token).ConfigureAwait(false);
                if (count == 0)
                    return (_end == _start ? ReadOutcome.Closed : ReadOutcome.Broken, default);
                _end += count;
                if (TryTake(out frame))
                    return (ReadOutcome.Frame, frame);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (ReadOutcome.TimedOut, default);
        }
    }

    /// <summary>Takes octets that are no frame: so many, or fewer when the peer closes or the time is up.</summary>
    public async ValueTask<byte[]> ReadOctetsAsync(int count, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            while (_end - _start < count)
            {
                MakeRoom();
                var read = await connection.ReadAsync(_buffer.AsMemory(_end), limit.Token).ConfigureAwait(false);
                if (read == 0)
                    break;
                _end += read;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // What came in time is judged.
        }
        var taken = _buffer.AsSpan(_start, Math.Min(count, _end - _start)).ToArray();
        _start += taken.Length;
        return taken;
    }

    /// <summary>Takes a frame that has arrived already, without waiting.</summary>
    public bool TryTake(out WireFrame frame)
    {
        frame = default;
        var have = _buffer.AsSpan(_start, _end - _start);
        if (have.Length < WireFrame.HeaderLength)
            return false;
        var length = (have[0] << 16) | (have[1] << 8) | have[2];
        if (have.Length < WireFrame.HeaderLength + length)
            return false;
        var payload = have.Slice(WireFrame.HeaderLength, length).ToArray();
        var stream = BinaryPrimitives.ReadUInt32BigEndian(have[5..]);
        frame = new WireFrame((FrameType)have[3], (FrameFlags)have[4], stream & 0x7fffffff, payload) { Reserved = stream > 0x7fffffff };
        _start += WireFrame.HeaderLength + length;
        return true;
    }

    private void MakeRoom()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_end < _buffer.Length)
            return;
        var have = _end - _start;
        var into = have > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        Buffer.BlockCopy(_buffer, _start, into, 0, have);
        (_buffer, _start, _end) = (into, 0, have);
    }
}
