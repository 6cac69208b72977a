namespace Http2.Pure;

/// <summary>
/// The numbers and octets that RFC 9113 fixes and that more than one part of the library needs. Sizes and windows are in octets.
/// </summary>
public static class WireConstants
{
    /// <summary>The connection preface: the 24 octets that a client sends before its first frame (RFC 9113 §3.4).</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>
    /// The flow-control window of a connection at its start, 65,535, and the first value of SETTINGS_INITIAL_WINDOW_SIZE
    /// (RFC 9113 §6.9.2).
    /// </summary>
    public const int InitialWindow = 65535;

    /// <summary>The largest flow-control window, 2^31-1 (RFC 9113 §6.9.1).</summary>
    public const int MaxWindow = int.MaxValue;

    /// <summary>The smallest value of SETTINGS_MAX_FRAME_SIZE, 16,384, which is also its first value (RFC 9113 §6.5.2).</summary>
    public const int SmallestMaxFrameSize = 16384;

    /// <summary>The largest value of SETTINGS_MAX_FRAME_SIZE, 2^24-1: no frame header can state a longer payload (RFC 9113 §6.5.2).</summary>
    public const int LargestMaxFrameSize = 0xffffff;

    /// <summary>The first value of SETTINGS_HEADER_TABLE_SIZE, 4,096 (RFC 9113 §6.5.2).</summary>
    public const int InitialHeaderTableSize = 4096;

    /// <summary>The largest stream identifier, 2^31-1 (RFC 9113 §5.1.1).</summary>
    public const uint MaxStreamId = 0x7fffffff;
}
