namespace Http2.Shell;

/// <summary>
/// What a server holds at one moment. All are 0 when no connection is open, whatever clients have done before; so a leak shows.
/// </summary>
/// <param name="Connections">Connections, those included that are still shaking hands.</param>
/// <param name="Streams">Streams that are not closed yet. Read while connections run, so it may lag behind by a moment.</param>
/// <param name="Handlers">Handlers, and sources of bodies, whose answer is awaited.</param>
/// <param name="Buffers">Pooled buffers of connections and bodies.</param>
/// <param name="Timers">Timers of connections.</param>
/// <param name="UnreadOctets">
/// Octets of request bodies that came and that their handlers have not taken. Read while connections run, so it may lag behind by a moment.
/// </param>
/// <param name="HeldThreads">
/// Threads of the event loops that have been at one thing for so long that others serve in their place: handlers block or compute there.
/// </param>
/// <param name="Memory">Octets of memory that connections hold, as <see cref="Http2ServerOptions.MaxMemory"/> counts them.</param>
public readonly record struct Http2ServerLoad(
    int Connections, int Streams, int Handlers, int Buffers, int Timers, long UnreadOctets, int HeldThreads, long Memory);
