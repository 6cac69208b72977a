using Http2.Pure;

namespace Http2.Conformance;

/// <summary>What any server takes: prefaces, frames in each stream state, messages.</summary>
internal static class GenericStreams
{
    public static IEnumerable<ConformanceCase> Cases => [.. Preface, .. States, .. Messages];

    private static CaseList Preface => new CaseList("generic", "1", "RFC 9113 §3.4")
        .Must("client preface",
            "The server takes a client's preface and answers with its own SETTINGS, not an acknowledgement, as first frame.",
            FirstFrameIsSettings);

    private static CaseList States => new CaseList("generic", "2", "RFC 9113 §5.1")
        .Must("PRIORITY on an idle stream", "PRIORITY may come for a stream that was never used.", async p =>
        {
            await p.Handshake();
            p.Priority(1);
            p.Ping(0);
            await p.ExpectPong();
        })
        .Must("WINDOW_UPDATE on a half-closed (remote) stream",
            "Credit is taken after the request has ended, and lets the response's data flow.", async p =>
        {
            await p.Handshake();
            p.Settings(SettingId.InitialWindowSize, 0);
            p.Request(1);
            p.WindowUpdate(1, 1);
            await p.ExpectFrame(FrameType.Data);
        })
        .Must("PRIORITY on a half-closed (remote) stream", "PRIORITY is taken after the request has ended.", async p =>
        {
            await p.Handshake();
            p.Settings(SettingId.InitialWindowSize, 0);
            p.Request(1);
            p.Priority(1);
            p.WindowUpdate(1, 1);
            await p.ExpectFrame(FrameType.Data);
        })
        .Must("RST_STREAM on a half-closed (remote) stream",
            "A request may be cancelled after it was sent; the connection goes on.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            p.Reset(1);
            p.Ping(0);
            await p.ExpectPongOrClose();
        })
        .Must("PRIORITY on a closed stream", "PRIORITY is taken after the stream has closed.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            await p.ExpectStreamEnd();
            p.Priority(1);
            p.Ping(0);
            await p.ExpectPong();
        });

    private static CaseList Messages => new CaseList("generic", "4", "RFC 9113 §8.1")
        .Must("GET", "A GET request is answered.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            await p.ExpectHeaders(1);
        })
        .Must("HEAD", "A HEAD request is answered.", async p =>
        {
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(method: "HEAD")), endStream: true);
            await p.ExpectHeaders(1);
        })
        .Must("POST", "A request with a body is answered.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Data(1, "test", endStream: true);
            await p.ExpectHeaders(1);
        })
        .Must("POST with trailers", "A request with a body and trailers is answered.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post(("trailer", "x-test")));
            p.Data(1, "test");
            p.Headers(1, FieldBlock.Of([("x-test", "ok")]), endStream: true);
            await p.ExpectHeaders(1);
        });

    /// <summary>Sends the preface; the first frame of the server must be SETTINGS without ACK. Shared with <c>http2/3.5/1</c>.</summary>
    public static async Task FirstFrameIsSettings(Probe p)
    {
        p.Magic();
        p.Settings(SettingId.InitialWindowSize, PeerWindows.Initial);
        var (outcome, frame) = await p.Next();
        if (outcome != ReadOutcome.Frame || frame.Type != FrameType.Settings || frame.IsAck)
            throw Probe.Fail("SETTINGS without ACK as first frame", outcome == ReadOutcome.Frame ? FrameLine.Of(frame) : "no frame");
    }
}
