using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// A body on its way, in one direction, and how fast it moves. Of a body that the peer sends, only the time counts in which somebody
/// waits for it. Belongs to the connection's owner.
/// </summary>
internal sealed class PacedBody(Http2Stream stream, bool sending, long now)
{
    // Before a peer is judged that has sent too little, it is asked whether it is there: one that is asleep is not slow.
    private const int AskedBefore = 5_000;

    private readonly long _since = now;
    private long _octets;
    private Pace _pace = Pace.Begin(sending ? now : stream.WaitedForBody(now, out _));
    private bool _wasAsked;

    public Http2Stream Stream { get; } = stream;

    /// <summary>Whether it is the body that this end sends; else the peer's.</summary>
    public bool Sending { get; } = sending;

    /// <summary>Where it stands among the connection's.</summary>
    public int Place { get; set; }

    public void Count(int octets)
    {
        _pace = _pace.Count(octets);
        _octets += octets;
    }

    /// <summary>When to look at it next.</summary>
    public long Due(PaceLimit limit, long now)
    {
        var time = Time(now, out var isRunning);
        if (!isRunning)
            return now + (long)limit.Period.TotalMilliseconds;
        var due = _pace.Due(limit) - (AsksFirst(limit) && !_wasAsked ? AskedBefore : 0);
        return now + Math.Max(due - time, 0);
    }

    /// <summary>Whether it will be too slow unless more comes soon, which is answered once.</summary>
    /// <param name="limit">What is asked for.</param>
    /// <param name="now">The time.</param>
    /// <param name="partial">Octets that have come of a frame that is not whole.</param>
    public bool MustAsk(PaceLimit limit, long now, int partial)
    {
        if (_wasAsked || !AsksFirst(limit))
            return false;
        var time = Time(now, out _);
        if (time < _pace.Due(limit) - AskedBefore)
            return false;
        _wasAsked = true;
        return (_pace.Octets + partial) * 1000 < limit.Rate * (time - _pace.Since);
    }

    /// <summary>Judges, when the period is over; then counting begins anew.</summary>
    /// <param name="limit">What is asked for.</param>
    /// <param name="now">The time.</param>
    /// <param name="partial">Octets that have come of a frame that is not whole.</param>
    public bool IsTooSlow(PaceLimit limit, long now, int partial)
    {
        var before = _pace;
        var tooSlow = _pace.Count(partial).IsTooSlow(limit, Time(now, out _), out var next);
        _pace = next == before.Count(partial) ? before : next;
        _wasAsked &= _pace == before;
        // Who has taken the body faster than LineRate over all its time may be busy with it for a while.
        return tooSlow && !(Sending && _octets * 1000 >= SendProgress.LineRate * (now - _since));
    }

    /// <summary>It is not the peer's turn to move: counting begins anew.</summary>
    public void Forgive(long now)
    {
        _pace = Pace.Begin(Time(now, out _));
        _wasAsked = false;
    }

    private bool AsksFirst(PaceLimit limit) => !Sending && limit.Period.TotalMilliseconds >= 2 * AskedBefore;

    private long Time(long now, out bool isRunning)
    {
        isRunning = true;
        return Sending ? now : Stream.WaitedForBody(now, out isRunning);
    }
}
