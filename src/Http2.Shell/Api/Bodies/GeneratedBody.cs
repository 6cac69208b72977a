namespace Http2.Shell;

/// <summary>
/// A body that the server asks for as the client takes it: a function writes octets into the memory that it is given and returns how many, or
/// returns that there are none yet. After that, <see cref="Resume"/> makes the server call it again. Serves one response.
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
    /// Tells the server that there may be octets again after <see cref="BodyRead.Deferred"/>. Thread-safe. Calling it before the function was
    /// asked, or after the response has ended, has no effect.
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
