using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Streams: their numbers, their states, how many there are, and how they end: RFC 9113 §5 and §6.4.</summary>
internal static class ClientStreamCases
{
    private const string Idle = "A frame on a stream that nobody has opened is a connection error PROTOCOL_ERROR.";
    private const string Closed = "What comes on a stream behind its end is an error STREAM_CLOSED.";
    private const string Late = "WINDOW_UPDATE and PRIORITY may be under way when a stream ends.";

    private static readonly (string Title, Action<ServerEnd> Send)[] OnIdle =
    [
        ("HEADERS on an idle stream of the client", s => s.Headers(s.StreamId + 20, Serving.Ok())),
        ("DATA on an idle stream of the client", s => s.Data(s.StreamId + 20, "x")),
        ("RST_STREAM on an idle stream of the client", s => s.Reset(s.StreamId + 20)),
        ("WINDOW_UPDATE on an idle stream of the client", s => s.WindowUpdate(s.StreamId + 20, 1)),
        ("HEADERS on a stream of the server", s => s.Headers(2, Serving.Ok())),
        ("DATA on a stream of the server", s => s.Data(2, "x")),
        ("RST_STREAM on a stream of the server", s => s.Reset(2)),
        ("WINDOW_UPDATE on a stream of the server", s => s.WindowUpdate(2, 1)),
    ];

    private static readonly ErrorCode[] Codes =
    [
        ErrorCode.NoError, ErrorCode.ProtocolError, ErrorCode.InternalError, ErrorCode.RefusedStream, ErrorCode.Cancel, ErrorCode.EnhanceYourCalm,
        ErrorCode.Http11Required,
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. States, .. Identifiers, .. Concurrency, .. Errors, .. Resets];

    private static ClientCaseList States => new ClientCaseList("client-streams", "5.1", "RFC 9113 §5.1")
        .MustForEach(OnIdle, row => row.Title, Idle, (s, row) => ServedExchange.Breaks(s, row.Send, ErrorCode.ProtocolError))
        .Must("DATA on a stream that has ended", Closed, async s =>
        {
            await s.RequestedSeveral(2);
            s.Answer(s.Streams[0]);
            s.Data(s.Streams[0], "more");
            await s.ExpectRequestFault(ErrorCode.StreamClosed);
        }, ClientTask.Several)
        .Must("HEADERS on a stream that has ended", Closed, async s =>
        {
            await s.RequestedSeveral(2);
            s.Answer(s.Streams[0]);
            s.Headers(s.Streams[0], Serving.Ok());
            await s.ExpectRequestFault(ErrorCode.StreamClosed);
        }, ClientTask.Several)
        .Must("WINDOW_UPDATE on a stream that has ended", Late, s => AfterEnd(s, id => s.WindowUpdate(id, 100)), ClientTask.Several)
        .Must("PRIORITY on a stream that has ended", Late, s => AfterEnd(s, id => s.Priority(id)), ClientTask.Several)
        .Must("nothing behind its end", "Behind END_STREAM the client sends nothing on the stream but WINDOW_UPDATE, RST_STREAM and PRIORITY.", async s =>
        {
            await ServedExchange.Ordinary(s);
            var after = s.Traffic.Where(frame => frame.StreamId == s.StreamId).SkipWhile(frame => !frame.EndsStream).Skip(1);
            if (after.FirstOrDefault(frame => frame.Type is FrameType.Data or FrameType.Headers) is { StreamId: > 0 } frame)
                throw Speaker.Fail("nothing behind END_STREAM", FrameLine.Of(frame));
        })
        .Must("DATA before the head", "A response begins with its head; DATA before it is a PROTOCOL_ERROR.", async s =>
        {
            await s.Requested();
            s.Data(s.StreamId, s.Run.Body);
            await s.ExpectRequestFault(ErrorCode.ProtocolError);
        });

    private static ClientCaseList Identifiers => new ClientCaseList("client-streams", "5.1.1", "RFC 9113 §5.1.1")
        .Must("odd streams", "The client opens streams with odd numbers.", s => ServedExchange.Every(
            s, "an odd stream", frame => frame.Type != FrameType.Headers || frame.StreamId % 2 == 1))
        .Must("rising streams", "Each stream that the client opens is above the one before.", async s =>
        {
            await s.RequestedSeveral(2);
            if (s.Streams.Zip(s.Streams.Skip(1)).Any(pair => pair.Item2 <= pair.Item1) || s.Streams.Any(id => id % 2 == 0))
                throw Speaker.Fail("odd streams that rise", string.Join(", ", s.Streams));
        }, ClientTask.Several)
        .Must("one request a stream", "A stream carries one request.", async s =>
        {
            await s.RequestedSeveral(2);
            for (var i = 0; i < 3; i++)
            {
                await s.NextRequest(i);
                s.Answer(s.Streams[i]);
            }
            await s.UntilEnd(static _ => { });
            if (s.Streams.FirstOrDefault(id => s.On(id).SectionCount > 1) is > 0 and var twice)
                throw Speaker.Fail("one head on each stream", $"{s.On(twice).SectionCount} on stream {twice}");
        }, ClientTask.Several);

    private static ClientCaseList Concurrency => new ClientCaseList("client-streams", "5.1.2", "RFC 9113 §5.1.2")
        .Must("one stream at a time", "A client that is allowed one stream opens the next when that has ended.", async s =>
        {
            await s.Requested(new Setting(SettingId.MaxConcurrentStreams, 1));
            await s.ExpectUntil("SETTINGS with ACK", () => s.Traffic.Any(frame => frame is { Type: FrameType.Settings, IsAck: true }));
            await s.ExpectTolerated();
            var beforeKnown = s.RequestsBeforeAck;
            for (var answered = 0; answered < 3; answered++)
            {
                await s.NextRequest(answered);
                if (s.Streams.Count > Math.Max(beforeKnown, answered + 1))
                    throw Speaker.Fail("one stream at a time", $"streams {string.Join(", ", s.Streams)}, of which {answered} have ended");
                s.Answer(s.Streams[answered]);
                if (answered < 2)
                    await s.ExpectTolerated();
            }
            await s.ExpectServed();
        }, ClientTask.Several)
        .Must("a limit that is raised", "The client goes on when it is allowed more streams.", async s =>
        {
            await s.Requested(new Setting(SettingId.MaxConcurrentStreams, 1));
            s.Settings(SettingId.MaxConcurrentStreams, 100);
            await AnswerAll(s);
        }, ClientTask.Several);

    private static ClientCaseList Errors => new ClientCaseList("client-streams", "5.4", "RFC 9113 §5.4")
        .Must("a stream that is reset beside others", "An error of one stream does no harm to others.", async s =>
        {
            await s.RequestedSeveral(2);
            s.Reset(s.Streams[0], ErrorCode.InternalError);
            s.Headers(s.Streams[1], Serving.Ok());
            await s.ExpectTolerated();
        }, ClientTask.Several)
        .Must("no response behind a connection error", "A response that an error of the connection cuts off is not complete.", async s =>
        {
            await s.Requested();
            s.Head();
            s.Data(s.StreamId, "the first part");
            s.Frame(FrameType.Ping, 0, s.StreamId, Octet.UInt64(1));
            await s.ExpectGoAway(ErrorCode.ProtocolError);
            await s.ExpectRefused();
        })
        .Must("no answer to RST_STREAM", "RST_STREAM is not answered with RST_STREAM.", async s =>
        {
            await s.Requested();
            s.Reset(s.StreamId, ErrorCode.InternalError);
            await s.UntilEnd(frame =>
            {
                if (frame.Type == FrameType.RstStream)
                    throw Speaker.Fail("no RST_STREAM in answer to one", FrameLine.Of(frame));
            });
        });

    private static ClientCaseList Resets => new ClientCaseList("client-streams", "6.4", "RFC 9113 §6.4")
        .MustForEach(Codes, code => $"RST_STREAM with {FrameLine.Name(code)}", "A request whose stream is reset before the response has none.", async (s, code) =>
        {
            await s.Requested();
            s.Reset(s.StreamId, code);
            await s.ExpectNoResponse();
        })
        .Must("RST_STREAM within the content", "A response that is cut off is not complete.", async s =>
        {
            await s.Requested();
            s.Head();
            s.Data(s.StreamId, "the first part");
            s.Reset(s.StreamId, ErrorCode.InternalError);
            await s.ExpectNoResponse();
        })
        .Must("nothing more of an upload", "Behind RST_STREAM of the server the client sends nothing but PRIORITY on the stream.", async s =>
        {
            await s.Requested();
            s.Reset(s.StreamId, ErrorCode.RefusedStream);
            s.WindowUpdate(0, 1_000_000);
            await s.UntilEnd(static _ => { });
            var sent = s.Traffic.Where(frame => frame.Type == FrameType.Data && frame.StreamId == s.StreamId).Sum(frame => frame.Length);
            if (s.On(s.StreamId).Ended || sent > PeerWindows.Initial)
                throw Speaker.Fail("no more of the upload", $"{sent} octets of it");
        }, ClientTask.Upload)
        .Must("RST_STREAM on stream 0", "RST_STREAM on stream 0 is a connection error PROTOCOL_ERROR.",
            s => ServedExchange.Breaks(s, e => e.Reset(0), ErrorCode.ProtocolError));

    private static async Task AfterEnd(ServerEnd s, Action<uint> send)
    {
        await s.RequestedSeveral(2);
        s.Answer(s.Streams[0]);
        send(s.Streams[0]);
        await s.ExpectTolerated();
        await AnswerAll(s, from: 1);
    }

    private static async Task AnswerAll(ServerEnd s, int from = 0)
    {
        for (var i = from; i < 3; i++)
        {
            await s.NextRequest(i);
            s.Answer(s.Streams[i]);
        }
        await s.ExpectServed();
    }
}
