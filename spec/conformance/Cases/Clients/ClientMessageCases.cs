using Http2.Pure;

namespace Http2.Conformance;

/// <summary>The framing of responses: informational ones, content and its length, trailers, early ends: RFC 9113 §8.1.</summary>
internal static class ClientMessageCases
{
    private const string Malformed = "A malformed response is a stream error PROTOCOL_ERROR, and the client does not take it.";
    private const string Trailers = "Behind the content there may be one section of trailers, which ends the stream.";
    private const string Informational = "Informational responses may come before the final one; who does not know one ignores it.";

    public static IEnumerable<ConformanceCase> Cases => [.. Sections, .. Lengths, .. Interim, .. Early];

    private static ClientCaseList Sections => new ClientCaseList("client-messages", "8.1", "RFC 9113 §8.1")
        .Must("a response in one write", "HEADERS and DATA may come together.", async s =>
        {
            await s.Requested();
            s.Answer(s.StreamId);
            await s.ExpectServed();
        })
        .Must("content in many frames", "Content comes in any number of frames.", async s =>
        {
            await s.Requested();
            s.Head();
            foreach (var letter in s.Run.Body)
                s.Data(s.StreamId, $"{letter}");
            s.Data(s.StreamId, "", endStream: true);
            await s.ExpectServed();
        })
        .Must("trailers", Trailers, s => Trailing(s, ("x-checksum", "1234")))
        .Must("trailers without content", Trailers, async s =>
        {
            await s.Requested();
            s.Head();
            s.Headers(s.StreamId, FieldBlock.Of(("x-checksum", "1234")), endStream: true);
            await s.ExpectServed(hasBody: false);
        })
        .Must("trailers that do not end the stream", Malformed, s => ServedExchange.BreaksStream(
            s, e => e.Headers(e.StreamId, FieldBlock.Of(("x-checksum", "1234"))), ErrorCode.ProtocolError))
        .Must("a pseudo-field in trailers", Malformed, s => ServedExchange.BreaksStream(
            s, e => e.Headers(e.StreamId, FieldBlock.Of((":status", "200")), endStream: true), ErrorCode.ProtocolError))
        .Must("a name in upper case in trailers", Malformed, s => ServedExchange.BreaksStream(
            s, e => e.Headers(e.StreamId, FieldBlock.Of(("X-Upper", "1")), endStream: true), ErrorCode.ProtocolError))
        .Must("a field of the connection in trailers", Malformed, s => ServedExchange.BreaksStream(
            s, e => e.Headers(e.StreamId, FieldBlock.Of(("connection", "close")), endStream: true), ErrorCode.ProtocolError))
        .Must("two final heads", Malformed, s => ServedExchange.BreaksStream(
            s, e => e.Headers(e.StreamId, Serving.Ok()), ErrorCode.ProtocolError));

    private static ClientCaseList Lengths => new ClientCaseList("client-messages", "8.1.1", "RFC 9113 §8.1.1")
        .Must("content-length", "A content-length that is right is taken.", s => ServedExchange.Sound(s, (":status", "200"), ("content-length", $"{s.Run.Body.Length}")))
        .Must("content-length with padding", "Padding is not part of the content that content-length tells.", async s =>
        {
            await s.Requested();
            s.Head(("content-length", $"{s.Run.Body.Length}"));
            s.PaddedData(s.StreamId, s.Run.Body, 50, endStream: true);
            await s.ExpectServed();
        })
        .Must("less content than content-length", Malformed, s => WithLength(s, "40", Octet.Fill(39)))
        .Must("more content than content-length", Malformed, s => WithLength(s, "40", Octet.Fill(41)))
        .Must("no content in spite of content-length", Malformed, async s =>
        {
            await s.Requested();
            s.Headers(s.StreamId, Serving.Ok(("content-length", "40")), endStream: true);
            await s.ExpectRequestFault(ErrorCode.ProtocolError);
        })
        .Must("less content than content-length before trailers", Malformed, async s =>
        {
            await s.Requested();
            s.Head(("content-length", "40"));
            s.Data(s.StreamId, Octet.Fill(39));
            s.Headers(s.StreamId, FieldBlock.Of(("x-checksum", "1234")), endStream: true);
            await s.ExpectRequestFault(ErrorCode.ProtocolError);
        })
        .Must("content-length that is no number", Malformed, s => WithLength(s, "forty", Octet.Fill(40)))
        .Must("content-length with a sign", Malformed, s => WithLength(s, "+40", Octet.Fill(40)))
        .Must("two different content-lengths", Malformed, async s =>
        {
            await s.Requested();
            s.Head(("content-length", "40"), ("content-length", "41"));
            s.Data(s.StreamId, Octet.Fill(40), endStream: true);
            await s.ExpectRequestFault(ErrorCode.ProtocolError);
        })
        .Must("content-length of 304", "A 304 may have the content-length that a 200 would have.", async s =>
        {
            await s.Requested();
            s.Headers(s.StreamId, FieldBlock.Of((":status", "304"), ("content-length", "40")), endStream: true);
            await s.ExpectServed(hasBody: false);
        });

    private static ClientCaseList Interim => new ClientCaseList("client-messages", "8.1.2", "RFC 9113 §8.1")
        .MustForEach((string[])["100", "102", "103", "199"], status => status, Informational, async (s, status) =>
        {
            await s.Requested();
            s.Headers(s.StreamId, FieldBlock.Of((":status", status), ("x-early", "1")));
            s.Head();
            await s.ExpectAccepted();
        })
        .Must("several", Informational, async s =>
        {
            await s.Requested();
            for (var i = 0; i < 5; i++)
                s.Headers(s.StreamId, FieldBlock.Of((":status", "103"), ("link", $"</{i}.css>; rel=preload")));
            s.Head();
            await s.ExpectAccepted();
        })
        .Must("an informational response that ends the stream", Malformed, async s =>
        {
            await s.Requested();
            s.Headers(s.StreamId, FieldBlock.Of((":status", "103")), endStream: true);
            await s.ExpectRequestFault(ErrorCode.ProtocolError);
        })
        .Must("content behind an informational response", Malformed, async s =>
        {
            await s.Requested();
            s.Headers(s.StreamId, FieldBlock.Of((":status", "103")));
            s.Content();
            await s.ExpectRequestFault(ErrorCode.ProtocolError);
        })
        .Must("an informational response behind the final one", Malformed, s => ServedExchange.BreaksStream(
            s, e => e.Headers(e.StreamId, FieldBlock.Of((":status", "103"))), ErrorCode.ProtocolError))
        .Must("101", "HTTP/2 has no 101 (RFC 9113 §8.6): it is malformed.", s => ServedExchange.Malformed(s, (":status", "101")));

    private static ClientCaseList Early => new ClientCaseList("client-messages", "8.1.3", "RFC 9113 §8.1")
        .Must("a response before the end of the upload", "A response that is complete before the request is not discarded: RST_STREAM with NO_ERROR only ends the upload.",
            async s =>
            {
                s.GrantsWindow = false;
                await s.Requested();
                s.Answer(s.StreamId);
                s.Reset(s.StreamId, ErrorCode.NoError);
                await s.ExpectServed();
            }, ClientTask.Upload)
        .Must("a head before the end of the upload", "A response may begin before the request has ended, and both come to their end.", async s =>
        {
            await s.Requested();
            s.Head();
            await s.ExpectUntil("all of the upload", () => s.On(s.StreamId).Ended);
            s.Content();
            await s.ExpectServed();
        }, ClientTask.Upload);

    private static async Task Trailing(ServerEnd s, params (string Name, string Value)[] trailers)
    {
        await s.Requested();
        s.Head();
        s.Data(s.StreamId, s.Run.Body);
        s.Headers(s.StreamId, FieldBlock.Of(trailers), endStream: true);
        await s.ExpectServed();
    }

    private static async Task WithLength(ServerEnd s, string length, byte[] content)
    {
        await s.Requested();
        s.Head(("content-length", length));
        s.Data(s.StreamId, content, endStream: true);
        await s.ExpectRequestFault(ErrorCode.ProtocolError);
    }
}
