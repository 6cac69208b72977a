using System.Text;

namespace Http2.Tool;

/// <summary>
/// Takes lines from any thread without making it wait, and writes them in order from a thread of its own. When the reader of the output is
/// too slow, lines are dropped, and a line says how many; when nobody reads, all further lines are dropped. Thread-safe.
/// </summary>
internal sealed class OutputQueue : IDisposable
{
    /// <summary>How long disposing waits while the reader of the output takes no line, unless the constructor was given another time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How many characters may wait to be written; each takes two octets of memory.</summary>
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
    /// <param name="patience">How long disposing waits while the reader takes no line; null is <see cref="Patience"/>.</param>
    public OutputQueue(TextWriter output, TimeSpan? patience = null)
    {
        (_output, _patience) = (output, patience ?? Patience);
        // The thread is started before it is needed: when there is an error to report, the process may have run out of threads or
        // descriptors.
        lock (_gate)
            Begin();
    }

    /// <summary>Has one line or several written; the text does not end with a line feed.</summary>
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

    /// <summary>Returns once all waiting lines are written, or when no line was taken for as long as the patience lasts.</summary>
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

    // A background thread, so that a write that never ends does not keep the process alive.
    private void Begin()
    {
        var writer = new Thread(WriteAll) { IsBackground = true, Name = "output" };
        try
        {
            writer.Start();
            _writer = writer;
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            // The system has no thread to give now; the next line tries again.
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
                // The reader has gone, or the disk is full. The lines are lost, and the server goes on.
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
