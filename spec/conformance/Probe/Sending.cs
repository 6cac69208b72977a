using Http2.Pure;

namespace Http2.Conformance;

/// <summary>What a probe can send. Nothing is judged here: every frame may be wrong on purpose.</summary>
internal static class Sending
{
    /// <summary>The pseudo-fields of an ordinary request, in the usual order; null leaves one out.</summary>
    public static List<(string Name, string Value)> Fields(this Probe p,
        string? method = "GET", string? path = "", string? scheme = "", string? authority = "")
    {
        var fields = new List<(string, string)>(4);
        if (method is not null)
            fields.Add((":method", method));
        if (scheme is not null)
            fields.Add((":scheme", scheme.Length == 0 ? p.Target.Scheme : scheme));
        if (path is not null)
            fields.Add((":path", path.Length == 0 ? p.Target.Path : path));
        if (authority is not null)
            fields.Add((":authority", authority.Length == 0 ? p.Target.Authority : authority));
        return fields;
    }

    /// <summary>The block of an ordinary request with more fields behind its pseudo-fields.</summary>
    public static byte[] Get(this Probe p, params (string Name, string Value)[] more) => FieldBlock.Of([.. p.Fields(), .. more]);

    /// <summary>The block of an ordinary request with a body to follow.</summary>
    public static byte[] Post(this Probe p, params (string Name, string Value)[] more) => FieldBlock.Of([.. p.Fields(method: "POST"), .. more]);

    /// <summary>The block of a request that inserts nothing into the dynamic table: it may be sent any number of times.</summary>
    public static byte[] RepeatableBlock(this Probe p, string path, string method = "GET") =>
        new FieldBlock().Literal(LiteralKind.Plain, 2, method).Indexed(p.Target.Tls ? 7 : 6).Literal(LiteralKind.Plain, 4, path)
            .Literal(LiteralKind.Plain, 1, p.Target.Authority).ToArray();

    /// <summary>A block of one field with a long value.</summary>
    public static byte[] Dummy(this Probe p, int number = 0) => FieldBlock.Of([($"x-dummy{number}", new string('x', p.Options.MaxHeaderLength))]);

    public static void Magic(this Probe p) => p.Octets(Octet.Magic, "the connection preface");

    public static void Settings(this Probe p, params ReadOnlySpan<Setting> settings) => p.Frame(FrameType.Settings, 0, 0, Octet.Settings(settings));

    public static void Settings(this Probe p, SettingId id, uint value) => p.Settings(new Setting(id, value));

    public static void SettingsAck(this Probe p) => p.Frame(FrameType.Settings, FrameFlags.Ack, 0);

    public static void Ping(this Probe p, ulong opaque, bool ack = false) => p.Frame(FrameType.Ping, ack ? FrameFlags.Ack : 0, 0, Octet.UInt64(opaque));

    public static void WindowUpdate(this Probe p, uint streamId, uint increment) => p.Frame(FrameType.WindowUpdate, 0, streamId, Octet.UInt32(increment));

    public static void Reset(this Probe p, uint streamId, ErrorCode code = ErrorCode.Cancel) => p.Frame(FrameType.RstStream, 0, streamId, Octet.UInt32((uint)code));

    public static void GoAway(this Probe p, uint lastStreamId, ErrorCode code, string debug = "") =>
        p.Frame(FrameType.GoAway, 0, 0, [.. Octet.UInt32(lastStreamId), .. Octet.UInt32((uint)code),
            .. System.Text.Encoding.ASCII.GetBytes(debug)]);

    public static void Priority(this Probe p, uint streamId, uint dependency = 0, byte weight = 255, bool exclusive = false) =>
        p.Frame(FrameType.Priority, 0, streamId, Octet.Priority(dependency, exclusive, weight));

    public static void PriorityUpdate(this Probe p, uint prioritized, string value, uint streamId = 0) =>
        p.Frame(FrameType.PriorityUpdate, 0, streamId, [.. Octet.UInt32(prioritized), .. System.Text.Encoding.ASCII.GetBytes(value)]);

    public static void Data(this Probe p, uint streamId, string text, bool endStream = false) =>
        p.Data(streamId, System.Text.Encoding.ASCII.GetBytes(text), endStream);

    public static void Data(this Probe p, uint streamId, ReadOnlySpan<byte> octets, bool endStream = false) =>
        p.Frame(FrameType.Data, endStream ? FrameFlags.EndStream : 0, streamId, octets);

    public static void PaddedData(this Probe p, uint streamId, string text, byte padding, bool endStream = false) =>
        p.Frame(
            FrameType.Data, FrameFlags.Padded | (endStream ? FrameFlags.EndStream : 0), streamId,
            [padding, .. System.Text.Encoding.ASCII.GetBytes(text), .. new byte[padding]]);

    public static void Headers(this Probe p, uint streamId, ReadOnlySpan<byte> block, bool endStream = false, bool endHeaders = true) =>
        p.Frame(FrameType.Headers, (endStream ? FrameFlags.EndStream : 0) | (endHeaders ? FrameFlags.EndHeaders : 0), streamId, block);

    public static void PaddedHeaders(this Probe p, uint streamId, ReadOnlySpan<byte> block, byte padding) =>
        p.Frame(
            FrameType.Headers, FrameFlags.Padded | FrameFlags.EndStream | FrameFlags.EndHeaders,
                streamId, [padding, .. block, .. new byte[padding]]);

    public static void PrioritizedHeaders(this Probe p, uint streamId, ReadOnlySpan<byte> block, uint dependency, byte weight = 255, bool endStream = true) =>
        p.Frame(
            FrameType.Headers, FrameFlags.Priority | FrameFlags.EndHeaders | (endStream ? FrameFlags.EndStream : 0), streamId,
            [.. Octet.Priority(dependency, false, weight), .. block]);

    public static void Continuation(this Probe p, uint streamId, ReadOnlySpan<byte> block, bool endHeaders) =>
        p.Frame(FrameType.Continuation, endHeaders ? FrameFlags.EndHeaders : 0, streamId, block);

    public static void PushPromise(this Probe p, uint streamId, uint promised, ReadOnlySpan<byte> block) =>
        p.Frame(FrameType.PushPromise, FrameFlags.EndHeaders, streamId, [.. Octet.UInt32(promised), .. block]);

    /// <summary>An ordinary GET request, complete in one frame.</summary>
    public static void Request(this Probe p, uint streamId) => p.Headers(streamId, p.Get(), endStream: true);
}
