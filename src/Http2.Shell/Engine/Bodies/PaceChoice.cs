using Http2.Pure;

namespace Http2.Shell;

/// <summary>What the application has chosen for the pace of the body that it is sent. Immutable, so that threads can share it.</summary>
/// <param name="Limit">The pace, or null for none.</param>
internal sealed record PaceChoice(PaceLimit? Limit)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The choice that <paramref name="limit"/> stands for; a rate of 0 asks for nothing, as null does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is below 0, or the period is not more than zero and at most a day.</exception>
    public static PaceChoice Of(PaceLimit? limit)
    {
        if (limit is not { } asked)
            return new PaceChoice(Limit: null);
        if (asked.Rate < 0 || asked.Period <= TimeSpan.Zero || asked.Period > Day)
        {
            throw new ArgumentOutOfRangeException(
                nameof(limit), asked, $"BodyPace is {asked.Rate} octets a second each {asked.Period}; it must be 0 or more, each more than zero and at most a day.");
        }
        return new PaceChoice(asked.Rate == 0 ? null : asked);
    }
}
