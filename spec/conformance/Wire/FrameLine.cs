using System.Globalization;
using System.Text;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Frames in words, in the manner of <c>nghttp -v</c>. Works for frames that no parser would take.</summary>
internal static class FrameLine
{
    /// <summary>One line: for what was expected and what came.</summary>
    public static string Of(in WireFrame frame)
    {
        var code = frame.ErrorCode is { } error ? $", error_code={Name(error)}" : "";
        return $"{Name(frame.Type)} frame <length={frame.Length}, flags=0x{(byte)frame.Flags:x2}, stream_id={frame.StreamId}{code}>";
    }

    /// <summary>One line and, below it, what the frame carries.</summary>
    /// <param name="frame">The frame; its payload may have been cut.</param>
    /// <param name="length">The length that its header has.</param>
    public static IEnumerable<string> Lines(WireFrame frame, int length)
    {
        yield return $"{Name(frame.Type)} frame <length={length}, flags=0x{(byte)frame.Flags:x2}, stream_id={frame.StreamId}>";
        if (Flags(frame) is { Length: > 0 } flags)
            yield return $"; {flags}";
        foreach (var line in Payload(frame, length))
            yield return line;
    }

    public static string Name(WireType type) => type switch
    {
        WireType.Data => "DATA",
        WireType.Headers => "HEADERS",
        WireType.Priority => "PRIORITY",
        WireType.RstStream => "RST_STREAM",
        WireType.Settings => "SETTINGS",
        WireType.PushPromise => "PUSH_PROMISE",
        WireType.Ping => "PING",
        WireType.GoAway => "GOAWAY",
        WireType.WindowUpdate => "WINDOW_UPDATE",
        WireType.Continuation => "CONTINUATION",
        WireType.PriorityUpdate => "PRIORITY_UPDATE",
        _ => $"type 0x{(byte)type:x2}",
    };

    public static string Name(ErrorCode code) => code switch
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
        _ => $"error 0x{(uint)code:x}",
    };

    public static string Name(SettingId id) => id switch
    {
        SettingId.HeaderTableSize => "SETTINGS_HEADER_TABLE_SIZE",
        SettingId.EnablePush => "SETTINGS_ENABLE_PUSH",
        SettingId.MaxConcurrentStreams => "SETTINGS_MAX_CONCURRENT_STREAMS",
        SettingId.InitialWindowSize => "SETTINGS_INITIAL_WINDOW_SIZE",
        SettingId.MaxFrameSize => "SETTINGS_MAX_FRAME_SIZE",
        SettingId.MaxHeaderListSize => "SETTINGS_MAX_HEADER_LIST_SIZE",
        SettingId.EnableConnectProtocol => "SETTINGS_ENABLE_CONNECT_PROTOCOL",
        SettingId.NoRfc7540Priorities => "SETTINGS_NO_RFC7540_PRIORITIES",
        _ => $"setting 0x{(ushort)id:x4}",
    };

    private static string Flags(in WireFrame frame)
    {
        var names = new List<string>();
        if (frame.Type is WireType.Settings or WireType.Ping && frame.Has(WireFlags.Ack))
            names.Add("ACK");
        if (frame.EndsStream)
            names.Add("END_STREAM");
        if (frame.Type is WireType.Headers or WireType.Continuation or WireType.PushPromise && frame.Has(WireFlags.EndHeaders))
            names.Add("END_HEADERS");
        if (frame.Type is WireType.Headers or WireType.Data or WireType.PushPromise && frame.Has(WireFlags.Padded))
            names.Add("PADDED");
        if (frame.Type == WireType.Headers && frame.Has(WireFlags.Priority))
            names.Add("PRIORITY");
        return string.Join(" | ", names);
    }

    private static IEnumerable<string> Payload(WireFrame frame, int length)
    {
        switch (frame.Type)
        {
            case WireType.Settings:
                foreach (var setting in frame.Settings)
                    yield return $"[{Name(setting.Id)}(0x{(ushort)setting.Id:x2}):{setting.Value}]";
                break;
            case WireType.RstStream when frame.ErrorCode is { } code:
                yield return $"(error_code={Name(code)}(0x{(uint)code:x2}))";
                break;
            case WireType.GoAway when frame.ErrorCode is { } code:
                var debug = Encoding.ASCII.GetString(frame.Payload.Span[8..]);
                yield return $"(last_stream_id={frame.NamedStream}, error_code={Name(code)}(0x{(uint)code:x2}), "
                    + $"opaque_data({length - 8})=[{debug}])";
                break;
            case WireType.WindowUpdate:
                yield return string.Create(CultureInfo.InvariantCulture, $"(window_size_increment={frame.Increment})");
                break;
            case WireType.PushPromise:
                yield return $"(promised_stream_id={frame.NamedStream})";
                break;
            case WireType.Ping or WireType.Headers or WireType.Continuation or WireType.Priority
                or WireType.PriorityUpdate when frame.Length > 0:
                yield return Hex(frame.Payload.Span, length);
                break;
            default:
                if (frame.Type > WireType.Continuation && frame.Length > 0)
                    yield return Hex(frame.Payload.Span, length);
                break;
        }
    }

    private static string Hex(ReadOnlySpan<byte> octets, int length) =>
        $"({Convert.ToHexStringLower(octets[..Math.Min(48, octets.Length)])}{(length > 48 ? "..." : "")})";
}
