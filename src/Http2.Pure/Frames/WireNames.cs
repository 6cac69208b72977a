using System.Globalization;

namespace Http2.Pure;

/// <summary>The names that the RFCs give to frame types, error codes and settings. Pure, thread-safe.</summary>
public static class WireNames
{
    /// <summary>The name of a frame type, for example <c>RST_STREAM</c>; of an unknown type its number, for example <c>0xfe</c>.</summary>
    /// <param name="type">The type.</param>
    public static string Of(FrameType type) => FrameTypes.NameOf(type) ?? Hex((byte)type, 2);

    /// <summary>The name of an error code, for example <c>PROTOCOL_ERROR</c>; <c>UNKNOWN</c> for a code without a name.</summary>
    /// <param name="code">The code.</param>
    public static string Of(ErrorCode code) => code switch
    {
        ErrorCode.NoError => "NO_ERROR",
        ErrorCode.ProtocolError => "PROTOCOL_ERROR",
        ErrorCode.InternalError => "INTERNAL_ERROR",
        ErrorCode.FlowControlError => "FLOW_CONTROL_ERROR",
        ErrorCode.SettingsTimeout => "SETTINGS_TIMEOUT",
        ErrorCode.StreamClosed => "STREAM_CLOSED",
        ErrorCode.FrameSizeError => "FRAME_SIZE_ERROR",
        ErrorCode.RefusedStream => "REFUSED_STREAM",
        ErrorCode.Cancel => "CANCEL",
        ErrorCode.CompressionError => "COMPRESSION_ERROR",
        ErrorCode.ConnectError => "CONNECT_ERROR",
        ErrorCode.EnhanceYourCalm => "ENHANCE_YOUR_CALM",
        ErrorCode.InadequateSecurity => "INADEQUATE_SECURITY",
        ErrorCode.Http11Required => "HTTP_1_1_REQUIRED",
        _ => "UNKNOWN",
    };

    /// <summary>The name of a setting, for example <c>SETTINGS_ENABLE_PUSH</c>; <c>UNKNOWN</c> for a setting without a name.</summary>
    /// <param name="id">The setting.</param>
    public static string Of(SettingId id) => id switch
    {
        SettingId.HeaderTableSize => "SETTINGS_HEADER_TABLE_SIZE",
        SettingId.EnablePush => "SETTINGS_ENABLE_PUSH",
        SettingId.MaxConcurrentStreams => "SETTINGS_MAX_CONCURRENT_STREAMS",
        SettingId.InitialWindowSize => "SETTINGS_INITIAL_WINDOW_SIZE",
        SettingId.MaxFrameSize => "SETTINGS_MAX_FRAME_SIZE",
        SettingId.MaxHeaderListSize => "SETTINGS_MAX_HEADER_LIST_SIZE",
        SettingId.EnableConnectProtocol => "SETTINGS_ENABLE_CONNECT_PROTOCOL",
        SettingId.NoRfc7540Priorities => "SETTINGS_NO_RFC7540_PRIORITIES",
        _ => "UNKNOWN",
    };

    internal static string WithNumber(ErrorCode code) => $"{Of(code)}({Hex((uint)code, 2)})";

    internal static string Hex(uint value, int digits) => "0x" + value.ToString("x" + digits, CultureInfo.InvariantCulture);
}
