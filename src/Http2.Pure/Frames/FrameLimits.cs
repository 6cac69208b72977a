namespace Http2.Pure;

/// <summary>What a receiver of frames bounds.</summary>
/// <param name="MaxFrameSize">The largest payload in octets: our SETTINGS_MAX_FRAME_SIZE, 16,384 to 16,777,215 (RFC 9113 §4.2).</param>
/// <param name="MaxSettingsEntries">The entries taken in one SETTINGS frame.</param>
public readonly record struct FrameLimits(int MaxFrameSize, int MaxSettingsEntries)
{
    /// <summary>The limits at the start of every connection: 16,384 octets, and 32 entries.</summary>
    public static FrameLimits Default => new(16384, 32);

    /// <summary>The limits that <paramref name="options"/> states.</summary>
    /// <param name="options">The options of this end.</param>
    public static FrameLimits Of(ConnectionOptions options) => new(options.MaxFrameSize, options.MaxSettingsEntries);
}
