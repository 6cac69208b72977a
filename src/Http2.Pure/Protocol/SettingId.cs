namespace Http2.Pure;

/// <summary>The identifier of a setting (RFC 9113 §6.5.2, RFC 8441 §3, RFC 9218 §2.1). A value that has no name here is kept as it came.</summary>
public enum SettingId : ushort
{
    /// <summary>SETTINGS_HEADER_TABLE_SIZE: the largest HPACK table the sender's decoder will use, in octets; 4,096 at the start.</summary>
    HeaderTableSize = 0x1,

    /// <summary>SETTINGS_ENABLE_PUSH: whether the sender takes pushes, 0 or 1; 1 at the start.</summary>
    EnablePush = 0x2,

    /// <summary>SETTINGS_MAX_CONCURRENT_STREAMS: how many streams the receiver may have open; no limit at the start.</summary>
    MaxConcurrentStreams = 0x3,

    /// <summary>SETTINGS_INITIAL_WINDOW_SIZE: the window of a new stream, 0 to 2^31-1; 65,535 at the start.</summary>
    InitialWindowSize = 0x4,

    /// <summary>SETTINGS_MAX_FRAME_SIZE: the largest payload the sender takes, 16,384 to 16,777,215; 16,384 at the start.</summary>
    MaxFrameSize = 0x5,

    /// <summary>SETTINGS_MAX_HEADER_LIST_SIZE: the largest field section the sender takes, advisory; no limit at the start.</summary>
    MaxHeaderListSize = 0x6,

    /// <summary>SETTINGS_ENABLE_CONNECT_PROTOCOL: whether extended CONNECT may be used, 0 or 1; 0 at the start (RFC 8441 §3).</summary>
    EnableConnectProtocol = 0x8,

    /// <summary>SETTINGS_NO_RFC7540_PRIORITIES: whether the sender ignores the priority scheme of RFC 7540, 0 or 1 (RFC 9218 §2.1).</summary>
    NoRfc7540Priorities = 0x9,
}

/// <summary>One entry of a SETTINGS frame (RFC 9113 §6.5.1).</summary>
/// <param name="Id">Which setting.</param>
/// <param name="Value">Its value, 0 to 2^32-1.</param>
public readonly record struct Setting(SettingId Id, uint Value)
{
    /// <summary>The entry in one line, for example <c>MaxFrameSize = 16384</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Id} = {Value}");
}
