using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// A frame as a value: a closed union over the types. Immutable, thread-safe, equal by content. What PADDED and PRIORITY say follows the
/// payload; the other flags are as they came.
/// </summary>
public abstract record Frame
{
    private readonly FrameFlags _flags;

    private Frame(FrameType type, FrameFlags flags, StreamId streamId)
    {
        Type = type;
        _flags = flags;
        StreamId = streamId;
    }

    /// <summary>What the frame is for.</summary>
    public FrameType Type { get; }

    /// <summary>All eight flag bits.</summary>
    public FrameFlags Flags => _flags | ByPayload;

    /// <summary>The stream; 0 is the connection.</summary>
    public StreamId StreamId { get; }

    // Asked for, not kept: a payload may be exchanged with `with`.
    private protected virtual FrameFlags ByPayload => FrameFlags.None;

    /// <summary>DATA (RFC 9113 §6.1).</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">END_STREAM counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Data(StreamId StreamId, FrameFlags Flags, DataPayload Payload)
        : Frame(FrameType.Data, Flags & ~FrameFlags.Padded, StreamId)
    {
        private protected override FrameFlags ByPayload => Padded(Payload.Padding);
    }

    /// <summary>HEADERS (RFC 9113 §6.2).</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">END_STREAM and END_HEADERS count.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Headers(StreamId StreamId, FrameFlags Flags, HeadersPayload Payload)
        : Frame(FrameType.Headers, Flags & ~(FrameFlags.Padded | FrameFlags.Priority), StreamId)
    {
        private protected override FrameFlags ByPayload =>
            Padded(Payload.Padding) | (Payload.Priority.HasValue ? FrameFlags.Priority : FrameFlags.None);
    }

    /// <summary>PRIORITY (RFC 9113 §6.3).</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">None counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Priority(StreamId StreamId, FrameFlags Flags, PriorityPayload Payload)
        : Frame(FrameType.Priority, Flags, StreamId);

    /// <summary>RST_STREAM (RFC 9113 §6.4).</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">None counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record RstStream(StreamId StreamId, FrameFlags Flags, RstStreamPayload Payload)
        : Frame(FrameType.RstStream, Flags, StreamId);

    /// <summary>SETTINGS (RFC 9113 §6.5), on stream 0.</summary>
    /// <param name="Flags">ACK counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Settings(FrameFlags Flags, SettingsPayload Payload) : Frame(FrameType.Settings, Flags, StreamId.Connection);

    /// <summary>PUSH_PROMISE (RFC 9113 §6.6).</summary>
    /// <param name="StreamId">The stream whose request the promise belongs to.</param>
    /// <param name="Flags">END_HEADERS counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record PushPromise(StreamId StreamId, FrameFlags Flags, PushPromisePayload Payload)
        : Frame(FrameType.PushPromise, Flags & ~FrameFlags.Padded, StreamId)
    {
        private protected override FrameFlags ByPayload => Padded(Payload.Padding);
    }

    /// <summary>PING (RFC 9113 §6.7), on stream 0.</summary>
    /// <param name="Flags">ACK counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Ping(FrameFlags Flags, PingPayload Payload) : Frame(FrameType.Ping, Flags, StreamId.Connection);

    /// <summary>GOAWAY (RFC 9113 §6.8), on stream 0.</summary>
    /// <param name="Flags">None counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record GoAway(FrameFlags Flags, GoAwayPayload Payload) : Frame(FrameType.GoAway, Flags, StreamId.Connection);

    /// <summary>WINDOW_UPDATE (RFC 9113 §6.9).</summary>
    /// <param name="StreamId">The stream; 0 for the connection's window.</param>
    /// <param name="Flags">None counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record WindowUpdate(StreamId StreamId, FrameFlags Flags, WindowUpdatePayload Payload)
        : Frame(FrameType.WindowUpdate, Flags, StreamId);

    /// <summary>CONTINUATION (RFC 9113 §6.10).</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">END_HEADERS counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Continuation(StreamId StreamId, FrameFlags Flags, ContinuationPayload Payload)
        : Frame(FrameType.Continuation, Flags, StreamId);

    /// <summary>ALTSVC (RFC 7838 §4).</summary>
    /// <param name="StreamId">The stream, or 0 with an origin.</param>
    /// <param name="Flags">None counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record AltSvc(StreamId StreamId, FrameFlags Flags, AltSvcPayload Payload) : Frame(FrameType.AltSvc, Flags, StreamId);

    /// <summary>ORIGIN (RFC 8336 §2).</summary>
    /// <param name="StreamId">0; on another stream it means nothing.</param>
    /// <param name="Flags">None counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Origin(StreamId StreamId, FrameFlags Flags, OriginPayload Payload) : Frame(FrameType.Origin, Flags, StreamId);

    /// <summary>PRIORITY_UPDATE (RFC 9218 §7.1), on stream 0.</summary>
    /// <param name="Flags">None counts.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record PriorityUpdate(FrameFlags Flags, PriorityUpdatePayload Payload)
        : Frame(FrameType.PriorityUpdate, Flags, StreamId.Connection);

    /// <summary>A frame of a type that this library does not know; a receiver ignores it (RFC 9113 §5.5).</summary>
    /// <param name="Type">The type.</param>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">The flags.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Unknown(FrameType Type, StreamId StreamId, FrameFlags Flags, UnknownPayload Payload)
        : Frame(Type, Flags, StreamId);

    private static FrameFlags Padded(Octets? padding) => padding.HasValue ? FrameFlags.Padded : FrameFlags.None;
}
