using Hpack.Pure;

namespace Http2.Shell;

/// <summary>
/// A transport as a <see cref="Stream"/>, for <see cref="System.Net.Security.SslStream"/> to ride on. Asynchronous only. What is written may
/// be collected, so that many records are sent at once.
/// </summary>
internal sealed class TransportStream(ITransport transport) : Stream
{
    // Only for the moment in which records are written to memory; sending is outside of it.
    private readonly Lock _gate = new();
    private OutputBuffer? _collected;
    private int _reads;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What the stream rides on.</summary>
    internal ITransport Transport => transport;

    /// <summary>Whether the peer has sent anything: who reads a second time has got something the first time.</summary>
    internal bool HasReceived => Volatile.Read(ref _reads) > 1;

    /// <summary>Whatever is written from now on is kept, until <see cref="TakeCollected"/>.</summary>
    internal void Collect()
    {
        lock (_gate)
            _collected = EffectPool.RentOutput();
    }

    /// <summary>What was written since <see cref="Collect"/>; what comes later is sent at once again.</summary>
    /// <returns>A buffer of <see cref="EffectPool"/>, which the caller sends and gives back.</returns>
    internal OutputBuffer TakeCollected()
    {
        lock (_gate)
        {
            var collected = _collected!;
            _collected = null;
            return collected;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return default;
        if (_reads < 2)
            _reads++;
        return transport.ReceiveAsync(buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_collected is { } collected)
            {
                collected.Write(buffer.Span);
                return default;
            }
        }
        return transport.SendAsync(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            transport.Close();
        base.Dispose(disposing);
    }
}
