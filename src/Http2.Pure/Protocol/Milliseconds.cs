namespace Http2.Pure;

/// <summary>Times that people set, as the clock of a connection counts them.</summary>
internal static class Milliseconds
{
    /// <summary>The milliseconds of a time. A part of one counts as a whole one, so that nothing is due before its time.</summary>
    public static long Of(TimeSpan time)
    {
        var (whole, rest) = Math.DivRem(time.Ticks, TimeSpan.TicksPerMillisecond);
        return rest > 0 ? whole + 1 : whole;
    }
}
