using System.IO.Pipelines;
using System.Net.Sockets;
using Pipelines.Sockets.Unofficial;

namespace Http2.Shell;

/// <summary>
/// A stream socket, of TCP or of a Unix domain, where there are no event loops. <see cref="SocketConnection"/> reads and writes it, and its two pipes
/// are used as any others are, by <see cref="PipeTransport"/>.
/// </summary>
internal sealed class SocketTransport : ITransport
{
    // A flush is complete once the socket has taken every octet, which is what Taken counts. The loop that sends runs on the thread that flushes;
    // what waits for a flush may block, and gets a thread of the pool, so that it never holds up that loop.
    private static readonly PipeOptions Sending = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.ThreadPool,
        pauseWriterThreshold: 1, resumeWriterThreshold: 1, minimumSegmentSize: 16 * 1024, useSynchronizationContext: false);

    // The reader may block as well. The loop that receives is at most this many octets ahead of the reader.
    private static readonly PipeOptions Receiving = new(
        readerScheduler: PipeScheduler.ThreadPool, writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 32 * 1024, resumeWriterThreshold: 16 * 1024, minimumSegmentSize: 16 * 1024, useSynchronizationContext: false);

    private readonly SocketConnection _connection;
    private readonly PipeTransport _pipe;
    private int _closed;

    /// <summary>A transport over a connected socket.</summary>
    /// <param name="socket">The socket; closed at the end.</param>
    /// <param name="time">The clock.</param>
    public SocketTransport(Socket socket, TimeProvider time)
    {
        // reads of no length wait for octets, so that an idle connection holds no buffer
        _connection = SocketConnection.Create(socket, Sending, Receiving, SocketConnectionOptions.ZeroLengthReads);
        _pipe = new PipeTransport(_connection, time);
    }

    public long Taken => _pipe.Taken;

    public TransportReport Report()
    {
        var received = _pipe.Received;
        var report = OperatingSystem.IsLinux()
            ? SocketReport.Of(_connection.Socket.SafeHandle, Taken, received)
            : new TransportReport(Taken, Received: received, Readable: Available());
        // what waits in the pipe has come, too
        return report with { Readable = report.Readable + (int)Math.Max(0, _connection.BytesRead - received) };
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _pipe.ReceiveAsync(buffer);

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets) => _pipe.SendAsync(octets);

    public ValueTask FinishSendingAsync() => _pipe.FinishSendingAsync();

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        _pipe.Close();
        _connection.Dispose();
    }

    private int Available()
    {
        try
        {
            return _connection.Socket.Available;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }
}
