using Http2.Pure;

namespace Http2.Shell;

/// <summary>What one connection keeps to, whichever role it has. Times are in milliseconds.</summary>
internal sealed record EngineLimits
{
    /// <summary>What the core keeps to.</summary>
    public required ConnectionOptions Connection { get; init; }

    /// <summary>How fast a body must come that is waited for; a rate of 0 asks for nothing.</summary>
    public required PaceLimit IncomingPace { get; init; }

    /// <summary>How fast a body must be taken; a rate of 0 asks for nothing.</summary>
    public required PaceLimit OutgoingPace { get; init; }

    /// <summary>How long nothing of what is sent may move.</summary>
    public required SendTimeouts Send { get; init; }

    /// <summary>Octets of output that the transport has not taken, beyond which nothing is read.</summary>
    public required int MaxUnsentPerConnection { get; init; }

    /// <summary>Octets of a body that are kept ready for a stream.</summary>
    public required int MaxUnsentPerStream { get; init; }

    /// <summary>How many octets of bodies are kept ready for all streams of a connection.</summary>
    public required int MaxBodyBuffersPerConnection { get; init; }

    /// <summary>Octets of a body that its reader may have looked at without taking them.</summary>
    public required int MaxExaminedPerRequest { get; init; }

    /// <summary>How many octets the readers of all bodies of a connection may look at without taking them.</summary>
    public required int MaxExaminedPerConnection { get; init; }

    /// <summary>Octets of the rest of a body that nobody reads, before its stream is reset.</summary>
    public required int MaxUnreadBody { get; init; }

    /// <summary>The time for that rest.</summary>
    public required long UnreadBodyTimeout { get; init; }

    /// <summary>How long nothing may be sent to a peer that has ended its side.</summary>
    public required long HalfClosedTimeout { get; init; }

    /// <summary>How long what comes is read behind the last octets.</summary>
    public required long LingerTimeout { get; init; }

    /// <summary>Who sees what is received and sent, or null.</summary>
    public required Http2FrameTap? FrameTap { get; init; }
}
