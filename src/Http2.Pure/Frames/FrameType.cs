namespace Http2.Pure;

/// <summary>
/// What a frame is for (RFC 9113 §6 and the extensions registered since). Values that are not named here are kept as they came.
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

    /// <summary>PING: measures the round trip (RFC 9113 §6.7).</summary>
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
