namespace Http2.Shell;

/// <summary>Work that may call something of the user's, and knows when it will not.</summary>
internal interface IStandbyWork : IThreadPoolWorkItem
{
    /// <summary>
    /// Whether doing it now, on a thread that refuses requests, calls nothing of the user's. Asked by the thread that would do it, while nobody
    /// else can.
    /// </summary>
    bool MayRunOnStandby { get; }
}

/// <summary>Which thread serves in an emergency and must call nothing of the user's.</summary>
internal static class StandbyRuns
{
    [ThreadStatic]
    private static bool t_isHere;

    // How many threads of all servers do: nearly always none, and then nobody asks further.
    private static int s_count;

    /// <summary>Whether the calling thread does, so that requests are to be refused.</summary>
    public static bool AreHere => Volatile.Read(ref s_count) > 0 && t_isHere;

    /// <summary>The calling thread begins.</summary>
    public static void Begin()
    {
        t_isHere = true;
        Interlocked.Increment(ref s_count);
    }

    /// <summary>It ends.</summary>
    public static void End()
    {
        Interlocked.Decrement(ref s_count);
        t_isHere = false;
    }
}
