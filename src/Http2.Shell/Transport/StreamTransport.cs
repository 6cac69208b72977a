using System.Net.Security;
using System.Net.Sockets;

namespace Http2.Shell;

/// <summary>Any duplex stream: TLS above all.</summary>
/// <param name="stream">The stream; disposed of at the end.</param>
/// <param name="socket">The socket under it, so that its sending side can be ended alone, or null.</param>
internal sealed class StreamTransport(Stream stream, Socket? socket = null) : ITransport
{
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => stream.ReadAsync(buffer);

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets) => stream.WriteAsync(octets);

    public async ValueTask FinishSendingAsync()
    {
        if (stream is SslStream tls)
            await tls.ShutdownAsync().ConfigureAwait(false);
        else
            await stream.FlushAsync().ConfigureAwait(false);
        socket?.Shutdown(SocketShutdown.Send);
    }

    public void Close()
    {
        // The socket first: closing TLS alone would try to send once more and may wait for a peer that does not read.
        socket?.Dispose();
        stream.Dispose();
    }
}
