using System.Text;
using System.Threading.Channels;

namespace Http2.Tool;

/// <summary>
/// Takes lines from connections without ever holding one up, and writes them in order from a task of its own. When the terminal is
/// slower than the traffic lines are dropped, and the output says how many. Thread-safe.
/// </summary>
internal sealed class TraceOutput : IAsyncDisposable
{
    private const int MaxWaiting = 65_536;

    private const int BatchSize = 64 * 1024;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly TextWriter _output;
    private readonly Task _writing;
    private long _dropped;

    /// <summary>Writes to <paramref name="output"/> until it is disposed.</summary>
    public TraceOutput(TextWriter output)
    {
        _output = output;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Takes one or several lines, without the last line feed.</summary>
    public void Write(string lines)
    {
        if (!_lines.Writer.TryWrite(lines))
            Interlocked.Increment(ref _dropped);
    }

    /// <summary>Writes what is waiting, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        var batch = new StringBuilder();
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (batch.Length < BatchSize && _lines.Reader.TryRead(out var lines))
                batch.Append(lines).Append('\n');
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                batch.Append($"({dropped} entries dropped: the output is slower than the traffic)\n");
            try
            {
                await _output.WriteAsync(batch);
                await _output.FlushAsync();
            }
            catch (IOException)
            {
                // Whoever read the output has gone (a closed pipe); the server goes on.
            }
            batch.Clear();
        }
    }
}
