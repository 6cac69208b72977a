using System.Buffers;
using System.IO.Pipelines;

namespace Http2.Shell;

/// <summary>
/// The body that the peer sends as a stream to be read, also synchronously: such a read keeps its thread, and when that runs the connection, another
/// thread goes on with it.
/// </summary>
internal sealed class BodyStream(IncomingBody body, bool leaveOpen) : ReadingStream
{
    public override int Read(Span<byte> buffer) => Take(body.ReadAndWait(), buffer);

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = body.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new(Take(read.Result, buffer.Span)) : TakeLater(read, buffer);
    }

    public override void CopyTo(Stream destination, int bufferSize)
    {
        ValidateCopyToArguments(destination, bufferSize);
        while (true)
        {
            var read = body.ReadAndWait();
            var consumed = read.Buffer.Start;
            try
            {
                ThrowIfCanceled(read);
                foreach (var part in read.Buffer)
                    destination.Write(part.Span);
                consumed = read.Buffer.End;
                if (read.IsCompleted)
                    return;
            }
            finally
            {
                body.AdvanceTo(consumed);
            }
        }
    }

    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        return body.CopyToAsync(destination, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
            body.Complete();
        base.Dispose(disposing);
    }

    private async ValueTask<int> TakeLater(ValueTask<ReadResult> read, Memory<byte> buffer) =>
        Take(await read.ConfigureAwait(false), buffer.Span);

    private int Take(in ReadResult read, Span<byte> buffer)
    {
        var consumed = read.Buffer.Start;
        try
        {
            ThrowIfCanceled(read);
            var octets = (int)Math.Min(read.Buffer.Length, buffer.Length);
            if (octets == 0)
                return 0;
            var part = read.Buffer.Slice(0, octets);
            part.CopyTo(buffer);
            consumed = part.End;
            return octets;
        }
        finally
        {
            body.AdvanceTo(consumed);
        }
    }

    private static void ThrowIfCanceled(in ReadResult read)
    {
        if (read.IsCanceled)
            throw new OperationCanceledException("The read was cancelled by CancelPendingRead of the body's pipe.");
    }
}
