namespace Http2.Shell;

/// <summary>
/// What a server holds at one moment. All numbers are 0 when no connection is open, whatever clients have done before, so that a leak shows.
/// </summary>
/// <param name="Connections">Connections, those included that are still shaking hands.</param>
/// <param name="Streams">Streams that are not closed yet. The number is read while connections run, so it may be a moment old.</param>
/// <param name="Handlers">Handlers and sources of response bodies that are at work.</param>
/// <param name="Buffers">Pooled buffers of connections and bodies.</param>
/// <param name="Timers">Timers of connections.</param>
/// <param name="UnreadOctets">
/// Octets of request bodies that were received and that handlers have not read. The number is read while connections run, so it may be a
/// moment old.
/// </param>
/// <param name="HeldThreads">
/// Threads of the event loops that handlers have blocked or kept busy for so long that other threads serve in their place.
/// </param>
/// <param name="Memory">Octets of memory that connections hold, as <see cref="Http2ServerOptions.MaxMemory"/> counts them.</param>
public readonly record struct Http2ServerLoad(
    int Connections, int Streams, int Handlers, int Buffers, int Timers, long UnreadOctets, int HeldThreads, long Memory);
