using Http2.Pure;

namespace Http2.Conformance;

/// <summary>DATA, HEADERS, PRIORITY and CONTINUATION: RFC 9113 §6.1 to §6.3 and §6.10.</summary>
internal static class ClientFrameTypeCases
{
    private const string Padded = "Padding is taken off and is no content.";
    private const string PaddedTooFar = "Padding that is as long as the payload or longer is a connection error PROTOCOL_ERROR.";
    private const string OnStream = "The frame belongs to a stream; on stream 0 it is a connection error PROTOCOL_ERROR.";
    private const string InARow = "The frames of a field block come in a row; anything else is a connection error PROTOCOL_ERROR.";
    private const string Priority = "Priorities of RFC 7540 may come and are ignored.";

    private static readonly (string Title, Action<ServerEnd> Send)[] Between =
    [
        ("DATA", s => s.Data(s.StreamId, "x")),
        ("PING", s => s.Ping(1)),
        ("SETTINGS", s => s.Settings()),
        ("WINDOW_UPDATE", s => s.WindowUpdate(0, 1)),
        ("HEADERS of the same stream", s => s.Headers(s.StreamId, Serving.Ok())),
        ("CONTINUATION of another stream", s => s.Continuation(s.StreamId + 2, [], endHeaders: true)),
        ("GOAWAY", s => s.GoAway(s.StreamId, ErrorCode.NoError)),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Data, .. Headers, .. Priorities, .. Continuations];

    private static ClientCaseList Data => new ClientCaseList("client-frames", "6.1", "RFC 9113 §6.1")
        .Must("padded DATA", Padded, async s =>
        {
            await s.Requested();
            s.Head();
            s.PaddedData(s.StreamId, s.Run.Body[..9], 100);
            s.PaddedData(s.StreamId, s.Run.Body[9..], 100, endStream: true);
            await s.ExpectServed();
        })
        .Must("nothing but padding", Padded, s => ServedExchange.Accepts(s, e => e.PaddedData(e.StreamId, "", 255)))
        .Must("a padding length of 0", Padded, s => ServedExchange.Accepts(s, e => e.PaddedData(e.StreamId, "", 0)))
        .Must("padding as long as the payload", PaddedTooFar, s => ServedExchange.Breaks(
            s, e => e.Frame(FrameType.Data, FrameFlags.Padded, e.StreamId, [5, 0, 0, 0, 0]), ErrorCode.ProtocolError))
        .Must("padding beyond the payload", PaddedTooFar, s => ServedExchange.Breaks(
            s, e => e.Frame(FrameType.Data, FrameFlags.Padded | FrameFlags.EndStream, e.StreamId, [200, 0, 0]), ErrorCode.ProtocolError))
        .Must("PADDED without the padding's length", "A frame too short for the fields that its flags promise is an error.", s => ServedExchange.BreaksStream(
            s, e => e.Frame(FrameType.Data, FrameFlags.Padded, e.StreamId), ErrorCode.FrameSizeError, ErrorCode.ProtocolError))
        .Must("DATA on stream 0", OnStream, s => ServedExchange.Breaks(s, e => e.Data(0, "x"), ErrorCode.ProtocolError))
        .Must("empty DATA", "DATA may be empty.", s => ServedExchange.Accepts(s, e => e.Data(e.StreamId, "")))
        .Must("an empty end", "Empty DATA may end the stream.", async s =>
        {
            await s.Requested();
            s.Head();
            s.Data(s.StreamId, s.Run.Body);
            s.Data(s.StreamId, "", endStream: true);
            await s.ExpectServed();
        });

    private static ClientCaseList Headers => new ClientCaseList("client-frames", "6.2", "RFC 9113 §6.2")
        .Must("padded HEADERS", Padded, async s =>
        {
            await s.Requested();
            s.Frame(FrameType.Headers, FrameFlags.Padded | FrameFlags.EndHeaders, s.StreamId, [40, .. Serving.Ok(), .. new byte[40]]);
            await s.ExpectAccepted();
        })
        .Must("HEADERS with a priority", Priority, async s =>
        {
            await s.Requested();
            s.PrioritizedHeaders(s.StreamId, Serving.Ok(), dependency: 0, endStream: false);
            await s.ExpectAccepted();
        })
        .Must("HEADERS with padding and a priority", Padded, async s =>
        {
            await s.Requested();
            s.Frame(
                FrameType.Headers, FrameFlags.Padded | FrameFlags.Priority | FrameFlags.EndHeaders, s.StreamId,
                [9, .. Octet.Priority(0, false, 1), .. Serving.Ok(), .. new byte[9]]);
            await s.ExpectAccepted();
        })
        .Must("padding beyond the payload", PaddedTooFar, async s =>
        {
            await s.Requested();
            s.Frame(FrameType.Headers, FrameFlags.Padded | FrameFlags.EndHeaders, s.StreamId, [200, .. Serving.Ok()]);
            await s.ExpectConnectionFault(ErrorCode.ProtocolError);
        })
        .Must("PRIORITY without its octets", "A frame too short for the fields that its flags promise is an error.", async s =>
        {
            await s.Requested();
            s.Frame(FrameType.Headers, FrameFlags.Priority | FrameFlags.EndHeaders, s.StreamId, [0, 0, 0]);
            await s.ExpectConnectionFault(ErrorCode.FrameSizeError, ErrorCode.ProtocolError);
        })
        .Must("HEADERS on stream 0", OnStream, s => ServedExchange.Breaks(s, e => e.Headers(0, Serving.Ok()), ErrorCode.ProtocolError))
        .Must("HEADERS that end the stream", "A response without content ends with its HEADERS.", async s =>
        {
            await s.Requested();
            s.Headers(s.StreamId, FieldBlock.Of((":status", "204")), endStream: true);
            await s.ExpectServed(hasBody: false);
        });

    private static ClientCaseList Priorities => new ClientCaseList("client-frames", "6.3", "RFC 9113 §6.3")
        .Must("PRIORITY on the request's stream", Priority, s => ServedExchange.Accepts(s, e => e.Priority(e.StreamId)))
        .Must("PRIORITY on an idle stream", Priority, s => ServedExchange.Accepts(s, e => e.Priority(e.StreamId + 200)))
        .Must("PRIORITY on a stream of the server", Priority, s => ServedExchange.Accepts(s, e => e.Priority(2)))
        .Must("PRIORITY on stream 0", OnStream, s => ServedExchange.Breaks(s, e => e.Priority(0), ErrorCode.ProtocolError));

    private static ClientCaseList Continuations => new ClientCaseList("client-frames", "6.10", "RFC 9113 §6.10")
        .Must("a head in two frames", "HEADERS and CONTINUATION are one block.", async s =>
        {
            await s.Requested();
            var block = Serving.Ok(("x-first", "1"), ("x-second", "2"));
            s.Headers(s.StreamId, block.AsSpan(0, 7), endHeaders: false);
            s.Continuation(s.StreamId, block.AsSpan(7), endHeaders: true);
            await s.ExpectAccepted();
        })
        .Must("a head in small pieces", "A block may be cut anywhere, within a number and a string, too.", async s =>
        {
            await s.Requested();
            var block = new FieldBlock().Octets(0x08).Text("200").Literal(LiteralKind.Indexed, "x-name", new string('v', 200)).ToArray();
            // Empty, within the status, within the name, between the octets of the value's length, within the value.
            int[] cuts = [0, 3, 9, 15, 100, block.Length];
            s.Headers(s.StreamId, [], endHeaders: false);
            for (var i = 1; i < cuts.Length; i++)
                s.Continuation(s.StreamId, block.AsSpan(cuts[i - 1]..cuts[i]), endHeaders: i == cuts.Length - 1);
            await s.ExpectAccepted();
        })
        .MustForEach(Between, row => $"{row.Title} within a field block", InARow, async (s, row) =>
        {
            await s.Requested();
            s.Headers(s.StreamId, Serving.Ok(), endHeaders: false);
            row.Send(s);
            s.Continuation(s.StreamId, [], endHeaders: true);
            await s.ExpectConnectionFault(ErrorCode.ProtocolError);
        })
        .Must("CONTINUATION without HEADERS", InARow,
            s => ServedExchange.Breaks(s, e => e.Continuation(e.StreamId, Serving.Ok(), endHeaders: true), ErrorCode.ProtocolError))
        .Must("CONTINUATION on stream 0", OnStream, s => ServedExchange.Breaks(s, e => e.Continuation(0, [], endHeaders: true), ErrorCode.ProtocolError));
}
