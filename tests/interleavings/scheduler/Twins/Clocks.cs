namespace Http2.Interleavings.Twins;

/// <summary>Stands in for what depends on threads and time of <see cref="System.Environment"/>.</summary>
public static class Environment
{
    public static int CurrentManagedThreadId =>
        Strand.Current is { } me ? Thread.NumberOf(me) : System.Environment.CurrentManagedThreadId;

    public static long TickCount64 => Strand.Current is { } me ? me.Schedule.Now : System.Environment.TickCount64;
}

/// <summary>The same for <see cref="System.Diagnostics.Stopwatch"/>.</summary>
public static class Stopwatch
{
    public static long GetTimestamp() => Strand.Current is { } me
        ? me.Schedule.Now * (System.Diagnostics.Stopwatch.Frequency / 1000)
        : System.Diagnostics.Stopwatch.GetTimestamp();

    public static TimeSpan GetElapsedTime(long since) => System.Diagnostics.Stopwatch.GetElapsedTime(since, GetTimestamp());
}
