using System.Net.Sockets;

namespace Http2.Shell;

/// <summary>A stream socket: TCP or a Unix domain socket.</summary>
internal sealed class SocketTransport(Socket socket) : ITransport
{
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        var sending = socket.SendAsync(octets, SocketFlags.None);
        if (!sending.IsCompletedSuccessfully)
            return Rest(sending, octets);
        var sent = sending.Result;
        return sent == octets.Length ? default : Rest(new ValueTask<int>(sent), octets);
    }

    public ValueTask FinishSendingAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        return default;
    }

    public void Close() => socket.Dispose();

    private async ValueTask Rest(ValueTask<int> first, ReadOnlyMemory<byte> octets)
    {
        var sent = await first.ConfigureAwait(false);
        while (sent < octets.Length)
            sent += await socket.SendAsync(octets[sent..], SocketFlags.None).ConfigureAwait(false);
    }
}
