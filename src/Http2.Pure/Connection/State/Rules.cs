namespace Http2.Pure;

/// <summary>
/// The rules about streams and connections that a peer can break. Those of single frames and messages stand with their parsers.
/// </summary>
internal static class Rules
{
    public static readonly Rule Preface = Rule.Http2("3.4", "a client begins with the 24 octets of the connection preface");
    public static readonly Rule FirstSettings = Rule.Http2("3.4", "the first frame of each end is SETTINGS");
    public static readonly Rule Compression = Rule.Http2("4.3", "a header block decodes without error");
    public static readonly Rule Idle = Rule.Http2("5.1", "an idle stream takes nothing but HEADERS and PRIORITY");
    public static readonly Rule HalfClosedRemote = Rule.Http2("5.1", "after END_STREAM come only PRIORITY, RST_STREAM and WINDOW_UPDATE");
    public static readonly Rule ClosedStream = Rule.Http2("5.1", "a closed stream takes no HEADERS, DATA or CONTINUATION");
    public static readonly Rule StreamIdentifier = Rule.Http2("5.1.1", "new streams have the opener's parity and rising identifiers");
    public static readonly Rule Concurrency = Rule.Http2("5.1.2", "no more streams are open than SETTINGS_MAX_CONCURRENT_STREAMS allows");
    public static readonly Rule EnablePushOff = Rule.Http2("6.6", "no PUSH_PROMISE comes once SETTINGS_ENABLE_PUSH is 0");
    public static readonly Rule PushByClient = Rule.Http2("8.4", "clients do not push");
    public static readonly Rule PromiseParent = Rule.Http2("6.6", "PUSH_PROMISE comes on a stream that is open or half-closed (local)");
    public static readonly Rule SettingsAck = Rule.Http2("6.5.3", "SETTINGS are acknowledged once for each frame sent");
    public static readonly Rule SettingsTimeout = Rule.Http2("6.5.3", "SETTINGS are acknowledged in reasonable time");
    public static readonly Rule ConnectProtocolOff = new("RFC 8441", "3", "SETTINGS_ENABLE_CONNECT_PROTOCOL is not taken back");
    public static readonly Rule PrioritiesChanged = new("RFC 9218", "2.1", "SETTINGS_NO_RFC7540_PRIORITIES stays as first sent");
    public static readonly Rule PriorityUpdateByServer = new("RFC 9218", "7.1", "servers do not send PRIORITY_UPDATE");
    public static readonly Rule PriorityUpdateIdle = new("RFC 9218", "7.1", "idle streams with a priority fit into the concurrency limit");
    public static readonly Rule PriorityUpdatePush = new("RFC 9218", "7.1", "an idle push stream is given no priority");
    public static readonly Rule WindowOverrun = Rule.Http2("6.9.1", "no more DATA comes than the window allows");
    public static readonly Rule WindowOverflow = Rule.Http2("6.9.1", "no window grows beyond 2^31-1");
    public static readonly Rule InitialWindowOverflow = Rule.Http2("6.9.2", "no change of the initial window makes a window overflow");
    public static readonly Rule StrayContinuation = Rule.Http2("6.10", "CONTINUATION follows a frame without END_HEADERS");
    public static readonly Rule DataBeforeHead = Rule.Http2("8.1", "DATA follows the head of its message");
    public static readonly Rule ContentLength = Rule.Http2("8.1.1", "the DATA of a message add up to its content-length");
    public static readonly Rule BodilessResponse = new("RFC 9110", "6.4.1", "responses to HEAD, 204 and 304 have no content");
    public static readonly Rule ConnectFrames = Rule.Http2("8.5", "a tunnel takes nothing but DATA and what steers streams");

    public static readonly Rule RapidReset = new("policy", "CVE-2023-44487", "RST_STREAM frames stay below their rate");
    public static readonly Rule MadeYouReset = new("policy", "CVE-2025-8671", "stream errors stay below their rate");
    public static readonly Rule UselessFrames = new("policy", "CVE-2019-9518", "frames without use stay below their rate");
    public static readonly Rule PingFlood = new("policy", "CVE-2019-9512", "PING frames stay below their rate");
    public static readonly Rule SettingsFlood = new("policy", "CVE-2019-9515", "SETTINGS frames stay below their rate");
    public static readonly Rule WindowUpdateFlood = new("policy", "window updates", "WINDOW_UPDATE frames stay in proportion to DATA");
    public static readonly Rule PriorityFlood = new("policy", "CVE-2019-9513", "PRIORITY frames stay below their rate");
    public static readonly Rule RefusedFlood = new("policy", "refused streams", "streams beyond the limit stay below their rate");
    public static readonly Rule GoAwayFlood = new("policy", "goaway", "GOAWAY is not repeated without end");
    public static readonly Rule SlowPreface = new("policy", "slow preface", "the preface and the first SETTINGS come in time");
    public static readonly Rule KeepAlive = new("policy", "keep-alive", "a peer that is asked whether it is there answers in time");
    public static readonly Rule SlowBlock = new("policy", "slow headers", "a header block ends in time");
}
