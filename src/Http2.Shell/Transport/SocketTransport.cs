using System.Net.Sockets;

namespace Http2.Shell;

/// <summary>A stream socket: TCP or a Unix domain socket.</summary>
internal sealed class SocketTransport(Socket socket) : ITransport
{
    private long _taken, _received;

    public long Taken => Volatile.Read(ref _taken);

    public TransportReport Report() => OperatingSystem.IsLinux()
        ? SocketReport.Of(socket.SafeHandle, Taken, Volatile.Read(ref _received))
        : new TransportReport(Taken, Received: Volatile.Read(ref _received), Readable: Readable());

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        var receiving = socket.ReceiveAsync(buffer, SocketFlags.None);
        if (!receiving.IsCompletedSuccessfully)
            return CountAsync(receiving);
        var count = receiving.Result;
        Volatile.Write(ref _received, _received + count);
        return new(count);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        var sending = socket.SendAsync(octets, SocketFlags.None);
        if (!sending.IsCompletedSuccessfully)
            return Rest(sending, octets);
        var sent = sending.Result;
        if (sent != octets.Length)
            return Rest(new ValueTask<int>(sent), octets);
        Volatile.Write(ref _taken, _taken + sent);
        return default;
    }

    public ValueTask FinishSendingAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        return default;
    }

    public void Close() => socket.Dispose();

    private async ValueTask<int> CountAsync(ValueTask<int> receiving)
    {
        var count = await receiving.ConfigureAwait(false);
        Volatile.Write(ref _received, _received + count);
        return count;
    }

    private async ValueTask Rest(ValueTask<int> first, ReadOnlyMemory<byte> octets)
    {
        var sent = await first.ConfigureAwait(false);
        Volatile.Write(ref _taken, _taken + sent);
        while (sent < octets.Length)
        {
            var more = await socket.SendAsync(octets[sent..], SocketFlags.None).ConfigureAwait(false);
            Volatile.Write(ref _taken, _taken + more);
            sent += more;
        }
    }

    private int Readable()
    {
        try
        {
            return socket.Available;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }
}
