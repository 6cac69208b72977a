using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>A logger of the user's: when it throws, that costs no connection anything, and is told once. Thread-safe.</summary>
/// <param name="logger">The user's logger.</param>
/// <param name="other">Where its failure is told.</param>
internal sealed class GuardedLogger(ILogger logger, ILogger other) : ILogger
{
    private int _failed;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception failure)
        {
            Tell(failure);
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception failure)
        {
            Tell(failure);
        }
    }

    private void Tell(Exception failure)
    {
        if (Interlocked.Exchange(ref _failed, 1) == 0)
            Shell.Log.LoggerFailed(other, failure);
    }
}
