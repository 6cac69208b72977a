namespace Http2.Shell;

/// <summary>An asynchronous sequence of chunks as body.</summary>
internal sealed class ChunkedBody(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, long length) : SingleUseBody
{
    private readonly IAsyncEnumerable<ReadOnlyMemory<byte>> _chunks = chunks ?? throw new ArgumentNullException(nameof(chunks));

    public override long Length { get; } = length;

    internal override BodySource Open(out ReadOnlyMemory<byte> octets)
    {
        Use();
        octets = default;
        return new Source(_chunks);
    }

    private sealed class Source(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks) : BodySource
    {
        private IAsyncEnumerator<ReadOnlyMemory<byte>>? _enumerator;
        private ReadOnlyMemory<byte> _rest;

        // Whoever gave a length may have been wrong.
        public override bool EndsByLength => false;

        public override async ValueTask<BodyRead> FillAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            _enumerator ??= chunks.GetAsyncEnumerator(cancellation);
            while (_rest.IsEmpty)
            {
                if (!await _enumerator.MoveNextAsync().ConfigureAwait(false))
                    return BodyRead.End;
                _rest = _enumerator.Current;
            }
            var octets = Math.Min(_rest.Length, buffer.Length);
            _rest[..octets].CopyTo(buffer);
            _rest = _rest[octets..];
            return BodyRead.Data(octets);
        }

        public override ValueTask DisposeAsync() => _enumerator?.DisposeAsync() ?? default;
    }
}
