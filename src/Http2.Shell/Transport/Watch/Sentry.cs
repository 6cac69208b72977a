namespace Http2.Shell;

/// <summary>
/// Stands by a thread that runs connections and lets the watch see when the user code it called does not come back. There is one for each
/// thread that ever ran a connection; the thread writes which connection that is, the watch reads it.
/// </summary>
internal sealed class Sentry
{
    /// <summary>A thread that waits in user code for this long loses the connection that called the code, in milliseconds.</summary>
    internal const int StuckAfter = 5;

    /// <summary>
    /// A thread that computes in user code for this long loses the connection as well, in milliseconds. It is much longer than the time slices that
    /// busy cores give their threads.
    /// </summary>
    internal const int ComputingAfter = 25;

    [ThreadStatic]
    private static Sentry? t_mine;

    private readonly Thread _thread = Thread.CurrentThread;
    private readonly LoopThread? _kernel = OperatingSystem.IsLinux() ? LoopThread.Current() : null;
    private IWatched? _connection;

    // What the watch saw, and since when.
    private IWatched? _seen;
    private long _seenCall;
    private long _seenSince;

    private Sentry()
    {
    }

    /// <summary>The sentry of the calling thread.</summary>
    public static Sentry OfThisThread => t_mine ?? Post();

    /// <summary>Whether the thread has not ended.</summary>
    public bool IsNeeded => _thread.IsAlive;

    /// <summary>The thread begins to run a connection, perhaps in the midst of another one whose transport called it.</summary>
    /// <returns>That other one, for <see cref="End"/>.</returns>
    public IWatched? Begin(IWatched connection)
    {
        var outer = _connection;
        Volatile.Write(ref _connection, connection);
        return outer;
    }

    /// <summary>It runs the connection no more, or was told that another thread does.</summary>
    public void End(IWatched? outer) => Volatile.Write(ref _connection, outer);

    /// <summary>
    /// Looks whether the thread is in the same call of user code as at the last look; when that has been for too long, its connection is
    /// taken away from it. The watch only.
    /// </summary>
    /// <returns>Whether the thread runs a connection.</returns>
    public bool Look(long now)
    {
        var connection = Volatile.Read(ref _connection);
        var call = connection?.CallOf(_thread.ManagedThreadId) ?? 0;
        if (connection != _seen || call != _seenCall)
            (_seen, _seenCall, _seenSince) = (connection, call, now);
        else if (call != 0 && IsTooLong(now - _seenSince, out var computes))
            connection!.TryTakeAway(call, computes);
        return connection is not null;
    }

    private bool IsTooLong(long time, out bool computes)
    {
        computes = false;
        if (time < StuckAfter)
            return false;
        computes = OperatingSystem.IsLinux() && _kernel?.IsWaiting() == false;
        return !computes || time >= ComputingAfter;
    }

    private static Sentry Post()
    {
        var sentry = new Sentry();
        OwnerWatch.Add(sentry);
        return t_mine = sentry;
    }
}
