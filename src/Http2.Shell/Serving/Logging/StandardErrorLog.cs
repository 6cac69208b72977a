using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>
/// The log of a server that was given none: what failed must be seen by somebody. Errors go to standard error, a line each; a kind of failure
/// that comes again is counted and told at most once in <see cref="Pause"/>. Never waits for the output: lines that find it blocked are
/// dropped. Thread-safe.
/// </summary>
internal sealed class StandardErrorLog(TimeProvider time, Func<TextWriter> output) : ILogger
{
    /// <summary>How long the same kind of failure is counted and not told.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private const int MostKinds = 64;
    private const int MostWaiting = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<(int Event, Type? Failure), Kind> _kinds = [];
    private readonly Queue<string> _waiting = new();
    private bool _isWriting;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Error and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var key = (eventId.Id, exception?.GetType());
        lock (_gate)
        {
            if (_kinds.TryGetValue(key, out var kind))
            {
                // Told when the pause is over.
                kind.Since++;
                return;
            }
            if (_kinds.Count == MostKinds)
                return;
            var cause = exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}";
            kind = new Kind($"http2: error: {formatter(state, exception)}{cause}".ReplaceLineEndings(" "));
            _kinds.Add(key, kind);
            Write(kind.Line + " (for more give Http2ServerOptions.LoggerFactory a logger)");
            kind.Timer = time.CreateTimer(_ => EndPause(key), null, Pause, Timeout.InfiniteTimeSpan);
        }
    }

    // Another pause follows as long as there is something to tell.
    private void EndPause((int Event, Type? Failure) key)
    {
        lock (_gate)
        {
            if (!_kinds.TryGetValue(key, out var kind))
                return;
            if (kind.Since == 0)
            {
                _kinds.Remove(key);
                kind.Timer?.Dispose();
                return;
            }
            Write($"{kind.Line} (and {kind.Since} more like it in {Pause.TotalSeconds:0} s)");
            kind.Since = 0;
            kind.Timer?.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Write(string line)
    {
        if (_waiting.Count == MostWaiting)
            return;
        _waiting.Enqueue(line);
        if (_isWriting)
            return;
        _isWriting = true;
        ThreadPool.UnsafeQueueUserWorkItem(static log => log.WriteAll(), this, preferLocal: false);
    }

    private void WriteAll()
    {
        while (true)
        {
            string? line;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out line))
                {
                    _isWriting = false;
                    return;
                }
            }
            try
            {
                output().WriteLine(line);
            }
            catch (Exception failure) when (failure is IOException or ObjectDisposedException)
            {
                // Standard error is gone, and there is nobody else to tell.
            }
        }
    }

    private sealed class Kind(string line)
    {
        public string Line { get; } = line;

        public int Since { get; set; }

        public ITimer? Timer { get; set; }
    }
}
