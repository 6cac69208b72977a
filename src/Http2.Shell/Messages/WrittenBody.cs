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

    internal override void Discard()
    {
    }

    private sealed class Source(Func<PipeWriter, CancellationToken, Task> writer) : BodySource
    {
        private readonly CancellationTokenSource _stop = new();
        private Pipe _pipe = new(OptionsFor(PipeOptions.Default.PauseWriterThreshold));
        private Task? _writing;

        public override int KeepAhead(int octets)
        {
            _pipe = new(OptionsFor(octets));
            return octets;
        }

        public override async ValueTask<BodyRead> FillAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            _writing ??= Task.Run(WriteAsync, CancellationToken.None);
            var read = await _pipe.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            if (read.Buffer.IsEmpty && read.IsCompleted)
                return BodyRead.End;
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
            System.Buffers.BuffersExtensions.CopyTo(part, buffer.Span);
            // Once the pipe has them back its segments are used again, so they are measured before.
            var octets = (int)part.Length;
            _pipe.Reader.AdvanceTo(part.End);
            return octets == 0 ? BodyRead.Deferred : BodyRead.Data(octets);
        }

        public override async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }

        private static PipeOptions OptionsFor(long ahead) =>
            new(pauseWriterThreshold: ahead, resumeWriterThreshold: ahead / 2, useSynchronizationContext: false);

        private async Task WriteAsync()
        {
            try
            {
                await writer(new BodyWriter(_pipe.Writer), _stop.Token).ConfigureAwait(false);
                await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                await _pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
            }
        }
    }
}
