using System.IO.Pipelines;

namespace Http2.Shell;

/// <summary>A body that the application writes to a pipe; the pipe's thresholds hold the writer back while the client is slow.</summary>
internal sealed class WrittenBody(Func<PipeWriter, CancellationToken, Task> writer, long length) : SingleUseBody
{
    private readonly Func<PipeWriter, CancellationToken, Task> _writer = writer ?? throw new ArgumentNullException(nameof(writer));

    public override long Length { get; } = length;

    internal override BodySource Open(out ReadOnlyMemory<byte> octets)
    {
        Use();
        octets = default;
        return new Source(_writer);
    }

    private sealed class Source(Func<PipeWriter, CancellationToken, Task> writer) : BodySource
    {
        private Pipe _pipe = new(OptionsFor(PipeOptions.Default.PauseWriterThreshold));
        private Task? _writing;

        public override int KeepAhead(int octets)
        {
            _pipe = new(OptionsFor(octets));
            return octets;
        }

        // Whoever gave a length may have been wrong.
        public override bool EndsByLength => false;

        public override async ValueTask<BodyRead> FillAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            _writing ??= Task.Run(() => WriteAsync(cancellation), CancellationToken.None);
            while (true)
            {
                var read = await _pipe.Reader.ReadAsync(cancellation).ConfigureAwait(false);
                if (read.Buffer.IsEmpty && read.IsCompleted)
                    return BodyRead.End;
                var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
                System.Buffers.BuffersExtensions.CopyTo(part, buffer.Span);
                // Once the pipe has them back its segments are used again, so they are measured before.
                var octets = (int)part.Length;
                _pipe.Reader.AdvanceTo(part.End);
                if (octets > 0)
                    return BodyRead.Data(octets);
            }
        }

        // A writer that waits for room is woken and sees that nobody reads.
        public override ValueTask DisposeAsync() => _pipe.Reader.CompleteAsync();

        private static PipeOptions OptionsFor(long ahead) =>
            new(pauseWriterThreshold: ahead, resumeWriterThreshold: ahead / 2, useSynchronizationContext: false);

        private async Task WriteAsync(CancellationToken cancellation)
        {
            try
            {
                var writing = writer(new BodyWriter(_pipe.Writer), cancellation)
                    ?? throw new InvalidOperationException("The writer of a response body returned null; it must return a task.");
                await writing.ConfigureAwait(false);
                await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                await _pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
            }
        }
    }
}
