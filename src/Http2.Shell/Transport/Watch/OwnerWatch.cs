namespace Http2.Shell;

/// <summary>
/// Sees, every few milliseconds while there is traffic, whether a thread that runs a connection is caught in user code. The watchdog of event
/// loops does this with its own looks; for connections without loops there is one thread for the whole process. Looking calls no user code
/// and waits for no lock that a handler could hold.
/// </summary>
internal static class OwnerWatch
{
    // Looks that find nobody at work before the watch goes to sleep.
    private const int QuietLooks = 200;

    private static readonly Lock Gate = new();
    private static readonly List<Sentry> Sentries = [];
    private static readonly ManualResetEventSlim Traffic = new(false);
    private static bool s_started;

    /// <summary>
    /// Starts the thread unless it runs: before there are connections, since it is needed most when no thread can be had any more.
    /// </summary>
    public static void Start()
    {
        lock (Gate)
        {
            if (s_started)
                return;
            new Thread(Watch) { IsBackground = true, Name = "http2-owner-watch" }.Start();
            s_started = true;
        }
    }

    /// <summary>
    /// Keeps the watch awake. Called by a thread that has said which connection it runs, and behind a full fence: then either the watch sees
    /// that in the last look before it sleeps, or this sees the watch asleep.
    /// </summary>
    public static void KeepAwake()
    {
        if (!Traffic.IsSet)
            Traffic.Set();
    }

    /// <summary>Has a thread's sentry looked after until the thread has ended.</summary>
    public static void Add(Sentry sentry)
    {
        lock (Gate)
            Sentries.Add(sentry);
    }

    private static void Watch()
    {
        while (true)
        {
            Traffic.Wait();
            for (var quiet = 0; quiet < QuietLooks; quiet++)
            {
                Thread.Sleep(Sentry.StuckAfter);
                if (quiet == QuietLooks - 1)
                    Traffic.Reset();
                if (Look())
                    quiet = -1;
            }
        }
    }

    /// <summary>Looks at every thread that ever ran a connection. Any thread, a few milliseconds after the look before.</summary>
    /// <returns>Whether any of them runs one.</returns>
    public static bool Look()
    {
        lock (Gate)
        {
            var now = Environment.TickCount64;
            var busy = false;
            for (var i = Sentries.Count - 1; i >= 0; i--)
            {
                busy |= Sentries[i].Look(now);
                if (!Sentries[i].IsNeeded)
                    Sentries.RemoveAt(i);
            }
            return busy;
        }
    }
}
