using System.Net.Security;

namespace Http2.Shell;

/// <summary>Any duplex stream.</summary>
/// <param name="stream">The stream; disposed of at the end.</param>
internal sealed class StreamTransport(Stream stream) : ITransport
{
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => stream.ReadAsync(buffer);

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets) => stream.WriteAsync(octets);

    public async ValueTask FinishSendingAsync()
    {
        if (stream is SslStream tls)
            await tls.ShutdownAsync().ConfigureAwait(false);
        else
            await stream.FlushAsync().ConfigureAwait(false);
    }

    public void Close() => stream.Dispose();
}
