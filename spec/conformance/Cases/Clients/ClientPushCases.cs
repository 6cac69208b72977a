using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Pushes, to clients that take them and to those that do not: RFC 9113 §6.6 and §8.4.</summary>
internal static class ClientPushCases
{
    private const string Off = "A client that has announced ENABLE_PUSH of 0 answers PUSH_PROMISE with a connection error PROTOCOL_ERROR.";
    private const string Refused = "A promise that may not be taken is a stream error PROTOCOL_ERROR on the promised stream, or a connection error.";
    private const string Broken = "A promise at the wrong place is a connection error PROTOCOL_ERROR.";

    private static readonly (string Title, Func<ServerEnd, List<(string, string)>> Fields)[] BadRequests =
    [
        ("a promise of POST", s => s.PromisedFields("POST")),
        ("a promise with content", s => [.. s.PromisedFields(), ("content-length", "10")]),
        ("a promise without :method", s => s.PromisedFields()[1..]),
        ("a promise without :path", s => [.. s.PromisedFields().Where(one => one.Name != ":path")]),
        ("a promise without :scheme", s => [.. s.PromisedFields().Where(one => one.Name != ":scheme")]),
        ("a promise with :status", s => [(":status", "200"), .. s.PromisedFields()]),
        ("a promise with a name in upper case", s => [.. s.PromisedFields(), ("X-Upper", "1")]),
        ("a promise with a field of the connection", s => [.. s.PromisedFields(), ("connection", "close")]),
        ("a promise of another origin", s => [.. s.PromisedFields()[..3], (":authority", "other.example")]),
    ];

    private static readonly (string Title, Action<ServerEnd> Send)[] Misplaced =
    [
        ("a promise of stream 0", s => s.Promise(s.StreamId, 0)),
        ("a promise of an odd stream", s => s.Promise(s.StreamId, s.StreamId + 2)),
        ("a promise on stream 0", s => s.Promise(0, 2)),
        ("a promise on an idle stream", s => s.Promise(s.StreamId + 20, 2)),
        ("a promise on a stream of the server", s =>
        {
            s.Promise(s.StreamId, 2);
            s.Promise(2, 4);
        }),
        ("a stream promised twice", s =>
        {
            s.Promise(s.StreamId, 2);
            s.Promise(s.StreamId, 2);
        }),
        ("a promised stream below the last", s =>
        {
            s.Promise(s.StreamId, 8);
            s.Promise(s.StreamId, 4);
        }),
        ("DATA on a promised stream", s =>
        {
            s.Promise(s.StreamId, 2);
            s.Data(2, "x");
        }),
        ("WINDOW_UPDATE on a promised stream", s =>
        {
            s.Promise(s.StreamId, 2);
            s.WindowUpdate(2, 1);
        }),
        ("padding beyond a promise", s => s.Frame(FrameType.PushPromise, FrameFlags.Padded | FrameFlags.EndHeaders, s.StreamId, [200, 0, 0, 0, 2])),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Unwanted, .. Places, .. Requests];

    private static ClientCaseList Unwanted => new ClientCaseList("client-push", "6.6", "RFC 9113 §6.6")
        .Must("a promise to a client that takes none", Off, async s =>
        {
            await Begin(s, mayPush: false);
            s.Promise(s.StreamId, 2);
            await s.ExpectConnectionFault(ErrorCode.ProtocolError);
        })
        .Must("a promise before the response to a client that takes none", Off, async s =>
        {
            await s.Requested();
            if (s.MayPush)
                throw Speaker.Skip("the client takes pushes");
            s.Promise(s.StreamId, 2);
            s.Head();
            await s.ExpectConnectionFault(ErrorCode.ProtocolError);
        })
        .Must("a promise that is too short", "A frame too short for what its type has is an error.", s => ServedExchange.Breaks(
            s, e => e.Frame(FrameType.PushPromise, FrameFlags.EndHeaders, e.StreamId, [0, 0, 0]), ErrorCode.FrameSizeError, ErrorCode.ProtocolError));

    private static ClientCaseList Places => new ClientCaseList("client-push", "8.4", "RFC 9113 §6.6")
        .MustForEach(Misplaced, row => row.Title, Broken, async (s, row) =>
        {
            await Begin(s, mayPush: true);
            row.Send(s);
            await s.ExpectConnectionFault(ErrorCode.ProtocolError);
        });

    private static ClientCaseList Requests => new ClientCaseList("client-push", "8.4.1", "RFC 9113 §8.4.1")
        .Must("a promise", "A promise and its response are taken or refused, and do no harm to the request.", async s =>
        {
            await Begin(s, mayPush: true);
            s.Promise(s.StreamId, 2);
            s.Answer(2);
            await Undisturbed(s);
        })
        .Must("a promise in two frames", "PUSH_PROMISE and CONTINUATION are one block.", async s =>
        {
            await Begin(s, mayPush: true);
            var block = FieldBlock.Of(s.PromisedFields());
            s.Frame(FrameType.PushPromise, 0, s.StreamId, [.. Octet.UInt32(2), .. block.AsSpan(0, 3)]);
            s.Continuation(s.StreamId, block.AsSpan(3), endHeaders: true);
            s.Answer(2);
            await Undisturbed(s);
        })
        .Must("a padded promise", "Padding is taken off.", async s =>
        {
            await Begin(s, mayPush: true);
            s.Frame(
                FrameType.PushPromise, FrameFlags.Padded | FrameFlags.EndHeaders, s.StreamId,
                [9, .. Octet.UInt32(2), .. FieldBlock.Of(s.PromisedFields()), .. new byte[9]]);
            s.Answer(2);
            await Undisturbed(s);
        })
        .Must("a promise that is taken back", "The server may reset a promised stream.", async s =>
        {
            await Begin(s, mayPush: true);
            s.Promise(s.StreamId, 2);
            s.Reset(2);
            await Undisturbed(s);
        })
        .MustForEach(BadRequests, row => row.Title, Refused, async (s, row) =>
        {
            await Begin(s, mayPush: true);
            s.Promise(s.StreamId, 2, row.Fields(s));
            await s.ExpectStreamFault(2, ErrorCode.ProtocolError);
        });

    private static async Task Begin(ServerEnd s, bool mayPush)
    {
        await s.Requested();
        s.Head();
        await s.ExpectTolerated();
        if (s.MayPush != mayPush)
            throw Speaker.Skip(mayPush ? "the client takes no pushes" : "the client takes pushes");
    }

    private static async Task Undisturbed(ServerEnd s)
    {
        var fence = s.Fence();
        await s.ExpectUntil("PING with ACK", () => s.Traffic.Any(frame => frame.IsPong(fence)));
        if (s.IsGoingAway || s.On(s.StreamId).Reset is not null)
            throw Speaker.Fail("the request to go on", $"{s.On(s.StreamId)}");
        s.Content();
        await s.ExpectServed(hasBody: false);
    }
}
