using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>
/// The log of a server that was given none: what failed must be seen by somebody. Errors go to standard error, a line each; a kind of failure
/// that comes again is counted and told at most once in each <see cref="LogGate{TKey}.Period"/>. Never waits for the output: lines that find it
/// blocked are dropped. Thread-safe.
/// </summary>
internal sealed class StandardErrorLog(TimeProvider time, Func<TextWriter> output) : ILogger
{
    private const int MostWaiting = 16;

    private readonly LogGate<(int Event, Type? Failure)> _repeated = new(time);
    private readonly Lock _gate = new();
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
        var cause = exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}";
        var line = $"http2: error: {formatter(state, exception)}{cause}".ReplaceLineEndings(" ");
        _repeated.Write(
            (eventId.Id, exception?.GetType()),
            more => Write(line + (more.Length > 0 ? more : " (for more give Http2ServerOptions.LoggerFactory a logger)")));
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            if (_waiting.Count == MostWaiting)
                return;
            _waiting.Enqueue(line);
            if (_isWriting)
                return;
            _isWriting = true;
        }
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
}
