using System.Net.Security;

namespace Http2.Shell;

/// <summary>Any duplex stream.</summary>
internal sealed class StreamTransport : ITransport
{
    private readonly Stream _stream;
    private readonly PartedWrites _writes;

    // Not every stream ends a read that waits when it is disposed of: a pipe's does not.
    private readonly CancellationTokenSource _closing = new();

    /// <summary>A transport over a stream.</summary>
    /// <param name="stream">The stream; disposed of at the end.</param>
    /// <param name="time">The clock.</param>
    public StreamTransport(Stream stream, TimeProvider time)
    {
        _stream = stream;
        _writes = new PartedWrites(octets => stream.WriteAsync(octets, _closing.Token), time);
    }

    public long Taken => _writes.Taken;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _stream.ReadAsync(buffer, _closing.Token);

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets) => _writes.SendAsync(octets);

    public async ValueTask FinishSendingAsync()
    {
        if (_stream is SslStream tls)
            await tls.ShutdownAsync().ConfigureAwait(false);
        else
            await _stream.FlushAsync(_closing.Token).ConfigureAwait(false);
    }

    public void Close()
    {
        try
        {
            _stream.Dispose();
        }
        finally
        {
            _closing.Cancel();
        }
    }
}
