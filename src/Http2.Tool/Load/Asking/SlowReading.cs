using System.Diagnostics;

namespace Http2.Tool;

/// <summary>
/// Gives the server credit for the bodies of one client as if that read so many octets a second. Not thread-safe: its client has it.
/// </summary>
/// <param name="rate">Octets a second.</param>
internal sealed class SlowReading(int rate)
{
    private readonly Queue<LoadResponse> _unread = new();
    private long _last = Stopwatch.GetTimestamp();
    private double _budget;

    /// <summary>Octets have come.</summary>
    public void Add(LoadResponse response, int octets)
    {
        if (response.Unread == 0)
            _unread.Enqueue(response);
        response.Unread += octets;
    }

    /// <summary>Time has passed: what could have been read meanwhile is credited, in the order in which it came.</summary>
    /// <param name="now">The time, as ticks of <see cref="Stopwatch"/>.</param>
    public void Look(long now)
    {
        _budget += Stopwatch.GetElapsedTime(_last, now).TotalSeconds * rate;
        _last = now;
        while (_budget >= 1 && _unread.TryPeek(out var first))
        {
            var octets = (int)Math.Min(_budget, first.Unread);
            first.Unread -= octets;
            _budget -= octets;
            first.Credit(octets);
            if (first.Unread == 0)
                _unread.Dequeue();
        }
        // Time in which there was nothing to read is not made up for.
        if (_unread.Count == 0)
            _budget = 0;
    }
}
