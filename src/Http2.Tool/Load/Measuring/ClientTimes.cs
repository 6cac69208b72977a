using System.Diagnostics;

namespace Http2.Tool;

/// <summary>What one client's connections took, in nanoseconds. One thread writes at a time.</summary>
internal sealed class ClientTimes
{
    private bool _hasFirst;

    /// <summary>How long connecting took, the TLS handshake included.</summary>
    public Histogram Connecting { get; } = new();

    /// <summary>How long it took from the beginning of connecting to the head of the first response.</summary>
    public Histogram First { get; } = new();

    /// <summary>How often there was no connection.</summary>
    public long ConnectionsFailed { get; set; }

    /// <summary>How long the client was at it.</summary>
    public TimeSpan Active { get; set; }

    /// <summary>A connection was made.</summary>
    /// <param name="took">How long that took.</param>
    public void Connected(TimeSpan took)
    {
        _hasFirst = false;
        Connecting.Add(NanosecondsOf(took));
    }

    /// <summary>The head of a response has come.</summary>
    /// <param name="began">When connecting began, as ticks of <see cref="Stopwatch"/>.</param>
    public void Answered(long began)
    {
        if (_hasFirst)
            return;
        _hasFirst = true;
        First.Add(NanosecondsOf(Stopwatch.GetElapsedTime(began)));
    }

    /// <summary>A time in nanoseconds.</summary>
    public static long NanosecondsOf(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
