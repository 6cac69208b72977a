using System.Net.Security;

namespace Http2.Shell;

/// <summary>Any duplex stream: TLS above all.</summary>
/// <param name="stream">The stream; disposed of at the end.</param>
/// <param name="carrier">What the stream rides on, so that its sending side can be ended alone, or null.</param>
internal sealed class StreamTransport(Stream stream, ITransport? carrier = null) : ITransport
{
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => stream.ReadAsync(buffer);

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets) => stream.WriteAsync(octets);

    public async ValueTask FinishSendingAsync()
    {
        if (stream is SslStream tls)
            await tls.ShutdownAsync().ConfigureAwait(false);
        else
            await stream.FlushAsync().ConfigureAwait(false);
        if (carrier is not null)
            await carrier.FinishSendingAsync().ConfigureAwait(false);
    }

    public void Close()
    {
        // The carrier first: closing TLS alone would try to send once more and may wait for a peer that does not read.
        carrier?.Close();
        stream.Dispose();
    }
}
