using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Server push: RFC 9113 §8.4. Needs a path at which the server pushes.</summary>
internal static class PushCases
{
    public static IEnumerable<ConformanceCase> Cases => [.. Allowed, .. Promises, .. Refused];

    private static CaseList Allowed => new CaseList("push", "6.5.2", "RFC 9113 §6.5.2")
        .Must("ENABLE_PUSH of 0", "A client that does not want pushes gets none.", async p =>
        {
            await p.Handshake(new Setting(SettingId.EnablePush, 0));
            await None(p, p.Target.Resources.Push ?? p.Target.Path);
        })
        .Must("ENABLE_PUSH of 0 later", "Once ENABLE_PUSH of 0 is acknowledged there are no more pushes.", async p =>
        {
            var path = Path(p);
            await p.Handshake();
            p.Settings(SettingId.EnablePush, 0);
            await p.ExpectTolerated();
            await None(p, path);
        })
        .Must("MAX_CONCURRENT_STREAMS of 0", "A client that allows no streams gets no pushes.", async p =>
        {
            var path = Path(p);
            await p.Handshake(new Setting(SettingId.MaxConcurrentStreams, 0));
            await None(p, path);
        });

    private static CaseList Promises => new CaseList("push", "8.4.1", "RFC 9113 §8.4.1")
        .Must("promised on the request's stream",
            "PUSH_PROMISE comes on the stream of the request, while it is open, with an even stream.", async p =>
        {
            var (frame, _) = await Promise(p);
            if (frame.StreamId != 1 || frame.NamedStream is 0 || frame.NamedStream % 2 != 0)
                throw Probe.Fail("PUSH_PROMISE on stream 1 with an even stream", $"{FrameLine.Of(frame)} of {frame.NamedStream}");
            if (p.On(1).Ended)
                throw Probe.Fail("PUSH_PROMISE before the end of stream 1", "after it");
        })
        .Must("promised request",
            "The promised request has :method, :scheme, :path and :authority, once each and first, and a safe method.", async p =>
        {
            var (frame, _) = await Promise(p);
            var request = p.On(frame.NamedStream).Sections[0];
            var pseudo = request.TakeWhile(one => one.Name.StartsWith(':')).ToList();
            string[] wanted = [":authority", ":method", ":path", ":scheme"];
            if (!pseudo.Select(one => one.Name).Order(StringComparer.Ordinal).SequenceEqual(wanted)
                || request.Skip(pseudo.Count).Any(one => one.Name.StartsWith(':')))
                throw Probe.Fail(string.Join(", ", wanted), string.Join(", ", request.Select(one => one.Name)));
            if (ReceivedStream.Value(request, ":method") is not ("GET" or "HEAD"))
                throw Probe.Fail(":method GET or HEAD", ReceivedStream.Value(request, ":method") ?? "none");
            if (request.Any(one => one.Name == "content-length" && one.Value != "0"))
                throw Probe.Fail("no content with the promised request", "content-length");
        })
        .Must("pushed response", "The response comes on the promised stream, with :status, and ends it.", async p =>
        {
            var (frame, _) = await Promise(p);
            var pushed = await p.Response(frame.NamedStream);
            if (pushed.Status is null || !pushed.Ended)
                throw Probe.Fail("a complete response on the promised stream", pushed.ToString());
            await p.ExpectAnswered(1);
        })
        .Must("promised streams rise", "Each promised stream is above the one before.", async p =>
        {
            var (first, path) = await Promise(p);
            await p.ExpectAnswered(1);
            await p.Response(first.NamedStream);
            p.Headers(3, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            var second = await p.ExpectFrame(FrameType.PushPromise);
            if (second.NamedStream <= first.NamedStream || second.NamedStream % 2 != 0)
                throw Probe.Fail($"an even stream above {first.NamedStream}", $"{second.NamedStream}");
        })
        .Must("pushed DATA keeps to the window", "A pushed stream has a window like any other.", async p =>
        {
            var path = Path(p);
            await p.Handshake(new Setting(SettingId.InitialWindowSize, 0));
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            var frame = await p.ExpectFrame(FrameType.PushPromise);
            await p.ExpectTolerated();
            if (p.On(frame.NamedStream).DataLength > 0)
                throw Probe.Fail("no DATA without window", p.On(frame.NamedStream).ToString());
            p.Settings(SettingId.InitialWindowSize, 65535);
            await p.Response(frame.NamedStream);
            await p.ExpectAnswered(1);
        });

    private static CaseList Refused => new CaseList("push", "8.4.2", "RFC 9113 §8.4.2")
        .Must("promise refused with CANCEL",
            "A client may reset a promised stream; the request is answered.", p => Reset(p, ErrorCode.Cancel))
        .Must("promise refused with REFUSED_STREAM",
            "A client may refuse a promised stream; the request is answered.", p => Reset(p, ErrorCode.RefusedStream))
        .Must("WINDOW_UPDATE and PRIORITY on a promised stream", "Both may come for a promised stream.", async p =>
        {
            var (frame, _) = await Promise(p);
            p.WindowUpdate(frame.NamedStream, 10);
            p.Priority(frame.NamedStream);
            await p.ExpectTolerated();
        })
        .Must("HEADERS on a promised stream", "A client sends no HEADERS on a promised stream.", async p =>
        {
            var (frame, _) = await Promise(p);
            p.Headers(frame.NamedStream, p.Get(), endStream: true);
            await p.ExpectGoAway(ErrorCode.ProtocolError, ErrorCode.StreamClosed);
        });

    private static string Path(Probe p) => Probe.Need(p.Target.Resources.Push, "push");

    private static async Task<(WireFrame Frame, string Path)> Promise(Probe p)
    {
        var path = Path(p);
        await p.Handshake();
        p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
        return (await p.ExpectFrame(FrameType.PushPromise), path);
    }

    private static async Task Reset(Probe p, ErrorCode code)
    {
        var (frame, _) = await Promise(p);
        p.Reset(frame.NamedStream, code);
        await p.ExpectAnswered(1);
        await p.ExpectTolerated();
        await p.ExpectRequestAnswered(3);
    }

    private static async Task None(Probe p, string path)
    {
        p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
        while (!p.On(1).Ended)
        {
            var (outcome, frame) = await p.Next();
            if (outcome != ReadOutcome.Frame || frame.Type == FrameType.PushPromise)
                throw Probe.Fail("a response and no PUSH_PROMISE", outcome == ReadOutcome.Frame ? FrameLine.Of(frame) : outcome.ToString());
        }
    }
}
