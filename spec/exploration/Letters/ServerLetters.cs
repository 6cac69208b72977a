using Http2.Pure;
using static Http2.Exploration.PeerFrames;

namespace Http2.Exploration;

/// <summary>What can happen to a server: three streams of the client, two of its own, right and wrong frames for each, and its commands.</summary>
internal static class ServerLetters
{
    /// <summary>The alphabet.</summary>
    public static Alphabet Alphabet { get; } = new(
        "server", new Trace(Role.Server, 33_000, 2, 10, 0, 0, []), CommonLetters.Options,
        [.. Heads, .. Bodies, .. Steering, .. CommonLetters.Peer, .. Commands, .. CommonLetters.Here]);

    private static IEnumerable<Letter> Heads =>
    [
        Letter.Of("headers 1", Headers(1, Post + Indexed, end: false)),
        Letter.Of("headers 1, the end", Headers(1, Get, end: true)),
        Letter.Of("headers 1 that name an entry of the table, the end", Headers(1, Get + FirstOfTable, end: true)),
        Letter.Of("headers 1: trailers", Headers(1, Trailers, end: true)),
        Letter.Of("headers 1: the first part", Of(FrameType.Headers, EndStream, 1, Get[..4])),
        Letter.Of("continuation of 1: the rest", Of(FrameType.Continuation, EndHeaders, 1, Get[4..])),
        Letter.Of("continuation of 3: the rest", Of(FrameType.Continuation, EndHeaders, 3, Get[4..])),
        Letter.Of("headers 1 that depend on 1", Of(FrameType.Headers, EndHeaders | Priority, 1, "0000000100" + Post)),
        Letter.Of("headers 2, the end", Headers(2, Get, end: true)),
        Letter.Of("headers 3, content-length 5", Headers(3, Post + Length5, end: false)),
        Letter.Of("headers 3, the end", Headers(3, Get, end: true)),
        Letter.Of("headers 3 without a path, the end", Headers(3, Get[..4], end: true)),
        Letter.Of("headers 3 beyond the soft limit", Headers(3, Post + LongField(200), end: false)),
        Letter.Of("headers 3 beyond the hard limit, the end", Headers(3, Get + LongField(900), end: true)),
        Letter.Of("headers 5, the end", Headers(5, Get, end: true)),
        Letter.Of("promise of 2 on 1", Promise(1, 2, Get)),
    ];

    private static IEnumerable<Letter> Bodies =>
    [
        Letter.Of("data on 1 of the peer: 5", Data(1, 5)),
        Letter.Of("data on 1 of the peer: 5, the end", Data(1, 5, end: true)),
        Letter.Of("data on 1 of the peer: 0, the end", Data(1, 0, end: true)),
        Letter.Of("data on 1 of the peer: the whole window", Data(1, 33_000)),
        Letter.Of("data on 1 of the peer: more than the window", Data(1, 33_001)),
        Letter.Of("data on 1 of the peer: padded", Of(FrameType.Data, Padded, 1, 3, 1, 2, 0, 0, 0)),
        Letter.Of("data on 1 of the peer: padding as long as the frame", Of(FrameType.Data, Padded, 1, 3, 0, 0)),
        Letter.Of("data on 3 of the peer: 5", Data(3, 5)),
        Letter.Of("data on 3 of the peer: 6, the end", Data(3, 6, end: true)),
        Letter.Of("data on 2 of the peer: 1", Data(2, 1)),
        Letter.Of("data on 5 of the peer: 1", Data(5, 1)),
    ];

    private static IEnumerable<Letter> Steering =>
    [
        Letter.Of("reset of 1 by the peer", Number(FrameType.RstStream, 1, 8)),
        Letter.Of("reset of 2 by the peer", Number(FrameType.RstStream, 2, 8)),
        Letter.Of("reset of 3 by the peer", Number(FrameType.RstStream, 3, 8)),
        Letter.Of("window of 1 by 0", Number(FrameType.WindowUpdate, 1, 0)),
        Letter.Of("window of 1 by 5", Number(FrameType.WindowUpdate, 1, 5)),
        Letter.Of("window of 1 by 2^31-1", Number(FrameType.WindowUpdate, 1, WireConstants.MaxWindow)),
        Letter.Of("window of 2 by 5", Number(FrameType.WindowUpdate, 2, 5)),
        Letter.Of("window of 3 by 5", Number(FrameType.WindowUpdate, 3, 5)),
        Letter.Of("window of 5 by 1", Number(FrameType.WindowUpdate, 5, 1)),
        Letter.Of("settings of the peer: no pushes", Setting(SettingId.EnablePush, 0)),
    ];

    private static IEnumerable<Letter> Commands =>
    [
        Letter.Of("respond on 1: 0, the end", CommonLetters.Respond(1, 0, end: true)),
        Letter.Of("respond on 1: 5", CommonLetters.Respond(1, 5, end: false)),
        Letter.Of("respond on 1: 30, the end", CommonLetters.Respond(1, 30, end: true)),
        Letter.Of("respond on 2: 5, the end", CommonLetters.Respond(2, 5, end: true)),
        Letter.Of("respond on 3: 0, the end", CommonLetters.Respond(3, 0, end: true)),
        Letter.Of("respond on 3: 30, the end", CommonLetters.Respond(3, 30, end: true)),
        Letter.Of("respond on 1: 204", new Input.SubmitResponse(new(1), new OutboundHead(204, []), default, false)),
        Letter.Of("inform on 1", new Input.SubmitInformational(new(1), new OutboundHead(103, []))),
        Letter.Of("data on 1: 9", CommonLetters.Part(1, 9, end: false)),
        Letter.Of("push on 1", new Input.SubmitPush(new(1), CommonLetters.Request)),
        Letter.Of("reset 3", new Input.SubmitReset(new(3), ErrorCode.NoError)),
        Letter.Of("consume 3: all", new Input.Consume(new(3), int.MaxValue)),
        Letter.Of("retire 3", new Input.Retire(new(3))),
    ];
}
