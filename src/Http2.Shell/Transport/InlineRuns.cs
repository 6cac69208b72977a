namespace Http2.Shell;

/// <summary>
/// Puts off runs of connections that something on this thread wakes: until two things have happened that must both be told before user code may
/// block the thread; or until other threads run them, when this thread must not run user code.
/// </summary>
internal static class InlineRuns
{
    [ThreadStatic]
    private static bool t_putOff;

    [ThreadStatic]
    private static IWoken? t_woken;

    /// <summary>From here to <see cref="End"/> nothing runs on this thread.</summary>
    /// <returns>Whether runs were not put off before.</returns>
    public static bool Begin()
    {
        var begun = !t_putOff;
        t_putOff = true;
        return begun;
    }

    /// <summary>For a connection that was woken and has its Running bit set: whether its run is put off, and will come by itself.</summary>
    public static bool TryPutOff(IWoken connection)
    {
        if (!t_putOff)
            return false;
        if (t_woken is null)
            t_woken = connection;
        else
            connection.RunElsewhere();
        return true;
    }

    /// <summary>What was put off runs now.</summary>
    /// <param name="begun">What <see cref="Begin"/> answered: who began ends.</param>
    /// <param name="here">On this thread; else where the connection's scheduler likes.</param>
    public static void End(bool begun, bool here)
    {
        if (!begun)
            return;
        var woken = t_woken;
        t_putOff = false;
        t_woken = null;
        if (woken is null)
            return;
        if (here)
            woken.Execute();
        else
            woken.RunElsewhere();
    }
}
