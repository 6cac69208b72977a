using Hpack.Pure;
using Http2.Pure;

namespace Http2.Conformance;

/// <content>What the probe sends. Nothing is judged here: every frame may be wrong on purpose.</content>
internal sealed partial class Probe
{
    /// <summary>The pseudo-fields of an ordinary request, in the usual order; null leaves one out.</summary>
    public List<(string Name, string Value)> Fields(
        string? method = "GET", string? path = "", string? scheme = "", string? authority = "")
    {
        var fields = new List<(string, string)>(4);
        if (method is not null)
            fields.Add((":method", method));
        if (scheme is not null)
            fields.Add((":scheme", scheme.Length == 0 ? Target.Scheme : scheme));
        if (path is not null)
            fields.Add((":path", path.Length == 0 ? Target.Path : path));
        if (authority is not null)
            fields.Add((":authority", authority.Length == 0 ? Target.Authority : authority));
        return fields;
    }

    /// <summary>The block of an ordinary request with more fields behind its pseudo-fields.</summary>
    public byte[] Get(params (string Name, string Value)[] more) => FieldBlock.Of([.. Fields(), .. more]);

    /// <summary>The block of an ordinary request with a body to follow.</summary>
    public byte[] Post(params (string Name, string Value)[] more) => FieldBlock.Of([.. Fields(method: "POST"), .. more]);

    /// <summary>A block of one field with a long value.</summary>
    public byte[] Dummy(int number = 0) => FieldBlock.Of([($"x-dummy{number}", new string('x', Options.MaxHeaderLength))]);

    public void Magic() => Octets(Octet.Magic, "the connection preface");

    public void Settings(params ReadOnlySpan<Setting> settings) => Frame(FrameType.Settings, 0, 0, Octet.Settings(settings));

    public void Settings(SettingId id, uint value) => Settings(new Setting(id, value));

    public void SettingsAck() => Frame(FrameType.Settings, FrameFlags.Ack, 0);

    public void Ping(ulong opaque, bool ack = false) => Frame(FrameType.Ping, ack ? FrameFlags.Ack : 0, 0, Octet.UInt64(opaque));

    public void WindowUpdate(uint streamId, uint increment) => Frame(FrameType.WindowUpdate, 0, streamId, Octet.UInt32(increment));

    public void Reset(uint streamId, ErrorCode code = ErrorCode.Cancel) => Frame(FrameType.RstStream, 0, streamId, Octet.UInt32((uint)code));

    public void GoAway(uint lastStreamId, ErrorCode code, string debug = "") =>
        Frame(FrameType.GoAway, 0, 0, [.. Octet.UInt32(lastStreamId), .. Octet.UInt32((uint)code),
            .. System.Text.Encoding.ASCII.GetBytes(debug)]);

    public void Priority(uint streamId, uint dependency = 0, byte weight = 255, bool exclusive = false) =>
        Frame(FrameType.Priority, 0, streamId, Octet.Priority(dependency, exclusive, weight));

    public void PriorityUpdate(uint prioritized, string value, uint streamId = 0) =>
        Frame(FrameType.PriorityUpdate, 0, streamId, [.. Octet.UInt32(prioritized), .. System.Text.Encoding.ASCII.GetBytes(value)]);

    public void Data(uint streamId, string text, bool endStream = false) =>
        Data(streamId, System.Text.Encoding.ASCII.GetBytes(text), endStream);

    public void Data(uint streamId, ReadOnlySpan<byte> octets, bool endStream = false) =>
        Frame(FrameType.Data, endStream ? FrameFlags.EndStream : 0, streamId, octets);

    public void PaddedData(uint streamId, string text, byte padding, bool endStream = false) =>
        Frame(
            FrameType.Data, FrameFlags.Padded | (endStream ? FrameFlags.EndStream : 0), streamId,
            [padding, .. System.Text.Encoding.ASCII.GetBytes(text), .. new byte[padding]]);

    public void Headers(uint streamId, ReadOnlySpan<byte> block, bool endStream = false, bool endHeaders = true) =>
        Frame(FrameType.Headers, (endStream ? FrameFlags.EndStream : 0) | (endHeaders ? FrameFlags.EndHeaders : 0), streamId, block);

    public void PaddedHeaders(uint streamId, ReadOnlySpan<byte> block, byte padding) =>
        Frame(
            FrameType.Headers, FrameFlags.Padded | FrameFlags.EndStream | FrameFlags.EndHeaders,
                streamId, [padding, .. block, .. new byte[padding]]);

    public void PrioritizedHeaders(uint streamId, ReadOnlySpan<byte> block, uint dependency, byte weight = 255, bool endStream = true) =>
        Frame(
            FrameType.Headers, FrameFlags.Priority | FrameFlags.EndHeaders | (endStream ? FrameFlags.EndStream : 0), streamId,
            [.. Octet.Priority(dependency, false, weight), .. block]);

    public void Continuation(uint streamId, ReadOnlySpan<byte> block, bool endHeaders) =>
        Frame(FrameType.Continuation, endHeaders ? FrameFlags.EndHeaders : 0, streamId, block);

    public void PushPromise(uint streamId, uint promised, ReadOnlySpan<byte> block) =>
        Frame(FrameType.PushPromise, FrameFlags.EndHeaders, streamId, [.. Octet.UInt32(promised), .. block]);

    /// <summary>An ordinary GET request, complete in one frame.</summary>
    public void Request(uint streamId) => Headers(streamId, Get(), endStream: true);

    /// <summary>Any frame at all.</summary>
    public void Frame(FrameType type, FrameFlags flags, uint streamId, params ReadOnlySpan<byte> payload)
    {
        var octets = Octet.Frame(type, flags, streamId, payload);
        Trace.Sent(new WireFrame(type, flags, streamId & 0x7fffffff, octets.AsMemory(WireFrame.HeaderLength)));
        _outgoing.Write(octets);
    }

    /// <summary>Any octets at all.</summary>
    public void Octets(ReadOnlySpan<byte> octets, string what)
    {
        Trace.SentOctets(what, octets);
        _outgoing.Write(octets);
    }
}
