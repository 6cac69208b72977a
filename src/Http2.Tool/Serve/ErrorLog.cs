using Microsoft.Extensions.Logging;

namespace Http2.Tool;

/// <summary>
/// Warnings and errors of the server, a line each on standard error; what clients do wrong shows with <c>-v -v</c>. Thread-safe.
/// </summary>
internal sealed class ErrorLog(TextWriter output) : ILoggerFactory, ILogger
{
    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var cause = exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}";
        var line = $"http2: {(logLevel == LogLevel.Warning ? "warning" : "error")}: {formatter(state, exception)}{cause}";
        output.WriteLine(line.ReplaceLineEndings(" "));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
