namespace Http2.Pure;

/// <summary>The settings of one end that are in force; at the start the values of RFC 9113 §6.5.2. Immutable, equal by content.</summary>
internal sealed record SettingsInForce
{
    /// <summary>What holds before any SETTINGS frame.</summary>
    public static SettingsInForce Initial { get; } = new();

    public uint HeaderTableSize { get; init; } = WireConstants.InitialHeaderTableSize;

    public bool EnablePush { get; init; } = true;

    public uint MaxConcurrentStreams { get; init; } = uint.MaxValue;

    public uint InitialWindow { get; init; } = WireConstants.InitialWindow;

    public int MaxFrameSize { get; init; } = WireConstants.SmallestMaxFrameSize;

    public uint MaxHeaderListSize { get; init; } = uint.MaxValue;

    public bool EnableConnectProtocol { get; init; }

    public bool NoRfc7540Priorities { get; init; }

    /// <summary>
    /// The settings after <paramref name="setting"/>, whose value was judged before; an unknown one changes nothing (RFC 9113 §6.5.2).
    /// </summary>
    public SettingsInForce With(Setting setting) => setting.Id switch
    {
        SettingId.HeaderTableSize => this with { HeaderTableSize = setting.Value },
        SettingId.EnablePush => this with { EnablePush = setting.Value == 1 },
        SettingId.MaxConcurrentStreams => this with { MaxConcurrentStreams = setting.Value },
        SettingId.InitialWindowSize => this with { InitialWindow = setting.Value },
        SettingId.MaxFrameSize => this with { MaxFrameSize = (int)setting.Value },
        SettingId.MaxHeaderListSize => this with { MaxHeaderListSize = setting.Value },
        SettingId.EnableConnectProtocol => this with { EnableConnectProtocol = setting.Value == 1 },
        SettingId.NoRfc7540Priorities => this with { NoRfc7540Priorities = setting.Value == 1 },
        _ => this,
    };

    /// <summary>The settings after all of <paramref name="settings"/>, in order.</summary>
    public SettingsInForce With(ReadOnlySpan<Setting> settings)
    {
        var result = this;
        foreach (var setting in settings)
            result = result.With(setting);
        return result;
    }
}
