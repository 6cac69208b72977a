namespace Http2.Pure;

/// <summary>
/// What a frame is for (RFC 9113 §6 and the extensions registered since). A value that has no name here is kept as it came.
/// </summary>
public enum FrameType : byte
{
    /// <summary>DATA: octets of a body (RFC 9113 §6.1).</summary>
    Data = 0x0,

    /// <summary>HEADERS: opens a stream or carries trailers (RFC 9113 §6.2).</summary>
    Headers = 0x1,

    /// <summary>PRIORITY: the deprecated priority of a stream (RFC 9113 §6.3).</summary>
    Priority = 0x2,

    /// <summary>RST_STREAM: ends a stream at once (RFC 9113 §6.4).</summary>
    RstStream = 0x3,

    /// <summary>SETTINGS: parameters of the connection, or their acknowledgement (RFC 9113 §6.5).</summary>
    Settings = 0x4,

    /// <summary>PUSH_PROMISE: announces a stream that the server will open (RFC 9113 §6.6).</summary>
    PushPromise = 0x5,

    /// <summary>PING: measures the round trip, and shows that the peer is there (RFC 9113 §6.7).</summary>
    Ping = 0x6,

    /// <summary>GOAWAY: begins the end of the connection (RFC 9113 §6.8).</summary>
    GoAway = 0x7,

    /// <summary>WINDOW_UPDATE: flow-control credit (RFC 9113 §6.9).</summary>
    WindowUpdate = 0x8,

    /// <summary>CONTINUATION: more of a field block (RFC 9113 §6.10).</summary>
    Continuation = 0x9,

    /// <summary>ALTSVC: where else the origin may be reached (RFC 7838 §4).</summary>
    AltSvc = 0xa,

    /// <summary>ORIGIN: the origins that the connection serves (RFC 8336 §2).</summary>
    Origin = 0xc,

    /// <summary>PRIORITY_UPDATE: the extensible priority of a stream (RFC 9218 §7.1).</summary>
    PriorityUpdate = 0x10,
}

/// <summary>What the RFCs say of each frame type beside its payload: its name, and the names of its flags.</summary>
internal static class FrameTypes
{
    /// <summary>The name of a frame type, for example <c>RST_STREAM</c>; null for a type that has none here.</summary>
    /// <param name="type">The frame type.</param>
    public static string? NameOf(FrameType type) => type switch
    {
        FrameType.Data => "DATA",
        FrameType.Headers => "HEADERS",
        FrameType.Priority => "PRIORITY",
        FrameType.RstStream => "RST_STREAM",
        FrameType.Settings => "SETTINGS",
        FrameType.PushPromise => "PUSH_PROMISE",
        FrameType.Ping => "PING",
        FrameType.GoAway => "GOAWAY",
        FrameType.WindowUpdate => "WINDOW_UPDATE",
        FrameType.Continuation => "CONTINUATION",
        FrameType.AltSvc => "ALTSVC",
        FrameType.Origin => "ORIGIN",
        FrameType.PriorityUpdate => "PRIORITY_UPDATE",
        _ => null,
    };

    /// <summary>The names of the flags that are set and that the frame's type defines, in the order of their bits.</summary>
    /// <param name="header">The header of the frame.</param>
    public static IReadOnlyList<string> FlagNames(FrameHeader header) =>
        [.. FlagsOf(header.Type).Where(flag => header.Has(flag.Bit)).Select(flag => flag.Name)];

    private static (FrameFlags Bit, string Name)[] FlagsOf(FrameType type) => type switch
    {
        FrameType.Data => [(FrameFlags.EndStream, "END_STREAM"), (FrameFlags.Padded, "PADDED")],
        FrameType.Headers =>
        [
            (FrameFlags.EndStream, "END_STREAM"), (FrameFlags.EndHeaders, "END_HEADERS"), (FrameFlags.Padded, "PADDED"),
            (FrameFlags.Priority, "PRIORITY"),
        ],
        FrameType.Settings or FrameType.Ping => [(FrameFlags.Ack, "ACK")],
        FrameType.PushPromise => [(FrameFlags.EndHeaders, "END_HEADERS"), (FrameFlags.Padded, "PADDED")],
        FrameType.Continuation => [(FrameFlags.EndHeaders, "END_HEADERS")],
        _ => [],
    };
}
