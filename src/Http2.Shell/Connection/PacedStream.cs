using Http2.Pure;

namespace Http2.Shell;

/// <summary>A body on its way, in one direction, and how fast it moves. Belongs to the connection's owner.</summary>
internal sealed class PacedStream(Http2Exchange exchange, bool sending, long now)
{
    private Pace _pace = Pace.Begin(now);

    public Http2Exchange Exchange { get; } = exchange;

    /// <summary>Whether it is the response's body; else the request's.</summary>
    public bool Sending { get; } = sending;

    /// <summary>Where it stands among the connection's.</summary>
    public int Place { get; set; }

    public void Count(int octets) => _pace = _pace.Count(octets);

    public long Due(PaceLimit limit) => _pace.Due(limit);

    public bool IsTooSlow(PaceLimit limit, long now) => _pace.IsTooSlow(limit, now, out _pace);

    /// <summary>It is not the peer's turn to move: counting begins anew.</summary>
    public void Forgive(long now) => _pace = Pace.Begin(now);
}
