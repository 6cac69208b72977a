using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <content>The frames that steer streams and the connection: PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE.</content>
public static partial class FrameParser
{
    /// <summary>PRIORITY: exclusive 1, dependency 31, weight 8 (RFC 9113 §6.3).</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="priority">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParsePriority(in FrameHeader header, ReadOnlyMemory<byte> payload, out PriorityPayload priority)
    {
        priority = default;
        // §6.3: PRIORITY on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return ConnectionError(FrameRules.PriorityOnConnection);
        // §6.3: a wrong length is an error of the stream only
        if (payload.Length != 5)
            return new Fault.OfStream(header.StreamId, ErrorCode.FrameSizeError, FrameRules.PriorityLength);
        priority = ReadPriority(payload.Span);
        return null;
    }

    /// <summary>RST_STREAM: error code 32 (RFC 9113 §6.4).</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="reset">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParseRstStream(in FrameHeader header, ReadOnlyMemory<byte> payload, out RstStreamPayload reset)
    {
        reset = default;
        // §6.4: RST_STREAM on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return ConnectionError(FrameRules.RstStreamOnConnection);
        // §6.4: a wrong length is a connection error, because a stream error would be answered with RST_STREAM
        if (payload.Length != 4)
            return ConnectionSizeError(FrameRules.RstStreamLength);
        reset = new RstStreamPayload((ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload.Span));
        return null;
    }

    /// <summary>SETTINGS: (identifier 16, value 32) any number of times (RFC 9113 §6.5). Every value is in its range afterwards.</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="maxEntries">How many entries are taken; more are ENHANCE_YOUR_CALM.</param>
    /// <param name="settings">The payload's entries; none when it is an acknowledgement.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParseSettings(
        in FrameHeader header, ReadOnlyMemory<byte> payload, int maxEntries, out SettingsPayload settings)
    {
        settings = default;
        // §6.5: SETTINGS on a stream is a connection error
        if (!header.StreamId.IsConnection)
            return ConnectionError(FrameRules.SettingsOnStream);
        // §6.5: an acknowledgement carries nothing
        if (header.Has(FrameFlags.Ack) && payload.Length != 0)
            return ConnectionSizeError(FrameRules.SettingsAckLength);
        // §6.5: a length that is no multiple of 6 is a connection error
        if (payload.Length % SettingsPayload.EntrySize != 0)
            return ConnectionSizeError(FrameRules.SettingsLength);
        var entries = new SettingsPayload(new Octets(payload));
        // 2700 entries fit into one frame of the default size, and each may cost the receiver work
        if (entries.Count > maxEntries)
            return new Fault.OfConnection(ErrorCode.EnhanceYourCalm, FrameRules.SettingsEntries);
        // all values are judged before any is applied
        for (var i = 0; i < entries.Count; i++)
        {
            if (SettingRules.Judge(entries[i]) is { } fault)
                return fault;
        }
        settings = entries;
        return null;
    }

    /// <summary>PING: opaque data 64 (RFC 9113 §6.7).</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="ping">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParsePing(in FrameHeader header, ReadOnlyMemory<byte> payload, out PingPayload ping)
    {
        ping = default;
        // §6.7: PING on a stream is a connection error
        if (!header.StreamId.IsConnection)
            return ConnectionError(FrameRules.PingOnStream);
        // §6.7: a wrong length is a connection error
        if (payload.Length != 8)
            return ConnectionSizeError(FrameRules.PingLength);
        ping = new PingPayload(BinaryPrimitives.ReadUInt64BigEndian(payload.Span));
        return null;
    }

    /// <summary>GOAWAY: reserved 1, last stream 31, error code 32, debug data (RFC 9113 §6.8).</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="goAway">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParseGoAway(in FrameHeader header, ReadOnlyMemory<byte> payload, out GoAwayPayload goAway)
    {
        goAway = default;
        // §6.8: GOAWAY on a stream is a connection error
        if (!header.StreamId.IsConnection)
            return ConnectionError(FrameRules.GoAwayOnStream);
        // §4.2: too short for its mandatory fields
        if (payload.Length < 8)
            return ConnectionSizeError(FrameRules.GoAwayLength);
        var octets = payload.Span;
        goAway = new GoAwayPayload(
            ReadStreamId(octets), (ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(octets[4..]), new Octets(payload[8..]));
        return null;
    }

    /// <summary>WINDOW_UPDATE: reserved 1, increment 31 (RFC 9113 §6.9).</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="update">The payload's parts.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? ParseWindowUpdate(in FrameHeader header, ReadOnlyMemory<byte> payload, out WindowUpdatePayload update)
    {
        update = default;
        // §6.9: a wrong length is a connection error on any stream
        if (payload.Length != 4)
            return ConnectionSizeError(FrameRules.WindowUpdateLength);
        var increment = BinaryPrimitives.ReadUInt32BigEndian(payload.Span) & StreamId.MaxValue;
        // §6.9: an increment of 0 is an error of the window's owner: the connection or the stream
        if (increment == 0)
            return header.StreamId.IsConnection
                ? ConnectionError(FrameRules.WindowIncrement)
                : StreamError(header, FrameRules.WindowIncrement);
        update = new WindowUpdatePayload(increment);
        return null;
    }

    // §5.3.2: the scheme is deprecated and what it says is ignored, a stream that depends on itself included (RFC 7540 §5.3.1 had an error)
    private static PriorityPayload ReadPriority(ReadOnlySpan<byte> octets) =>
        new((octets[0] & 0x80) != 0, ReadStreamId(octets), octets[4] + 1);
}
