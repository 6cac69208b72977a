namespace Http2.Pure;

/// <summary>The rules that single frames can break, each with the section that makes it.</summary>
internal static class FrameRules
{
    public static readonly Rule FrameTooLarge = Rule.Http2("4.2", "a frame is at most as long as the receiver's SETTINGS_MAX_FRAME_SIZE");
    public static readonly Rule PayloadTooShort = Rule.Http2("4.2", "a payload holds at least the fields that its type and flags announce");

    public static readonly Rule DataOnConnection = Rule.Http2("6.1", "DATA belongs to a stream, not to stream 0");
    public static readonly Rule DataPadding = Rule.Http2("6.1", "padding is shorter than the payload of its DATA frame");

    public static readonly Rule HeadersOnConnection = Rule.Http2("6.2", "HEADERS belongs to a stream, not to stream 0");
    public static readonly Rule HeadersPadding = Rule.Http2("6.2", "padding leaves room for the other fields of its HEADERS frame");

    public static readonly Rule PriorityOnConnection = Rule.Http2("6.3", "PRIORITY belongs to a stream, not to stream 0");
    public static readonly Rule PriorityLength = Rule.Http2("6.3", "PRIORITY is 5 octets long");

    public static readonly Rule RstStreamOnConnection = Rule.Http2("6.4", "RST_STREAM belongs to a stream, not to stream 0");
    public static readonly Rule RstStreamLength = Rule.Http2("6.4", "RST_STREAM is 4 octets long");

    public static readonly Rule SettingsOnStream = Rule.Http2("6.5", "SETTINGS belongs to stream 0");
    public static readonly Rule SettingsLength = Rule.Http2("6.5", "SETTINGS is a multiple of 6 octets long");
    public static readonly Rule SettingsAckLength = Rule.Http2("6.5", "SETTINGS with ACK is empty");
    public static readonly Rule SettingsEntries = new("policy", "settings", "a SETTINGS frame has no more entries than this end takes");

    public static readonly Rule PushPromiseOnConnection = Rule.Http2("6.6", "PUSH_PROMISE belongs to a stream, not to stream 0");
    public static readonly Rule PushPromisePadding =
        Rule.Http2("6.6", "padding leaves room for the other fields of its PUSH_PROMISE frame");
    public static readonly Rule PromisedStream = Rule.Http2("6.6", "a promised stream is one that a server may open: even and not 0");

    public static readonly Rule PingOnStream = Rule.Http2("6.7", "PING belongs to stream 0");
    public static readonly Rule PingLength = Rule.Http2("6.7", "PING is 8 octets long");

    public static readonly Rule GoAwayOnStream = Rule.Http2("6.8", "GOAWAY belongs to stream 0");
    public static readonly Rule GoAwayLength = Rule.Http2("6.8", "GOAWAY is at least 8 octets long");

    public static readonly Rule WindowUpdateLength = Rule.Http2("6.9", "WINDOW_UPDATE is 4 octets long");
    public static readonly Rule WindowIncrement = Rule.Http2("6.9", "a window increment is not 0");

    public static readonly Rule ContinuationOnConnection = Rule.Http2("6.10", "CONTINUATION belongs to a stream, not to stream 0");

    public static readonly Rule AltSvcLength = new("RFC 7838", "4", "ALTSVC holds its origin and the origin's length");
    public static readonly Rule OriginEntry = new("RFC 8336", "2.1", "each entry of ORIGIN is as long as it says");
    public static readonly Rule PriorityUpdateOnStream = new("RFC 9218", "7.1", "PRIORITY_UPDATE belongs to stream 0");
    public static readonly Rule PriorityUpdateLength = new("RFC 9218", "7.1", "PRIORITY_UPDATE is at least 4 octets long");
    public static readonly Rule PrioritizedStream = new("RFC 9218", "7.1", "a prioritized stream is not stream 0");
}
