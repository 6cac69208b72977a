using System.IO.Pipelines;

namespace Http2.Shell;

/// <summary>
/// A tunnel through a stream of a connection (RFC 9113 §8.5): what is written goes to the other end, what comes from there is read. One reader and one
/// writer at a time. <see cref="CompleteWriting"/> ends this side; disposing ends both.
/// </summary>
public sealed class Http2TunnelStream : Stream
{
    private readonly Stream _incoming;
    private readonly PipeWriter _outgoing;
    private readonly Stream _writing;

    internal Http2TunnelStream(Http2ClientStream exchange, PipeWriter outgoing)
    {
        (Exchange, _outgoing) = (exchange, outgoing);
        _incoming = exchange.BodyStream;
        _writing = outgoing.AsStream(leaveOpen: true);
    }

    /// <summary>The request that opened the tunnel, with its response.</summary>
    public Http2ClientStream Exchange { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends this side: the other end reads to the end of what was written (END_STREAM). Reading goes on.</summary>
    public void CompleteWriting() => _outgoing.Complete();

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _incoming.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _incoming.ReadAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => _incoming.Read(buffer);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => _incoming.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var flushed = await _outgoing.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        // Nobody reads any more: the stream is closed.
        if (flushed.IsCompleted)
            throw StreamFailure.Of(Exchange);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => _writing.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _outgoing.Complete();
            _incoming.Dispose();
        }
        base.Dispose(disposing);
    }
}
