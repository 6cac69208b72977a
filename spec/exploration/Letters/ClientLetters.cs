using Http2.Pure;
using static Http2.Exploration.PeerFrames;

namespace Http2.Exploration;

/// <summary>What can happen to a client: requests of its own, two promises, right and wrong frames for each, and its commands.</summary>
internal static class ClientLetters
{
    /// <summary>The alphabet.</summary>
    public static Alphabet Alphabet { get; } = new(
        "client", new Trace(Role.Client, 33_000, 2, 10, 0, 0, []), CommonLetters.Options,
        [.. Commands, .. Heads, .. Promises, .. Bodies, .. Steering, .. CommonLetters.Peer, .. CommonLetters.Here]);

    private static IEnumerable<Letter> Commands =>
    [
        Letter.Of("request", new Input.SubmitRequest(CommonLetters.Request, false)),
        Letter.Of("request, the end", new Input.SubmitRequest(CommonLetters.Request, true)),
        Letter.Of("request: HEAD", new Input.SubmitRequest([(":method", "HEAD"), .. CommonLetters.Request.Skip(1)], true)),
        Letter.Of("data on 1: 30", CommonLetters.Part(1, 30, end: false)),
        Letter.Of("data on 3: 5, the end", CommonLetters.Part(3, 5, end: true)),
        Letter.Of("consume 2: all", new Input.Consume(new(2), int.MaxValue)),
        new("settings: no pushes", at => new Input.SubmitSettings([new(SettingId.EnablePush, 0)], at.Now)),
    ];

    private static IEnumerable<Letter> Heads =>
    [
        Letter.Of("headers 1", Headers(1, Ok + Indexed, end: false)),
        Letter.Of("headers 1, the end", Headers(1, Ok, end: true)),
        Letter.Of("headers 1: 103", Headers(1, "0803313033", end: false)),
        Letter.Of("headers 1: 304", Headers(1, "8b", end: false)),
        Letter.Of("headers 1: trailers", Headers(1, Trailers, end: true)),
        Letter.Of("headers 1, content-length 5", Headers(1, Ok + Length5, end: false)),
        Letter.Of("headers 1 that name an entry of the table", Headers(1, Ok + FirstOfTable, end: false)),
        Letter.Of("headers 1 without a status", Headers(1, "82", end: false)),
        Letter.Of("headers 1 beyond the soft limit", Headers(1, Ok + LongField(400), end: false)),
        Letter.Of("headers 1: the first part", Of(FrameType.Headers, EndStream, 1)),
        Letter.Of("continuation of 1: a status", Of(FrameType.Continuation, EndHeaders, 1, Ok)),
        Letter.Of("headers 2", Headers(2, Ok, end: false)),
        Letter.Of("headers 2, the end", Headers(2, Ok, end: true)),
        Letter.Of("headers 3, the end", Headers(3, Ok, end: true)),
    ];

    private static IEnumerable<Letter> Promises =>
    [
        Letter.Of("promise of 2 on 1", Promise(1, 2, Get)),
        Letter.Of("promise of 4 on 1", Promise(1, 4, Get)),
        Letter.Of("promise of 3 on 1", Promise(1, 3, Get)),
        Letter.Of("promise of 2 on 1: POST", Promise(1, 2, Post)),
        Letter.Of("promise of 2 on 1: the first part", Of(FrameType.PushPromise, 0, 1, "00000002" + Get[..4])),
        Letter.Of("continuation of 1: the rest of a request", Of(FrameType.Continuation, EndHeaders, 1, Get[4..])),
    ];

    private static IEnumerable<Letter> Bodies =>
    [
        Letter.Of("data on 1 of the peer: 5", Data(1, 5)),
        Letter.Of("data on 1 of the peer: 0, the end", Data(1, 0, end: true)),
        Letter.Of("data on 1 of the peer: the whole window", Data(1, 33_000)),
        Letter.Of("data on 1 of the peer: more than the window", Data(1, 33_001)),
        Letter.Of("data on 1 of the peer: padded", Of(FrameType.Data, Padded, 1, 3, 1, 2, 0, 0, 0)),
        Letter.Of("data on 2 of the peer: 5, the end", Data(2, 5, end: true)),
        Letter.Of("data on 3 of the peer: 5", Data(3, 5)),
    ];

    private static IEnumerable<Letter> Steering =>
    [
        Letter.Of("reset of 1 by the peer", Number(FrameType.RstStream, 1, 8)),
        Letter.Of("reset of 1 by the peer: NO_ERROR", Number(FrameType.RstStream, 1, 0)),
        Letter.Of("reset of 2 by the peer", Number(FrameType.RstStream, 2, 8)),
        Letter.Of("window of 1 by 5", Number(FrameType.WindowUpdate, 1, 5)),
        Letter.Of("window of 1 by 2^31-1", Number(FrameType.WindowUpdate, 1, WireConstants.MaxWindow)),
        Letter.Of("window of 2 by 5", Number(FrameType.WindowUpdate, 2, 5)),
        Letter.Of("settings of the peer: one stream", Setting(SettingId.MaxConcurrentStreams, 1)),
        Letter.Of("goaway 2^31-1", GoAway(WireConstants.MaxStreamId)),
    ];
}
