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

    public static string Name(FrameType type) => WireNames.Of(type);

    public static string Name(ErrorCode code) => Known(WireNames.Of(code), $"error 0x{(uint)code:x}");

    public static string Name(SettingId id) => Known(WireNames.Of(id), $"setting 0x{(ushort)id:x4}");

    // An unknown type is shown by its number.
    private static string Known(string name, string number) => name == "UNKNOWN" ? number : name;

    private static string Flags(in WireFrame frame)
    {
        var names = new List<string>();
        if (frame.Type is FrameType.Settings or FrameType.Ping && frame.Has(FrameFlags.Ack))
            names.Add("ACK");
        if (frame.EndsStream)
            names.Add("END_STREAM");
        if (frame.Type is FrameType.Headers or FrameType.Continuation or FrameType.PushPromise && frame.Has(FrameFlags.EndHeaders))
            names.Add("END_HEADERS");
        if (frame.Type is FrameType.Headers or FrameType.Data or FrameType.PushPromise && frame.Has(FrameFlags.Padded))
            names.Add("PADDED");
        if (frame.Type == FrameType.Headers && frame.Has(FrameFlags.Priority))
            names.Add("PRIORITY");
        return string.Join(" | ", names);
    }

    private static IEnumerable<string> Payload(WireFrame frame, int length)
    {
        switch (frame.Type)
        {
            case FrameType.Settings:
                foreach (var setting in frame.Settings)
                    yield return $"[{Name(setting.Id)}(0x{(ushort)setting.Id:x2}):{setting.Value}]";
                break;
            case FrameType.RstStream when frame.ErrorCode is { } code:
                yield return $"(error_code={Name(code)}(0x{(uint)code:x2}))";
                break;
            case FrameType.GoAway when frame.ErrorCode is { } code:
                var debug = Encoding.ASCII.GetString(frame.Payload.Span[8..]);
                yield return $"(last_stream_id={frame.NamedStream}, error_code={Name(code)}(0x{(uint)code:x2}), "
                    + $"opaque_data({length - 8})=[{debug}])";
                break;
            case FrameType.WindowUpdate:
                yield return string.Create(CultureInfo.InvariantCulture, $"(window_size_increment={frame.Increment})");
                break;
            case FrameType.PushPromise:
                yield return $"(promised_stream_id={frame.NamedStream})";
                break;
            case FrameType.Ping or FrameType.Headers or FrameType.Continuation or FrameType.Priority
                or FrameType.PriorityUpdate when frame.Length > 0:
                yield return Hex(frame.Payload.Span, length);
                break;
            default:
                if (frame.Type > FrameType.Continuation && frame.Length > 0)
                    yield return Hex(frame.Payload.Span, length);
                break;
        }
    }

    private static string Hex(ReadOnlySpan<byte> octets, int length) =>
        $"({Convert.ToHexStringLower(octets[..Math.Min(48, octets.Length)])}{(length > 48 ? "..." : "")})";
}
