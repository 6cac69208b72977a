namespace Http2.Pure;

/// <summary>The rules about the values of settings.</summary>
internal static class SettingRules
{
    public static readonly Rule EnablePush = Rule.Http2("6.5.2", "SETTINGS_ENABLE_PUSH is 0 or 1");
    public static readonly Rule EnablePushFromServer =
        Rule.Http2("6.5.2", "a server sends SETTINGS_ENABLE_PUSH with the value 0 or not at all");
    public static readonly Rule InitialWindowSize = Rule.Http2("6.5.2", "SETTINGS_INITIAL_WINDOW_SIZE is at most 2^31-1");
    public static readonly Rule MaxFrameSize = Rule.Http2("6.5.2", "SETTINGS_MAX_FRAME_SIZE lies between 2^14 and 2^24-1");
    public static readonly Rule EnableConnectProtocol = new("RFC 8441", "3", "SETTINGS_ENABLE_CONNECT_PROTOCOL is 0 or 1");
    public static readonly Rule NoRfc7540Priorities = new("RFC 9218", "2.1", "SETTINGS_NO_RFC7540_PRIORITIES is 0 or 1");

    /// <summary>The fault of a setting whose value no end may send, or null. Unknown settings have none (RFC 9113 §6.5.2).</summary>
    public static Fault? Judge(Setting setting) => setting.Id switch
    {
        SettingId.EnablePush when setting.Value > 1 => Error(EnablePush),
        // A window above 2^31-1 has an error code of its own.
        SettingId.InitialWindowSize when setting.Value > WireConstants.MaxWindow => new Fault.OfConnection(ErrorCode.FlowControlError, InitialWindowSize),
        SettingId.MaxFrameSize when setting.Value is < WireConstants.SmallestMaxFrameSize or > WireConstants.LargestMaxFrameSize => Error(MaxFrameSize),
        SettingId.EnableConnectProtocol when setting.Value > 1 => Error(EnableConnectProtocol),
        SettingId.NoRfc7540Priorities when setting.Value > 1 => Error(NoRfc7540Priorities),
        _ => null,
    };

    /// <summary>
    /// The fault of a setting that this sender may not send with this value, or null; what <see cref="Judge(Setting)"/> finds included.
    /// </summary>
    public static Fault? Judge(Setting setting, Role sender) =>
        // Only clients take pushes, so a server has nothing to allow.
        setting is { Id: SettingId.EnablePush, Value: 1 } && sender == Role.Server ? Error(EnablePushFromServer) : Judge(setting);

    private static Fault Error(Rule rule) => new Fault.OfConnection(ErrorCode.ProtocolError, rule);
}
