using Http2.Pure;

namespace Http2.Conformance;

/// <summary>The frames that either end can send. Nothing is judged here: every frame may be wrong on purpose.</summary>
internal static class Frames
{
    public static void Settings(this Speaker p, params ReadOnlySpan<Setting> settings) => p.Frame(FrameType.Settings, 0, 0, Octet.Settings(settings));

    public static void Settings(this Speaker p, SettingId id, uint value) => p.Settings(new Setting(id, value));

    public static void SettingsAck(this Speaker p) => p.Frame(FrameType.Settings, FrameFlags.Ack, 0);

    public static void Ping(this Speaker p, ulong opaque, bool ack = false) => p.Frame(FrameType.Ping, ack ? FrameFlags.Ack : 0, 0, Octet.UInt64(opaque));

    public static void WindowUpdate(this Speaker p, uint streamId, uint increment) => p.Frame(FrameType.WindowUpdate, 0, streamId, Octet.UInt32(increment));

    public static void Reset(this Speaker p, uint streamId, ErrorCode code = ErrorCode.Cancel) => p.Frame(FrameType.RstStream, 0, streamId, Octet.UInt32((uint)code));

    public static void GoAway(this Speaker p, uint lastStreamId, ErrorCode code, string debug = "") =>
        p.Frame(FrameType.GoAway, 0, 0, [.. Octet.UInt32(lastStreamId), .. Octet.UInt32((uint)code),
            .. System.Text.Encoding.ASCII.GetBytes(debug)]);

    public static void Priority(this Speaker p, uint streamId, uint dependency = 0, byte weight = 255, bool exclusive = false) =>
        p.Frame(FrameType.Priority, 0, streamId, Octet.Priority(dependency, exclusive, weight));

    public static void PriorityUpdate(this Speaker p, uint prioritized, string value, uint streamId = 0) =>
        p.Frame(FrameType.PriorityUpdate, 0, streamId, [.. Octet.UInt32(prioritized), .. System.Text.Encoding.ASCII.GetBytes(value)]);

    public static void Data(this Speaker p, uint streamId, string text, bool endStream = false) =>
        p.Data(streamId, System.Text.Encoding.ASCII.GetBytes(text), endStream);

    public static void Data(this Speaker p, uint streamId, ReadOnlySpan<byte> octets, bool endStream = false) =>
        p.Frame(FrameType.Data, endStream ? FrameFlags.EndStream : 0, streamId, octets);

    public static void PaddedData(this Speaker p, uint streamId, string text, byte padding, bool endStream = false) =>
        p.Frame(
            FrameType.Data, FrameFlags.Padded | (endStream ? FrameFlags.EndStream : 0), streamId,
            [padding, .. System.Text.Encoding.ASCII.GetBytes(text), .. new byte[padding]]);

    public static void Headers(this Speaker p, uint streamId, ReadOnlySpan<byte> block, bool endStream = false, bool endHeaders = true) =>
        p.Frame(FrameType.Headers, (endStream ? FrameFlags.EndStream : 0) | (endHeaders ? FrameFlags.EndHeaders : 0), streamId, block);

    public static void PaddedHeaders(this Speaker p, uint streamId, ReadOnlySpan<byte> block, byte padding) =>
        p.Frame(
            FrameType.Headers, FrameFlags.Padded | FrameFlags.EndStream | FrameFlags.EndHeaders,
                streamId, [padding, .. block, .. new byte[padding]]);

    public static void PrioritizedHeaders(this Speaker p, uint streamId, ReadOnlySpan<byte> block, uint dependency, byte weight = 255, bool endStream = true) =>
        p.Frame(
            FrameType.Headers, FrameFlags.Priority | FrameFlags.EndHeaders | (endStream ? FrameFlags.EndStream : 0), streamId,
            [.. Octet.Priority(dependency, false, weight), .. block]);

    public static void Continuation(this Speaker p, uint streamId, ReadOnlySpan<byte> block, bool endHeaders) =>
        p.Frame(FrameType.Continuation, endHeaders ? FrameFlags.EndHeaders : 0, streamId, block);

    public static void PushPromise(this Speaker p, uint streamId, uint promised, ReadOnlySpan<byte> block) =>
        p.Frame(FrameType.PushPromise, FrameFlags.EndHeaders, streamId, [.. Octet.UInt32(promised), .. block]);
}
