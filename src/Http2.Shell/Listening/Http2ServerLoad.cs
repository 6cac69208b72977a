namespace Http2.Shell;

/// <summary>
/// What a server holds at one moment. All numbers are 0 when no connection is open, whatever clients have done before, so that a leak shows.
/// </summary>
public readonly record struct Http2ServerLoad
{
    /// <summary>Connections, those included that are still shaking hands.</summary>
    public int Connections { get; init; }

    /// <summary>Streams that are not closed yet. The number is read while connections run, so it may be a moment old.</summary>
    public int Streams { get; init; }

    /// <summary>Handlers and sources of response bodies that are at work.</summary>
    public int Handlers { get; init; }

    /// <summary>Pooled buffers of connections and bodies.</summary>
    public int Buffers { get; init; }

    /// <summary>Timers of connections.</summary>
    public int Timers { get; init; }

    /// <summary>
    /// Octets of request bodies that were received and that handlers have not read. The number is read while connections run, so it may be a
    /// moment old.
    /// </summary>
    public long UnreadOctets { get; init; }

    /// <summary>Threads of the event loops that handlers have blocked or kept busy for so long that other threads serve in their place.</summary>
    public int HeldThreads { get; init; }

    /// <summary>Octets of memory that connections hold, as <see cref="Http2ServerOptions.MaxMemory"/> counts them.</summary>
    public long Memory { get; init; }
}
