namespace Http2.Shell.Tests;

/// <summary>A stream that tells when it is disposed of; it can hide its length, fail, or wait in the middle.</summary>
internal sealed class WatchedStream(byte[] octets, bool seekable = true, int failAt = int.MaxValue, Task? gate = null) : Stream
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _inner = new(octets);

    public Task Disposed => _disposed.Task;

    public long ReadSoFar => _inner.Position;

    public override bool CanRead => true;

    public override bool CanSeek => seekable;

    public override bool CanWrite => false;

    public override long Length => seekable ? _inner.Length : throw new NotSupportedException();

    public override long Position
    {
        get => seekable ? _inner.Position : throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_inner.Position >= failAt)
            throw new InvalidTimeZoneException("the stream failed");
        if (gate is not null)
            await gate.WaitAsync(cancellationToken);
        return _inner.Read(buffer.Span[..Math.Min(buffer.Length, (int)Math.Min(failAt - _inner.Position, int.MaxValue))]);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        _disposed.TrySetResult();
    }
}
