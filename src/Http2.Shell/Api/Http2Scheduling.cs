namespace Http2.Shell;

/// <summary>Which threads serve connections and run handlers. With either value a handler may block without delaying other connections.</summary>
public enum Http2Scheduling
{
    /// <summary>
    /// Threads of the server itself, one for each core, that wait for sockets and run what they find to its end. A thread that a handler blocks is
    /// replaced by another one within milliseconds. This works on Linux; elsewhere it means <see cref="ThreadPool"/>.
    /// </summary>
    EventLoops,

    /// <summary>The thread pool of the process. Small requests cost more CPU time than with <see cref="EventLoops"/>.</summary>
    ThreadPool,
}
