using System.Buffers;
using System.IO.Pipelines;

namespace Http2.Shell;

/// <summary>A pair of pipes, as other transports and tests in memory offer it.</summary>
internal sealed class PipeTransport(IDuplexPipe pipe) : ITransport
{
    private int _closed;
    private int _finished;

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (true)
        {
            var read = await pipe.Input.ReadAsync().ConfigureAwait(false);
            if (read.Buffer.IsEmpty)
            {
                if (read.IsCompleted || read.IsCanceled)
                    return 0;
                pipe.Input.AdvanceTo(read.Buffer.End);
                continue;
            }
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
            part.CopyTo(buffer.Span);
            // Once the pipe has them back its segments are used again, so they are measured before.
            var octets = (int)part.Length;
            pipe.Input.AdvanceTo(part.End);
            return octets;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        var flushed = await pipe.Output.WriteAsync(octets).ConfigureAwait(false);
        if (flushed.IsCompleted || flushed.IsCanceled)
            throw new IOException("The peer reads no more.");
    }

    public ValueTask FinishSendingAsync() => Interlocked.Exchange(ref _finished, 1) == 0 ? pipe.Output.CompleteAsync() : default;

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        // Completing an end that is in use is not allowed: the operations in flight are woken and see the end.
        pipe.Input.CancelPendingRead();
        pipe.Output.CancelPendingFlush();
        if (Interlocked.Exchange(ref _finished, 1) == 0)
            pipe.Output.Complete();
    }
}
