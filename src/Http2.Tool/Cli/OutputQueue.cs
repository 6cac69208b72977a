using System.Text;

namespace Http2.Tool;

/// <summary>
/// Takes lines from any thread without ever holding one up, and writes them in order from a thread of its own. When whoever reads is slower
/// than what comes, lines are dropped and their number is told; when nobody reads at all, nothing else is felt of it. Thread-safe.
/// </summary>
internal sealed class OutputQueue : IDisposable
{
    /// <summary>How long ending waits for lines that nobody takes, unless it is told otherwise.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Characters that may wait, of two octets each.</summary>
    public const int MaxWaiting = 2 * 1024 * 1024;

    private const int BatchSize = 64 * 1024;

    private readonly object _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly TextWriter _output;
    private readonly TimeSpan _patience;
    private Thread? _writer;
    private long _waiting, _dropped, _written;
    private bool _ended;

    /// <summary>Writes to <paramref name="output"/> until it is disposed of.</summary>
    /// <param name="output">Where the lines go.</param>
    /// <param name="patience">How long ending waits without anything being taken; null is <see cref="Patience"/>.</param>
    public OutputQueue(TextWriter output, TimeSpan? patience = null)
    {
        (_output, _patience) = (output, patience ?? Patience);
        // Not with the first line: that may say that no descriptor is left, and without one the runtime starts no thread.
        lock (_gate)
            Begin();
    }

    /// <summary>Takes one or several lines, without the last line feed.</summary>
    public void Write(string lines)
    {
        lock (_gate)
        {
            if (_ended || _waiting + lines.Length > MaxWaiting)
            {
                _dropped++;
                return;
            }
            _waiting += lines.Length;
            _lines.Enqueue(lines);
            if (_writer is null)
                Begin();
            else if (_lines.Count == 1)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends once all is written that waits, or when patience is at its end because nothing of it is taken.</summary>
    public void Dispose()
    {
        Thread? writer;
        lock (_gate)
        {
            _ended = true;
            writer = _writer;
            Monitor.Pulse(_gate);
        }
        for (long before = -1; writer is not null && Volatile.Read(ref _written) != before;)
        {
            before = Volatile.Read(ref _written);
            if (writer.Join(_patience))
                return;
        }
    }

    // In the background: a write that never ends does not keep the process alive.
    private void Begin()
    {
        var writer = new Thread(WriteAll) { IsBackground = true, Name = "output" };
        try
        {
            writer.Start();
            _writer = writer;
        }
        catch (OutOfMemoryException)
        {
            // No thread can be had now; the next line tries again.
        }
    }

    private void WriteAll()
    {
        var batch = new StringBuilder();
        while (TryTake(batch))
        {
            try
            {
                _output.Write(batch);
                _output.Flush();
            }
            catch (Exception failure) when (failure is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                // Whoever read has gone, or the disk is full: what was to be said is lost, and the server goes on.
            }
            batch.Clear();
            Volatile.Write(ref _written, _written + 1);
        }
    }

    private bool TryTake(StringBuilder batch)
    {
        lock (_gate)
        {
            while (_lines.Count == 0 && !_ended)
                Monitor.Wait(_gate);
            while (batch.Length < BatchSize && _lines.TryDequeue(out var lines))
            {
                _waiting -= lines.Length;
                batch.Append(lines).Append('\n');
            }
            if (_dropped > 0 && batch.Length > 0)
            {
                batch.Append($"({_dropped} entries dropped: the output is slower than what there is to say)\n");
                _dropped = 0;
            }
            return batch.Length > 0;
        }
    }
}
