using System.Buffers;
using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Http2.Shell;

namespace Http2.Bench.Micro;

/// <summary>The whole server without sockets: a delegate answers batches of requests on a connection in memory.</summary>
public class DispatchBench
{
    private readonly Traffic _traffic = new();
    private Http2Server _server = null!;
    private PipeWriter _toServer = null!;
    private PipeReader _fromServer = null!;
    private Task _served = Task.CompletedTask;

    /// <summary>
    /// Starts the server and a connection. It waits for its own task, because BenchmarkDotNet does not wait for tasks of a setup that runs in its
    /// own process.
    /// </summary>
    [GlobalSetup]
    public void Open() => OpenAsync().GetAwaiter().GetResult();

    /// <summary>Ends the connection and the server.</summary>
    [GlobalCleanup]
    public void Close() => CloseAsync().GetAwaiter().GetResult();

    private async Task OpenAsync()
    {
        var hello = new Http2Response(200, [("content-type", "text/plain")], "Hello, World!");
        _server = Http2Server.Create("127.0.0.1", 0, (_, _) => new(hello));
        var options = new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);
        Pipe up = new(options), down = new(options);
        (_toServer, _fromServer) = (up.Writer, down.Reader);
        _served = _server.ServeAsync(new Ends(up.Reader, down.Writer));
        await _toServer.WriteAsync(_traffic.Opening);
        await ReadAsync(1);
    }

    private async Task CloseAsync()
    {
        await _toServer.CompleteAsync();
        await _served;
        await _server.DisposeAsync();
    }

    /// <summary>Sends a batch of requests, and reads until all of them are answered. The time is that for one request.</summary>
    [Benchmark(OperationsPerInvoke = Traffic.Requests - 1)]
    public async Task RequestAsync()
    {
        await _toServer.WriteAsync(_traffic.Next());
        await ReadAsync(Traffic.Requests - 1);
    }

    // Reads until so many streams have ended.
    private async Task ReadAsync(int streams)
    {
        var header = new byte[9];
        while (streams > 0)
        {
            var read = await _fromServer.ReadAsync();
            var octets = read.Buffer;
            while (octets.Length >= 9)
            {
                octets.Slice(0, 9).CopyTo(header);
                var length = header[0] << 16 | header[1] << 8 | header[2];
                if (octets.Length < 9 + length)
                    break;
                if (header[3] == 7)
                    throw new InvalidOperationException("The server ended the connection.");
                if (header[3] <= 1 && (header[4] & 1) != 0)
                    streams--;
                octets = octets.Slice(9 + length);
            }
            _fromServer.AdvanceTo(octets.Start, octets.End);
            if (read.IsCompleted)
                return;
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
