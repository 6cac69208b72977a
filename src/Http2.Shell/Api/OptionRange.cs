using Http2.Pure;

namespace Http2.Shell;

/// <summary>What options have in common, of servers and of clients: a bad one is told by its name.</summary>
internal static class OptionRange
{
    /// <summary>A value that may not be null, told by the name of its option.</summary>
    public static T Given<T>(T? value, string option)
        where T : class => value ?? throw new ArgumentNullException(option, $"The option {option} is null; leave it out for its default.");

    /// <exception cref="ArgumentException">The value is not from <paramref name="least"/> to <paramref name="most"/>.</exception>
    public static void Range(long value, long least, long most, string option)
    {
        if (value < least || value > most)
            throw new ArgumentException($"The option {option} is {value}; it must be {least} to {most}.");
    }

    /// <exception cref="ArgumentException">The rate allows fewer than <paramref name="burst"/> at once, or fewer than <paramref name="perSecond"/>.</exception>
    public static void Rate(RateLimit limit, int burst, int perSecond, string option)
    {
        Range(limit.Burst, burst, int.MaxValue, $"{option}.{nameof(limit.Burst)}");
        Range(limit.PerSecond, perSecond, int.MaxValue, $"{option}.{nameof(limit.PerSecond)}");
    }

    /// <exception cref="ArgumentException">The time is not more than nothing and at most a day.</exception>
    public static void Time(TimeSpan value, string option)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
            throw new ArgumentException($"The option {option} is {value}; it must be more than nothing and at most a day.");
    }
}
