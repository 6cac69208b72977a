using System.IO.Pipelines;

namespace Http2.Shell.Tests;

/// <summary>Two ends of a connection in memory.</summary>
internal sealed class PipeEnds(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input { get; } = input;

    public PipeWriter Output { get; } = output;

    /// <summary>Makes both ends; a writer waits when <paramref name="pause"/> octets are unread.</summary>
    public static (PipeEnds Client, PipeEnds Server) Create(int pause = 65536, PipeScheduler? scheduler = null)
    {
        var options = new PipeOptions(
            pauseWriterThreshold: pause, resumeWriterThreshold: pause / 2, readerScheduler: scheduler, writerScheduler: scheduler,
            useSynchronizationContext: false);
        Pipe up = new(options), down = new(options);
        return (new PipeEnds(down.Reader, up.Writer), new PipeEnds(up.Reader, down.Writer));
    }

    /// <summary>This end as a stream.</summary>
    public Stream AsStream() => new DuplexStream(Input.AsStream(), Output.AsStream());

    private sealed class DuplexStream(Stream input, Stream output) : AsyncStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            output.WriteAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            input.Dispose();
            output.Dispose();
        }
    }
}

/// <summary>A stream of any length whose octets follow from their place.</summary>
internal sealed class PatternStream(long length) : Stream
{
    private long _at;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _at;
        set => _at = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - _at);
        for (var i = 0; i < count; i++)
            buffer[i] = (byte)((_at + i) * 2654435761 >> 13);
        _at += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
