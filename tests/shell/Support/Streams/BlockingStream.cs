namespace Http2.Shell.Tests;

/// <summary>A stream of text that does synchronously what it is told to, also where it should not.</summary>
internal sealed class BlockingStream(string text, Action? reading = null, Action? disposing = null) : AsyncStream
{
    private int _at;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        reading?.Invoke();
        if (_at == text.Length)
            return new(0);
        buffer.Span[0] = (byte)text[_at++];
        return new(1);
    }

    protected override void Dispose(bool isDisposing) => disposing?.Invoke();
}
