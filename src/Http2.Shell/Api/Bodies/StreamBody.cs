namespace Http2.Shell;

/// <summary>A body that serves one response: whoever opens it twice has made a mistake that must show.</summary>
internal abstract class SingleUseBody : ResponseBody
{
    private int _used;

    internal static InvalidOperationException UsedBefore() =>
        new("This response body was used before; only bodies of fixed octets can be sent more than once.");

    protected bool IsUsed => Volatile.Read(ref _used) != 0;

    protected void Use()
    {
        if (!TryUse())
            throw UsedBefore();
    }

    /// <summary>Gives it up, unless somebody uses it, who then gives it up.</summary>
    internal sealed override void Discard()
    {
        if (TryUse())
            Release();
    }

    /// <summary>Frees what the body holds while it is not open.</summary>
    protected virtual void Release()
    {
    }

    private bool TryUse() => Interlocked.Exchange(ref _used, 1) == 0;
}

/// <summary>A stream as body.</summary>
internal sealed class StreamBody : SingleUseBody
{
    private readonly Stream _stream;
    private readonly bool _isMeasured;

    public StreamBody(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream of a body must be readable.", nameof(stream));
        _stream = stream;
        _isMeasured = stream.CanSeek;
        Length = _isMeasured ? stream.Length - stream.Position : -1;
    }

    public StreamBody(Stream stream, long length)
        : this(stream)
    {
        Length = length >= -1 ? length : throw new ArgumentOutOfRangeException(nameof(length), length, "A length is -1 or more.");
        // Whoever gave it may have been wrong.
        _isMeasured = false;
    }

    /// <summary>The stream that it is read from.</summary>
    public Stream Stream => _stream;

    public override long Length { get; }

    internal override BodySource Open(out ReadOnlyMemory<byte> octets)
    {
        Use();
        if (!_stream.CanRead)
        {
            Release();
            throw new ObjectDisposedException(_stream.GetType().Name, "The stream of this response body was closed before it was sent.");
        }
        octets = default;
        return new Source(_stream, _isMeasured);
    }

    protected override void Release() => _stream.Dispose();

    private sealed class Source(Stream stream, bool isMeasured) : BodySource
    {
        public override bool EndsByLength => isMeasured;

        public override ValueTask<BodyRead> FillAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            var read = stream.ReadAsync(buffer, cancellation);
            return read.IsCompletedSuccessfully ? new(Answer(read.Result)) : Later(read);
        }

        public override ValueTask DisposeAsync() => stream.DisposeAsync();

        private static async ValueTask<BodyRead> Later(ValueTask<int> read) => Answer(await read.ConfigureAwait(false));

        private static BodyRead Answer(int read) => read == 0 ? BodyRead.End : BodyRead.Data(read);
    }
}
