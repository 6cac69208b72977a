using System.Diagnostics;

namespace Http2.Tool;

/// <summary>When it is measured: nothing counts before, such as a warm-up, and nothing behind. Thread-safe.</summary>
internal sealed class MeasuredTime
{
    private volatile bool _isOn;
    private long _began, _ended;

    /// <summary>Whether it is measured now.</summary>
    public bool IsOn => _isOn;

    /// <summary>How long it was measured so far.</summary>
    public TimeSpan Length => _isOn || _ended > 0 ? Stopwatch.GetElapsedTime(_began, _isOn ? Stopwatch.GetTimestamp() : _ended) : TimeSpan.Zero;

    /// <summary>From here on it is measured.</summary>
    public void Begin()
    {
        _began = Stopwatch.GetTimestamp();
        _isOn = true;
    }

    /// <summary>From here on it is not measured any more.</summary>
    public void End()
    {
        _ended = Stopwatch.GetTimestamp();
        _isOn = false;
    }
}
