namespace Http2.Shell;

/// <summary>
/// A body that the server pulls: a function fills memory and says how far, or that nothing is there yet. In the last case
/// <see cref="Resume"/> has it asked again. Serves one response.
/// </summary>
public sealed class GeneratedBody : ResponseBody
{
    private readonly Func<Memory<byte>, BodyRead> _generator;
    private int _used;
    private Action? _wake;

    internal GeneratedBody(Func<Memory<byte>, BodyRead> generator, long length)
    {
        _generator = generator ?? throw new ArgumentNullException(nameof(generator));
        Length = length;
    }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>
    /// Says that there may be octets again after <see cref="BodyRead.Deferred"/>. Any thread, any time: before the generator was asked, or
    /// after the response has ended, it does no harm.
    /// </summary>
    public void Resume() => Volatile.Read(ref _wake)?.Invoke();

    internal override BodySource Open(out ReadOnlyMemory<byte> octets)
    {
        if (Interlocked.Exchange(ref _used, 1) != 0)
            throw SingleUseBody.UsedBefore();
        octets = default;
        return new Source(this);
    }

    internal override void Discard()
    {
    }

    private sealed class Source(GeneratedBody body) : BodySource
    {
        // The end may bring trailers.
        public override bool EndsByLength => false;

        public override ValueTask<BodyRead> FillAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            var read = body._generator(buffer);
            if (read.Octets > buffer.Length)
                throw new InvalidOperationException($"The generator says it wrote {read.Octets} octets where {buffer.Length} had room.");
            return new(read);
        }

        public override void WhenResumed(Action wake) => Volatile.Write(ref body._wake, wake);

        public override ValueTask DisposeAsync()
        {
            Volatile.Write(ref body._wake, null);
            return default;
        }
    }
}
