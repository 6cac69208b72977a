namespace Http2.Shell;

/// <summary>Which threads serve connections and run handlers. Either way a handler may block without delaying other connections.</summary>
public enum Http2Scheduling
{
    /// <summary>
    /// Threads of the server's own, one for each core, that wait for sockets and run what they find to the end; a thread that a handler
    /// blocks is replaced by another within milliseconds. Linux only; elsewhere the same as <see cref="ThreadPool"/>.
    /// </summary>
    EventLoops,

    /// <summary>The thread pool that the process shares. Costs more for small requests.</summary>
    ThreadPool,
}
