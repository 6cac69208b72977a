namespace Http2.Shell;

/// <summary>
/// Makes the threads that a process which serves cannot do without before they are needed. The runtime ends the process when its thread pool
/// cannot have one more thread that it wants; a pool whose threads are there already, and that wants no more than those, cannot come to that.
/// It changes the pool of the whole process, so that the program decides: <c>http2 serve</c> does it.
/// </summary>
public static class Http2ThreadReserve
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Makes the pool's threads, and that of its timers, now, and bounds the pool by them. They end when they were idle for long, unless the
    /// process is set to keep them (<c>System.Threading.ThreadPool.ThreadsToKeepAlive</c> is -1). Any thread; blocks for some milliseconds.
    /// </summary>
    /// <param name="poolThreads">How many threads the pool has from now on, at least as many as there are cores.</param>
    /// <returns>Whether all could be made; else the pool is left as it was.</returns>
    public static bool Make(int poolThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(poolThreads, 1);
        poolThreads = Math.Max(poolThreads, Environment.ProcessorCount);
        ThreadPool.GetMinThreads(out var least, out var leastCompletions);
        ThreadPool.GetMaxThreads(out _, out var mostCompletions);
        if (!ThreadPool.SetMinThreads(poolThreads, leastCompletions))
            return false;
        using var all = new CountdownEvent(poolThreads);
        using var goOn = new ManualResetEventSlim();
        var made = true;
        try
        {
            // Each holds its thread until all are there, so each has its own.
            for (var i = 0; i < poolThreads; i++)
                ThreadPool.UnsafeQueueUserWorkItem(_ => Hold(all, goOn), null);
            // The first timer that is set starts the thread of all.
            using var timer = new Timer(static _ => { }, null, dueTime: 1, Timeout.Infinite);
            made = all.Wait(Patience);
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            made = false;
        }
        finally
        {
            goOn.Set();
            ThreadPool.SetMinThreads(least, leastCompletions);
        }
        if (!made)
            return false;
        // First few, so that no more than that work at a time unless they are held up; then as many as there are.
        return ThreadPool.SetMaxThreads(Math.Max(least, Environment.ProcessorCount), mostCompletions)
            && ThreadPool.SetMaxThreads(poolThreads, mostCompletions);
    }

    private static void Hold(CountdownEvent all, ManualResetEventSlim goOn)
    {
        try
        {
            all.Signal();
            goOn.Wait(Patience);
        }
        catch (Exception late) when (late is ObjectDisposedException or InvalidOperationException)
        {
            // Whoever asked for this has gone on without it.
        }
    }
}
