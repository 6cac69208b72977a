namespace Http2.Pure;

/// <summary>The bounds that a receiver sets to single frames.</summary>
/// <param name="MaxFrameSize">The largest payload in octets, the SETTINGS_MAX_FRAME_SIZE of the receiver: 16,384 to 16,777,215 (RFC 9113 §4.2).</param>
/// <param name="MaxSettingsEntries">How many entries one SETTINGS frame may have.</param>
public readonly record struct FrameLimits(int MaxFrameSize, int MaxSettingsEntries)
{
    /// <summary>The limits at the start of every connection: 16,384 octets, and 32 entries.</summary>
    public static FrameLimits Default => new(WireConstants.SmallestMaxFrameSize, 32);

    /// <summary>The limits that <paramref name="options"/> states.</summary>
    /// <param name="options">The options of this end.</param>
    public static FrameLimits Of(ConnectionOptions options) => new(options.MaxFrameSize, options.MaxSettingsEntries);
}
