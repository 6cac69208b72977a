using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Flow control in both directions: RFC 9113 §5.2 and §6.9.</summary>
internal static class ClientFlowCases
{
    private const int Window = PeerWindows.Initial;

    private const string Sends = "The client sends no more content than the windows allow.";

    /// <summary>The most octets that a case sends to use a client's window up.</summary>
    private const long MostSent = 64 << 20;

    public static IEnumerable<ConformanceCase> Cases => [.. Receiving, .. Updates, .. Sending, .. Initial];

    private static ClientCaseList Receiving => new ClientCaseList("client-flow", "5.2", "RFC 9113 §5.2")
        .Must("content beyond the window", "A client that reads opens its windows again.", s => Download(s, padding: 0))
        .Must("padding counts", "Padding counts as content does, and is paid back, too.", s => Download(s, padding: 255))
        .Should("content that is not allowed", "A server that sends beyond the windows has broken flow control: FLOW_CONTROL_ERROR.", async s =>
        {
            await s.Requested();
            s.Head();
            await s.ExpectTolerated();
            var window = WindowOf(s);
            if (window > MostSent)
                throw Speaker.Skip($"the client's window has {window} octets");
            // All of it at once, so that what the client pays back meanwhile comes too late for most clients.
            var sent = 0L;
            for (; sent <= window * 3; sent += 16384)
                s.Data(s.StreamId, Octet.Fill(16384));
            try
            {
                await s.ExpectRequestFault(ErrorCode.FlowControlError);
            }
            catch (CaseFailedException) when (WindowOf(s) >= sent)
            {
                throw Speaker.Skip("the client pays back what it reads while more is sent, so all of it was allowed");
            }
        });

    private static ClientCaseList Updates => new ClientCaseList("client-flow", "6.9", "RFC 9113 §6.9")
        .Must("an increment of 0 on the stream", "An increment of 0 is an error PROTOCOL_ERROR of the stream.",
            s => ServedExchange.BreaksStream(s, e => e.WindowUpdate(e.StreamId, 0), ErrorCode.ProtocolError))
        .Must("an increment of 0 on the connection", "An increment of 0 is a connection error PROTOCOL_ERROR on stream 0.",
            s => ServedExchange.Breaks(s, e => e.WindowUpdate(0, 0), ErrorCode.ProtocolError))
        .Must("increments above 0", "The client's own increments are above 0.", s => ServedExchange.Every(
            s, "an increment above 0", frame => frame.Type != FrameType.WindowUpdate || frame.Increment > 0))
        .Must("a stream's window above 2^31-1", "A window that grows above 2^31-1 is a FLOW_CONTROL_ERROR of the stream.", s => Waiting(
            s, () =>
            {
                s.WindowUpdate(s.StreamId, int.MaxValue);
                s.WindowUpdate(s.StreamId, int.MaxValue);
                return s.ExpectRequestFault(ErrorCode.FlowControlError);
            }), ClientTask.Upload)
        .Must("the connection's window above 2^31-1", "A window that grows above 2^31-1 is a FLOW_CONTROL_ERROR of the connection.", s => ServedExchange.Breaks(
            s, e =>
            {
                e.WindowUpdate(0, int.MaxValue);
                e.WindowUpdate(0, int.MaxValue);
            }, ErrorCode.FlowControlError));

    private static ClientCaseList Sending => new ClientCaseList("client-flow", "6.9.1", "RFC 9113 §6.9.1")
        .Must("both windows at first", Sends, s => Waiting(s, () => Task.CompletedTask), ClientTask.Upload)
        .Must("the stream's window alone", Sends, s => Waiting(s, async () =>
        {
            s.WindowUpdate(0, 1_000_000);
            await ExpectSent(s, Window);
        }), ClientTask.Upload)
        .Must("the connection's window alone", Sends, s => Waiting(s, async () =>
        {
            s.WindowUpdate(s.StreamId, 1_000_000);
            await ExpectSent(s, Window);
        }), ClientTask.Upload)
        .Must("an octet of window", "The client sends as much as it may, be it one octet.", s => Waiting(s, async () =>
        {
            s.WindowUpdate(0, 1_000_000);
            s.WindowUpdate(s.StreamId, 1);
            await ExpectSent(s, Window + 1);
        }), ClientTask.Upload)
        .Must("all of an upload", "With windows that open again all of the content comes, as it was.", async s =>
        {
            await s.Requested();
            await s.ExpectUntil("all of the upload", () => s.On(s.StreamId).Ended);
            var body = s.Traffic.Where(frame => frame.Type == FrameType.Data && frame.StreamId == s.StreamId).SelectMany(frame => frame.Content.ToArray());
            if (!body.SequenceEqual(ClientRun.Upload.ToArray()))
                throw Speaker.Fail("the content of the file", $"{s.On(s.StreamId).DataLength} other octets");
            s.Answer(s.StreamId);
            await s.ExpectServed();
        }, ClientTask.Upload);

    private static ClientCaseList Initial => new ClientCaseList("client-flow", "6.9.2", "RFC 9113 §6.9.2")
        .Must("no window until there is one", "Behind its acknowledgement the client keeps to an INITIAL_WINDOW_SIZE of 0.", async s =>
        {
            s.GrantsWindow = false;
            await s.Requested(new Setting(SettingId.InitialWindowSize, 0));
            await s.ExpectUntil("SETTINGS with ACK", () => s.Traffic.Any(frame => frame is { Type: FrameType.Settings, IsAck: true }));
            var before = Sent(s);
            await ExpectSent(s, before);
            s.WindowUpdate(0, 1_000_000);
            s.WindowUpdate(s.StreamId, (uint)before + 1000);
            await ExpectSent(s, before + 1000);
        }, ClientTask.Upload)
        .Must("a window below 0", "A smaller INITIAL_WINDOW_SIZE may take a window below 0; nothing is sent until it is above.", s => Waiting(s, async () =>
        {
            s.WindowUpdate(0, 1_000_000);
            s.Settings(SettingId.InitialWindowSize, 10_000);
            s.WindowUpdate(s.StreamId, Window - 10_000);
            await ExpectSent(s, Window);
            s.WindowUpdate(s.StreamId, 5);
            await ExpectSent(s, Window + 5);
        }), ClientTask.Upload)
        .Must("a larger initial window", "A larger INITIAL_WINDOW_SIZE opens the windows of open streams.", s => Waiting(s, async () =>
        {
            s.WindowUpdate(0, 1_000_000);
            s.Settings(SettingId.InitialWindowSize, Window + 20_000);
            await ExpectSent(s, Window + 20_000);
        }), ClientTask.Upload)
        .Must("the connection has its own", "INITIAL_WINDOW_SIZE does not change the connection's window.", s => Waiting(s, async () =>
        {
            s.Settings(SettingId.InitialWindowSize, 1_000_000);
            await ExpectSent(s, Window);
        }), ClientTask.Upload)
        .Must("a setting that takes a window above 2^31-1", "It is a connection error FLOW_CONTROL_ERROR.", s => Waiting(s, () =>
        {
            s.WindowUpdate(s.StreamId, int.MaxValue);
            s.Settings(SettingId.InitialWindowSize, int.MaxValue);
            return s.ExpectConnectionFault(ErrorCode.FlowControlError);
        }), ClientTask.Upload);

    /// <summary>An upload that has used both windows up, and what is done then.</summary>
    private static async Task Waiting(ServerEnd s, Func<Task> then)
    {
        s.GrantsWindow = false;
        await s.Requested();
        await ExpectSent(s, Window);
        await then();
    }

    /// <summary>The upload comes so far and no further.</summary>
    private static async Task ExpectSent(ServerEnd s, int octets)
    {
        await s.ExpectUntil($"{octets} octets of content", () => Sent(s) >= octets);
        await s.ExpectTolerated();
        if (Sent(s) > octets)
            throw Speaker.Fail($"{octets} octets of content", $"{Sent(s)}");
    }

    private static int Sent(ServerEnd s) => s.Traffic.Where(frame => frame.Type == FrameType.Data && frame.StreamId == s.StreamId).Sum(frame => frame.Length);

    private static long WindowOf(ServerEnd s) =>
        Math.Min(s.PeerWindows.Connection, s.PeerWindows.Of(s.StreamId, s.PeerSetting(SettingId.InitialWindowSize) ?? Window));

    /// <summary>Sends half as much again as the smaller of the client's windows has.</summary>
    private static async Task Download(ServerEnd s, byte padding)
    {
        await s.Requested();
        s.Head();
        await s.ExpectTolerated();
        var octets = WindowOf(s) * 3 / 2;
        if (octets > MostSent)
            throw Speaker.Skip($"the client's window has {WindowOf(s)} octets");
        await s.Upload(s.StreamId, (int)(padding == 0 ? octets : octets * 200 / (200 + padding + 1)), padding);
        await s.ExpectServed(hasBody: false);
    }
}
