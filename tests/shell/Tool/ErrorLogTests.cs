using Http2.Tool;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class ErrorLogTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);

    private readonly StringWriter _text = new();

    [Fact]
    public void The_same_is_said_once_in_ten_seconds_and_then_how_often()
    {
        Say(log =>
        {
            for (var i = 0; i < 1000; i++)
                log.Log(LogLevel.Error, new EventId(21), i, new IOException("gone"), (n, _) => $"body {n} failed");
            _clock.Advance(TimeSpan.FromSeconds(10));
            _clock.Advance(TimeSpan.FromSeconds(10));
            log.Log(LogLevel.Error, new EventId(21), 2000, new IOException("gone"), (n, _) => $"body {n} failed");
        });
        Assert.Equal(
            [
                "http2: error: body 0 failed: IOException: gone",
                "http2: error: body 999 failed: IOException: gone (999 more in the last 10 s)",
                "http2: error: body 2000 failed: IOException: gone",
            ],
            Lines);
    }

    [Fact]
    public void What_differs_is_said_at_once()
    {
        Say(log =>
        {
            log.Log(LogLevel.Warning, new EventId(3), "one", null, (text, _) => text);
            log.Log(LogLevel.Error, new EventId(20), "two", new IOException("a"), (text, _) => text);
            log.Log(LogLevel.Error, new EventId(20), "three", new InvalidOperationException("b"), (text, _) => text);
            log.Warn("four\nlines");
        });
        Assert.Equal(
            [
                "http2: warning: one", "http2: error: two: IOException: a", "http2: error: three: InvalidOperationException: b",
                "http2: warning: four lines",
            ],
            Lines);
    }

    [Fact]
    public void What_was_only_counted_is_said_at_the_end()
    {
        Say(log =>
        {
            for (var i = 0; i < 3; i++)
                log.Warn("kind", $"warning {i}");
        });
        Assert.Equal(["http2: warning: warning 0", "http2: warning: warning 2 (2 more in the last 10 s)"], Lines);
    }

    private string[] Lines => _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private void Say(Action<ErrorLog> say)
    {
        using var queue = new OutputQueue(_text, Timeout.InfiniteTimeSpan);
        using var log = new ErrorLog(queue, _clock);
        say(log);
    }
}
