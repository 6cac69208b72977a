using Http2.Shell;
using Microsoft.Extensions.Logging;

namespace Http2.Tool;

/// <summary>
/// Warnings and errors, a line each on standard error, the same at most once in ten seconds; what clients do wrong shows with
/// <c>-v -v</c>. No call waits. Thread-safe.
/// </summary>
internal sealed class ErrorLog(OutputQueue output, TimeProvider time) : ILoggerFactory, ILogger
{
    // What a line is about: the number of the server's event, or what the tool itself calls it, and the kind of failure.
    private readonly LogGate<(int Event, string? Kind)> _gate = new(time);

    /// <summary>A warning of the tool's own, which comes once.</summary>
    /// <param name="text">What is wrong, without the program's name.</param>
    public void Warn(string text) => output.Write($"http2: warning: {text}".ReplaceLineEndings(" "));

    /// <summary>A warning of the tool's own that may come often.</summary>
    /// <param name="kind">What is the same about those that come often.</param>
    /// <param name="text">What is wrong, without the program's name.</param>
    public void Warn(string kind, string text) => _gate.Write((0, kind), more => Warn(text + more));

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
        var line = $"http2: {(logLevel == LogLevel.Warning ? "warning" : "error")}: {formatter(state, exception)}{cause}".ReplaceLineEndings(" ");
        _gate.Write((eventId.Id, exception?.GetType().Name), more => output.Write(line + more));
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
