namespace Http2.Shell;

/// <summary>
/// Decides on which thread a connection's owner runs when something other than its own transport wakes it. Most of the cost of a small request
/// depends on that, and on the thread on which transports complete; so there are several of these to choose from.
/// </summary>
internal abstract class ConnectionScheduler
{
    /// <summary>The thread pool: user code that blocks holds one of its threads, and no connection.</summary>
    public static ConnectionScheduler ThreadPool { get; } = new PoolScheduler();

    /// <summary>Has <paramref name="connection"/> executed soon, on a thread that may block.</summary>
    public abstract void Schedule(IThreadPoolWorkItem connection);

    /// <summary>Has the rest of a run executed later that has lasted as long as a run may. Called on the thread of that run.</summary>
    public virtual void ScheduleRest(IThreadPoolWorkItem connection) => Schedule(connection);

    /// <summary>
    /// Has <paramref name="connection"/> executed soon, which was taken away from a thread that user code of it holds, and may hold the next one
    /// as long. Any thread.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="computes">Whether that code computes; else it waits.</param>
    public virtual void ScheduleLong(IThreadPoolWorkItem connection, bool computes) => Schedule(connection);

    /// <summary>
    /// Has the thread that has just become a connection's owner looked after while it is in user code. Called behind a full fence: either the
    /// watch sees the owner in the last look before it sleeps, or this sees the watch asleep.
    /// </summary>
    public virtual void KeepWatched() => OwnerWatch.KeepAwake();

    private sealed class PoolScheduler : ConnectionScheduler
    {
        public override void Schedule(IThreadPoolWorkItem connection) =>
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(connection, preferLocal: false);
    }
}
