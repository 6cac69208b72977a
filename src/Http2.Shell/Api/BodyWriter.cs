using System.IO.Pipelines;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// The end of a pipe that the application writes a response's body to. As a pipe it tells by <see cref="FlushResult.IsCompleted"/> that nobody
/// reads any more; as a stream, which has no such word, writing fails then, so that a writer that knows streams only comes to its end.
/// </summary>
internal sealed class BodyWriter(PipeWriter inner) : PipeWriter
{
    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(source, cancellationToken);

    public override Stream AsStream(bool leaveOpen = false) => new WritingStream(this, leaveOpen);

    private sealed class WritingStream(BodyWriter writer, bool leaveOpen) : UnseekableStream
    {
        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ThrowIfOver(await writer.WriteAsync(buffer, cancellationToken).ConfigureAwait(false));

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async Task FlushAsync(CancellationToken cancellationToken) =>
            ThrowIfOver(await writer.FlushAsync(cancellationToken).ConfigureAwait(false));

        public override void Write(byte[] buffer, int offset, int count) => Wait(WriteAsync(buffer.AsMemory(offset, count)));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            System.Buffers.BuffersExtensions.Write(writer, buffer);
            Flush();
        }

        public override void Flush() => FlushAsync(CancellationToken.None).GetAwaiter().GetResult();

        public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
            TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, default), callback, state);

        public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !leaveOpen)
                writer.Complete();
            base.Dispose(disposing);
        }

        private static void Wait(ValueTask writing) => writing.AsTask().GetAwaiter().GetResult();

        private static void ThrowIfOver(FlushResult flushed)
        {
            if (flushed.IsCanceled)
                throw new OperationCanceledException("The write was cancelled by CancelPendingFlush of the body's pipe.");
            if (flushed.IsCompleted)
                throw new Http2StreamClosedException(ErrorCode.Cancel);
        }
    }
}
