namespace Http2.Pure;

/// <summary>How fast something must move: at least <paramref name="Rate"/>, judged once each <paramref name="Period"/>.</summary>
/// <param name="Rate">Octets a second, 0 or more; 0 asks for nothing.</param>
/// <param name="Period">The time between judgements, more than zero and at most a day: how long it may stand still.</param>
public readonly record struct PaceLimit(int Rate, TimeSpan Period);

/// <summary>
/// Octets that were counted since a moment, to be held against a <see cref="PaceLimit"/>. That bounds peers that send or take a body one octet at a time
/// (CVE-2016-1546, CVE-2019-9511), because a trickle earns no more time than its octets are worth. An immutable value; the clock is passed in.
/// </summary>
/// <param name="Since">When counting began, in milliseconds.</param>
/// <param name="Octets">What was counted since.</param>
public readonly record struct Pace(long Since, long Octets)
{
    /// <summary>Counting begins at <paramref name="now"/>.</summary>
    public static Pace Begin(long now) => new(now, 0);

    /// <summary>The count with <paramref name="octets"/> more.</summary>
    public Pace Count(int octets) => this with { Octets = Octets + octets };

    /// <summary>When the count is judged next, in milliseconds.</summary>
    public long Due(PaceLimit limit) => Since + Milliseconds.Of(limit.Period);

    /// <summary>Judges the count if the period is over; counting begins anew then.</summary>
    /// <param name="limit">What is asked for.</param>
    /// <param name="now">The time.</param>
    /// <param name="next">What to count on with.</param>
    /// <returns>Whether it was too slow.</returns>
    public bool IsTooSlow(PaceLimit limit, long now, out Pace next)
    {
        var elapsed = now - Since;
        var isDue = elapsed >= Milliseconds.Of(limit.Period);
        var tooSlow = isDue && Octets * 1000 < limit.Rate * elapsed;
        // Assigned last, because the variable behind the parameter may be the very value that is judged.
        next = isDue ? Begin(now) : this;
        return tooSlow;
    }
}
