namespace Http2.Pure;

/// <summary>
/// The flags of a frame. A bit means something only for the types that define it (RFC 9113 §4.1); bits that are not named here are kept as
/// they came. ACK and END_STREAM share a bit.
/// </summary>
[Flags]
public enum FrameFlags : byte
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>END_STREAM, on DATA and HEADERS: the sender's last frame of the stream that carries its message.</summary>
    EndStream = 0x1,

    /// <summary>ACK, on SETTINGS and PING: answers the peer's frame.</summary>
    Ack = 0x1,

    /// <summary>END_HEADERS, on HEADERS, PUSH_PROMISE and CONTINUATION: the field block ends here.</summary>
    EndHeaders = 0x4,

    /// <summary>
    /// PADDED, on DATA, HEADERS and PUSH_PROMISE: the payload begins with the padding's length and ends with the padding.
    /// </summary>
    Padded = 0x8,

    /// <summary>PRIORITY, on HEADERS: five octets of deprecated priority come before the field block.</summary>
    Priority = 0x20,
}
