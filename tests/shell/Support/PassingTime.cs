namespace Http2.Shell.Tests;

/// <summary>Time that passes while a connection is served.</summary>
internal static class PassingTime
{
    /// <summary>
    /// Lets time pass second for second: what a timer leads to may come on another thread, and the clock goes on only behind it.
    /// </summary>
    public static async Task PassAsync(this ManualClock clock, RawClient client, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            if (i % 10 == 9 || i == seconds - 1)
                await client.SettleAsync();
        }
    }
}
