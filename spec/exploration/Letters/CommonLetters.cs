using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;
using static Http2.Exploration.PeerFrames;

namespace Http2.Exploration;

/// <summary>What can happen to either end.</summary>
internal static class CommonLetters
{
    /// <summary>No limit on rates is within reach of an exploration: what they do is a matter of counts, which have tests of their own.</summary>
    private static readonly RateLimit Unlimited = new(1_000_000, 1_000_000);

    // "shutdown" and "alive?", what the core puts into its own PING frames
    private const string ShutdownPong = "73687574646f776e", AlivePong = "0000616c6976653f";

    /// <summary>:method GET, :scheme http, :path /, :authority a.</summary>
    public static ImmutableArray<HeaderField> Request { get; } = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a")];

    /// <summary>
    /// Small windows and sections, so that their bounds are near. A stream's window is a little more than half of the connection's, so that one
    /// frame can spend so much that the connection's credit has to be announced.
    /// </summary>
    public static ConnectionOptions Options { get; } = ConnectionOptions.Default with
    {
        InitialStreamWindow = 33_000, InitialConnectionWindow = WireConstants.InitialWindow, MaxFrameSize = 34_000, MaxConcurrentStreams = 2,
        MaxHeaderListSize = 300, MaxHeaderListSizeHard = 1000, KeepAliveInterval = TimeSpan.FromSeconds(20),
        PeerResetLimit = Unlimited, CausedResetLimit = Unlimited, GlitchLimit = Unlimited, ControlFrameLimit = Unlimited,
    };

    /// <summary>Settings of the peer and their acknowledgements, pings, GOAWAY, frames of no use, and broken ones.</summary>
    public static IEnumerable<Letter> Peer =>
    [
        Letter.Of("settings of the peer: window 0", Setting(SettingId.InitialWindowSize, 0)),
        Letter.Of("settings of the peer: window 20", Setting(SettingId.InitialWindowSize, 20)),
        Letter.Of("settings of the peer: window 2^31-1", Setting(SettingId.InitialWindowSize, WireConstants.MaxWindow)),
        Letter.Of("settings of the peer: window 2^31", Setting(SettingId.InitialWindowSize, 0x80000000)),
        Letter.Of("settings of the peer: no streams", Setting(SettingId.MaxConcurrentStreams, 0)),
        Letter.Of("settings of the peer: table 0", Setting(SettingId.HeaderTableSize, 0)),
        Letter.Of("settings of the peer: frames of 16,385", Setting(SettingId.MaxFrameSize, 16_385)),
        Letter.Of("settings acknowledged", Of(FrameType.Settings, Ack, 0)),
        Letter.Of("ping", Of(FrameType.Ping, 0, 0, new byte[8])),
        Letter.Of("pong: shutdown", Of(FrameType.Ping, Ack, 0, ShutdownPong)),
        Letter.Of("pong: alive", Of(FrameType.Ping, Ack, 0, AlivePong)),
        Letter.Of("goaway 0", GoAway(0)),
        Letter.Of("goaway 1", GoAway(1)),
        Letter.Of("window of the connection by 1", Number(FrameType.WindowUpdate, 0, 1)),
        Letter.Of("window of the connection by 2^31-1", Number(FrameType.WindowUpdate, 0, WireConstants.MaxWindow)),
        Letter.Of("priority 1", Of(FrameType.Priority, 0, 1, "0000000309")),
        Letter.Of("priority 1 of itself", Of(FrameType.Priority, 0, 1, "0000000109")),
        Letter.Of("unknown frame", Of((FrameType)0xee, 0, 1, 1, 2)),
        Letter.Of("continuation of 1 without end", Of(FrameType.Continuation, 0, 1)),
    ];

    /// <summary>What the application and the transport do at either end.</summary>
    public static IEnumerable<Letter> Here =>
    [
        Letter.Of("trailers on 1", new Input.SubmitTrailers(new(1), [("x-t", "1")])),
        Letter.Of("data on 1: 5, the end", Part(1, 5, end: true)),
        Letter.Of("reset 1", new Input.SubmitReset(new(1), ErrorCode.Cancel)),
        Letter.Of("reset 2", new Input.SubmitReset(new(2), ErrorCode.Cancel)),
        Letter.Of("consume 1: 4", new Input.Consume(new(1), 4)),
        Letter.Of("consume 1: all", new Input.Consume(new(1), int.MaxValue)),
        Letter.Of("retire 1", new Input.Retire(new(1))),
        Letter.Of("retire 2", new Input.Retire(new(2))),
        Letter.Of("drain", new Input.Drain(int.MaxValue)),
        Letter.Of("drain 1", new Input.Drain(1)),
        Letter.Of("bound unread: 1", new Input.BoundUnread(1)),
        Letter.Of("bound unread: none", new Input.BoundUnread(0)),
        new("settings: window 0", at => Settings(SettingId.InitialWindowSize, 0, at)),
        new("settings: window 20", at => Settings(SettingId.InitialWindowSize, 20, at)),
        new("settings: no streams", at => Settings(SettingId.MaxConcurrentStreams, 0, at)),
        new("settings: table 0", at => Settings(SettingId.HeaderTableSize, 0, at)),
        new("shutdown", at => new Input.Shutdown(at.Now)),
        Letter.Of("abort", new Input.Abort(ErrorCode.InternalError)),
        Letter.Of("end of input", new Input.EndOfInput()),
        Letter.Of("disconnected", new Input.Disconnected()),
        new("tick when due", at => Connection.NextDeadline(at.Fold.State) is var due and < long.MaxValue ? new Input.Tick(Math.Max(due, at.Now)) : null),
        new("tick 1 s later", at => new Input.Tick(at.Now + 1000)),
        Letter.Of("ping of ours", new Input.SubmitPing(7)),
    ];

    /// <summary>A response, or the part of one.</summary>
    public static Input Respond(uint id, int octets, bool end) => new Input.SubmitResponse(new(id), new OutboundHead(200, []), Body(octets), end);

    /// <summary>A part of a body.</summary>
    public static Input Part(uint id, int octets, bool end) => new Input.SubmitData(new(id), Body(octets), end);

    private static Octets Body(int octets) => new(new byte[octets]);

    private static Input.SubmitSettings Settings(SettingId id, uint value, Situation at) => new([new(id, value)], at.Now);
}
