using System.Buffers;
using System.IO.Pipelines;

namespace Http2.Shell;

/// <summary>A pair of pipes, as other transports and tests in memory offer it.</summary>
internal sealed class PipeTransport : ITransport
{
    private const string ReadsNoMore = "The peer reads no more.";

    private readonly IDuplexPipe _pipe;
    private readonly PartedWrites _writes;
    private long _received;
    private int _closed;
    private int _finished;

    /// <summary>A transport over pipes.</summary>
    /// <param name="pipe">The pipes; completed at the end.</param>
    /// <param name="time">The clock.</param>
    public PipeTransport(IDuplexPipe pipe, TimeProvider time)
    {
        _pipe = pipe;
        _writes = new PartedWrites(WriteAsync, time);
    }

    public long Taken => _writes.Taken;

    /// <summary>Octets that were received since the beginning. Any thread.</summary>
    public long Received => Volatile.Read(ref _received);

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (true)
        {
            var read = await _pipe.Input.ReadAsync().ConfigureAwait(false);
            if (read.Buffer.IsEmpty)
            {
                if (read.IsCompleted || read.IsCanceled)
                    return 0;
                _pipe.Input.AdvanceTo(read.Buffer.End);
                continue;
            }
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
            part.CopyTo(buffer.Span);
            // Once the pipe has them back its segments are used again, so they are measured before.
            var octets = (int)part.Length;
            Volatile.Write(ref _received, _received + octets);
            _pipe.Input.AdvanceTo(part.End);
            return octets;
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets) => _writes.SendAsync(octets);

    public ValueTask FinishSendingAsync() => Interlocked.Exchange(ref _finished, 1) == 0 ? _pipe.Output.CompleteAsync() : default;

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        // Completing an end that is in use is not allowed: the operations in flight are woken and see the end.
        _pipe.Input.CancelPendingRead();
        _pipe.Output.CancelPendingFlush();
        if (Interlocked.Exchange(ref _finished, 1) == 0)
            _pipe.Output.Complete();
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> octets)
    {
        FlushResult flushed;
        try
        {
            flushed = await _pipe.Output.WriteAsync(octets).ConfigureAwait(false);
        }
        catch (InvalidOperationException failure)
        {
            // Whoever reads the pipe has completed our end of it, too, as a connection does whose socket has failed.
            throw new IOException(ReadsNoMore, failure);
        }
        if (flushed.IsCompleted || flushed.IsCanceled)
            throw new IOException(ReadsNoMore);
    }
}
