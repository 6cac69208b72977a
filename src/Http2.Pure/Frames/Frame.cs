using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// A frame as a value: a closed union over the types. Immutable, thread-safe, equal by content. Whether PADDED and PRIORITY are set follows
/// from the payload; the other flags are as they came.
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
    public FrameFlags Flags => _flags | Content.Flags;

    /// <summary>The stream; 0 is the connection.</summary>
    public StreamId StreamId { get; }

    /// <summary>The payload, as what the payloads of all types have in common.</summary>
    internal abstract IFramePayload Content { get; }

    /// <summary>Reads the payload of a frame.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload; the frame keeps slices of it.</param>
    /// <param name="limits">What this end takes; the length was judged before.</param>
    /// <param name="frame">The frame; only meaningful when nothing is wrong.</param>
    /// <returns>What is wrong, or null.</returns>
    internal static Fault? Parse(in FrameHeader header, Octets payload, FrameLimits limits, out Frame frame)
    {
        var (id, flags, octets) = (header.StreamId, header.Flags, payload.Memory);
        Fault? fault;
        (fault, frame) = header.Type switch
        {
            FrameType.Data => (DataFrame.Parse(header, octets, out var read), (Frame)new Data(id, flags, read)),
            FrameType.Headers => (HeadersFrame.Parse(header, octets, out var read), new Headers(id, flags, read)),
            FrameType.Priority => (PriorityFrame.Parse(header, octets, out var read), new Priority(id, flags, read)),
            FrameType.RstStream => (RstStreamFrame.Parse(header, octets, out var read), new RstStream(id, flags, read)),
            FrameType.Settings =>
                (SettingsFrame.Parse(header, octets, limits.MaxSettingsEntries, out var read), new Settings(flags, read)),
            FrameType.PushPromise => (PushPromiseFrame.Parse(header, octets, out var read), new PushPromise(id, flags, read)),
            FrameType.Ping => (PingFrame.Parse(header, octets, out var read), new Ping(flags, read)),
            FrameType.GoAway => (GoAwayFrame.Parse(header, octets, out var read), new GoAway(flags, read)),
            FrameType.WindowUpdate => (WindowUpdateFrame.Parse(header, octets, out var read), new WindowUpdate(id, flags, read)),
            FrameType.Continuation => (ContinuationFrame.Parse(header, octets, out var read), new Continuation(id, flags, read)),
            FrameType.AltSvc => (AltSvcFrame.Parse(header, octets, out var read), new AltSvc(id, flags, read)),
            FrameType.Origin => (OriginFrame.Parse(header, octets, out var read), new Origin(id, flags, read)),
            FrameType.PriorityUpdate => (PriorityUpdateFrame.Parse(header, octets, out var read), new PriorityUpdate(flags, read)),
            _ => (null, new Unknown(header.Type, id, flags, new UnknownPayload(payload))),
        };
        return fault;
    }

    /// <summary>DATA (RFC 9113 §6.1).</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">Of the flags END_STREAM has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Data(StreamId StreamId, FrameFlags Flags, DataPayload Payload)
        : Frame(FrameType.Data, Flags & ~FrameFlags.Padded, StreamId)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>HEADERS (RFC 9113 §6.2).</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">Of the flags END_STREAM and END_HEADERS have a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Headers(StreamId StreamId, FrameFlags Flags, HeadersPayload Payload)
        : Frame(FrameType.Headers, Flags & ~(FrameFlags.Padded | FrameFlags.Priority), StreamId)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>PRIORITY (RFC 9113 §6.3).</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">No flag has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Priority(StreamId StreamId, FrameFlags Flags, PriorityPayload Payload)
        : Frame(FrameType.Priority, Flags, StreamId)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>RST_STREAM (RFC 9113 §6.4).</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">No flag has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record RstStream(StreamId StreamId, FrameFlags Flags, RstStreamPayload Payload)
        : Frame(FrameType.RstStream, Flags, StreamId)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>SETTINGS (RFC 9113 §6.5), on stream 0.</summary>
    /// <param name="Flags">Of the flags ACK has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Settings(FrameFlags Flags, SettingsPayload Payload) : Frame(FrameType.Settings, Flags, StreamId.Connection)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>PUSH_PROMISE (RFC 9113 §6.6).</summary>
    /// <param name="StreamId">The stream whose request the promise belongs to.</param>
    /// <param name="Flags">Of the flags END_HEADERS has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record PushPromise(StreamId StreamId, FrameFlags Flags, PushPromisePayload Payload)
        : Frame(FrameType.PushPromise, Flags & ~FrameFlags.Padded, StreamId)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>PING (RFC 9113 §6.7), on stream 0.</summary>
    /// <param name="Flags">Of the flags ACK has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Ping(FrameFlags Flags, PingPayload Payload) : Frame(FrameType.Ping, Flags, StreamId.Connection)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>GOAWAY (RFC 9113 §6.8), on stream 0.</summary>
    /// <param name="Flags">No flag has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record GoAway(FrameFlags Flags, GoAwayPayload Payload) : Frame(FrameType.GoAway, Flags, StreamId.Connection)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>WINDOW_UPDATE (RFC 9113 §6.9).</summary>
    /// <param name="StreamId">The stream; 0 for the connection's window.</param>
    /// <param name="Flags">No flag has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record WindowUpdate(StreamId StreamId, FrameFlags Flags, WindowUpdatePayload Payload)
        : Frame(FrameType.WindowUpdate, Flags, StreamId)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>CONTINUATION (RFC 9113 §6.10).</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">Of the flags END_HEADERS has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Continuation(StreamId StreamId, FrameFlags Flags, ContinuationPayload Payload)
        : Frame(FrameType.Continuation, Flags, StreamId)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>ALTSVC (RFC 7838 §4).</summary>
    /// <param name="StreamId">The stream, or 0 with an origin.</param>
    /// <param name="Flags">No flag has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record AltSvc(StreamId StreamId, FrameFlags Flags, AltSvcPayload Payload) : Frame(FrameType.AltSvc, Flags, StreamId)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>ORIGIN (RFC 8336 §2).</summary>
    /// <param name="StreamId">0; on another stream it means nothing.</param>
    /// <param name="Flags">No flag has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Origin(StreamId StreamId, FrameFlags Flags, OriginPayload Payload) : Frame(FrameType.Origin, Flags, StreamId)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>PRIORITY_UPDATE (RFC 9218 §7.1), on stream 0.</summary>
    /// <param name="Flags">No flag has a meaning.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record PriorityUpdate(FrameFlags Flags, PriorityUpdatePayload Payload)
        : Frame(FrameType.PriorityUpdate, Flags, StreamId.Connection)
    {
        internal override IFramePayload Content => Payload;
    }

    /// <summary>A frame of a type that this library does not know; a receiver ignores it (RFC 9113 §5.5).</summary>
    /// <param name="Type">The type.</param>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Flags">The flags.</param>
    /// <param name="Payload">The payload.</param>
    public sealed record Unknown(FrameType Type, StreamId StreamId, FrameFlags Flags, UnknownPayload Payload)
        : Frame(Type, Flags, StreamId)
    {
        internal override IFramePayload Content => Payload;
    }
}
