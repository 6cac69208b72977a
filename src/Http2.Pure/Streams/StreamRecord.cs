using Hpack.Pure;

namespace Http2.Pure;

/// <summary>What is known of a stream beyond its state.</summary>
[Flags]
internal enum StreamFlags : ushort
{
    None = 0,

    /// <summary>The application was told of the stream, or opened it: it is owed exactly one StreamClosed.</summary>
    Known = 1,

    /// <summary>The request's method is HEAD: the response has no body (RFC 9110 §9.3.2).</summary>
    Head = 2,

    /// <summary>The request's method is CONNECT: the stream is a tunnel (RFC 9113 §8.5).</summary>
    Connect = 4,

    /// <summary>The head of the final response went out (server) or came (client).</summary>
    Responded = 8,

    /// <summary>The response has no body, whatever it declares: HEAD, 204, 304 (RFC 9110 §6.4.1).</summary>
    Bodiless = 16,

    /// <summary>END_STREAM follows what is queued.</summary>
    EndQueued = 32,

    /// <summary>The stream closed abnormally, and the application may still work on it: it waits to be retired.</summary>
    Lingering = 64,
}

/// <summary>
/// One live stream: an immutable value. Windows are kept as differences to the initial window in force, so that a change of
/// SETTINGS_INITIAL_WINDOW_SIZE touches no stream (RFC 9113 §6.9.2).
/// </summary>
internal sealed record StreamRecord(StreamId Id, StreamState State, StreamFlags Flags)
{
    /// <summary>When the peer opened the stream, by the clock that is passed in; 0 for a stream of this end.</summary>
    public long OpenedAt { get; init; }

    /// <summary>Our send window less the peer's initial window.</summary>
    public Window SendOffset { get; init; }

    /// <summary>The peer's send window less our initial window.</summary>
    public Window ReceiveOffset { get; init; }

    /// <summary>Octets of data that were delivered and that the application has not consumed yet.</summary>
    public long Unconsumed { get; init; }

    /// <summary>Octets consumed whose credit was not announced to the peer yet.</summary>
    public long Owed { get; init; }

    /// <summary>What the peer's content-length still promises, or -1 when it declared none.</summary>
    public long ReceiveLeft { get; init; } = -1;

    /// <summary>What our content-length still promises, or -1 when we declared none. Queued octets count as sent.</summary>
    public long SendLeft { get; init; } = -1;

    /// <summary>The body that waits for the window.</summary>
    public OutboundQueue Outbound { get; init; } = OutboundQueue.Empty;

    /// <summary>Trailers that follow the queue, or null.</summary>
    public Sequence<HeaderField>? Trailers { get; init; }

    /// <summary>Whether anything waits to be sent: octets, trailers, or the bare end of the stream.</summary>
    public bool HasOutbound => !State.IsClosed() && (!Outbound.IsEmpty || Has(StreamFlags.EndQueued));

    public bool Has(StreamFlags flag) => (Flags & flag) != 0;
}
