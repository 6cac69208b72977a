using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Flow control both ways: RFC 9113 §5.2 and §6.9.</summary>
internal static class FlowCases
{
    private const uint MaxWindow = int.MaxValue;

    public static IEnumerable<ConformanceCase> Cases => [.. Sending, .. InitialWindow, .. Receiving, .. Refunds];

    private static CaseList Sending => new CaseList("flow", "6.9.1", "RFC 9113 §6.9.1")
        .Must("the connection's window holds", "All streams together send no more than the connection's window.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Large, "large");
            await p.Handshake(new Setting(SettingId.InitialWindowSize, 1_000_000));
            p.GrantsWindow = false;
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            p.Headers(3, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            await Receives(p, 65535);
            p.WindowUpdate(0, 1000);
            await Receives(p, 1000);
        })
        .Must("a stream's window holds", "A stream sends no more than its window, and goes on when there is credit.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Large, "large");
            await p.Handshake(new Setting(SettingId.InitialWindowSize, 10_000));
            p.GrantsWindow = false;
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            await Receives(p, 10_000);
            p.WindowUpdate(1, 1);
            await Receives(p, 1);
            p.WindowUpdate(1, 5000);
            await Receives(p, 5000);
        })
        .Must("SETTINGS do not move the connection's window", "INITIAL_WINDOW_SIZE is of streams alone.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Large, "large");
            await p.Handshake(new Setting(SettingId.InitialWindowSize, 2_000_000));
            p.GrantsWindow = false;
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            await Receives(p, 65535);
        })
        .Must("no stream waits for another", "A stream without window does not hold up one that has it.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Large, "large");
            await p.NeedBody();
            await p.Handshake(new Setting(SettingId.InitialWindowSize, 100));
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            p.Request(3);
            p.WindowUpdate(3, 1_000_000);
            p.WindowUpdate(0, 1_000_000);
            await p.ExpectAnswered(3);
        })
        .Must("connection window of exactly 2^31-1",
            "A window may be as large as 2^31-1.", p => Exchange.Tolerated(p, probe => probe.WindowUpdate(0, MaxWindow - 65535)))
        .Must("connection window of 2^31", "One octet more ends the connection with FLOW_CONTROL_ERROR.", p =>
            Exchange.ConnectionError(p, probe => probe.WindowUpdate(0, MaxWindow - 65534), ErrorCode.FlowControlError))
        .Must("stream window of exactly 2^31-1", "A window may be as large as 2^31-1.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.WindowUpdate(1, MaxWindow - 65535);
            p.Data(1, "test", endStream: true);
            await Exchange.Taken(p);
        })
        .Must("stream window above 2^31-1 at once",
            "One WINDOW_UPDATE that passes 2^31-1 ends the stream with FLOW_CONTROL_ERROR.", async p =>
        {
            await p.NeedShortBody();
            await p.Handshake();
            p.Headers(1, p.Post());
            p.WindowUpdate(1, MaxWindow);
            await p.ExpectStreamFault(1, ErrorCode.FlowControlError);
        });

    private static CaseList InitialWindow => new CaseList("flow", "6.9.2", "RFC 9113 §6.9.2")
        .Must("SETTINGS that push a window past 2^31-1",
            "A change of INITIAL_WINDOW_SIZE that takes any window past 2^31-1 ends the connection with FLOW_CONTROL_ERROR.", async p =>
        {
            await p.NeedShortBody();
            await p.Handshake();
            p.Headers(1, p.Post());
            p.WindowUpdate(1, MaxWindow - 65535);

            // The response may have used some of the window by now: a step of 65,535 passes the limit all the same.
            p.Settings(SettingId.InitialWindowSize, 2 * 65535);
            await p.ExpectGoAway(ErrorCode.FlowControlError);
        })
        .Must("windows of all open streams move", "A change of INITIAL_WINDOW_SIZE opens every stream.", async p =>
        {
            await p.NeedBody();
            await p.Handshake(new Setting(SettingId.InitialWindowSize, 0));
            for (var i = 0u; i < 10; i++)
                p.Request((i * 2) + 1);
            await p.ExpectTolerated();
            p.Settings(SettingId.InitialWindowSize, 65535);
            await MessageCases.Ended(p, 10);
        })
        .Must("window below zero and back", "A window below zero must be paid back before anything is sent.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Large, "large");
            await p.Handshake(new Setting(SettingId.InitialWindowSize, 5000));
            p.GrantsWindow = false;
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            await Receives(p, 5000);
            p.Settings(SettingId.InitialWindowSize, 1000);
            p.WindowUpdate(1, 4000);
            await Receives(p, 0);
            p.WindowUpdate(1, 10);
            await Receives(p, 10);
        });

    private static CaseList Receiving => new CaseList("flow", "5.2", "RFC 9113 §5.2")
        .Must("upload of four windows", "The server gives credit as it takes a body: four times its window goes through.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Upload, "upload");
            await p.Handshake();
            var length = (int)Math.Min(4_000_000, 4 * (p.PeerSetting(SettingId.InitialWindowSize) ?? 65535));
            p.Headers(1, FieldBlock.Of([.. p.Fields(method: "POST", path: path), ("content-length", $"{length}")]));
            await p.Upload(1, length, padding: 0);
            await Exchange.Taken(p);
        })
        .Must("more than the stream's window", "DATA beyond a window that the server has not opened is a FLOW_CONTROL_ERROR.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Slow, "slow");
            await p.Handshake();
            var window = p.PeerSetting(SettingId.InitialWindowSize) ?? 65535;
            if (window > 8 << 20)
                throw Probe.Skip($"the server's window is {window} octets");

            // The handler does not read, so the server opens the window no further. The method is GET because some servers answer a POST at
            // once.
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)));
            for (var left = (int)window; left >= 0; left -= 16384)
                p.Data(1, new byte[Math.Min(16384, left + 1)]);
            p.Data(1, new byte[16384]);
            await p.ExpectStreamFault(1, ErrorCode.FlowControlError);
        });

    private static CaseList Refunds => new CaseList("flow", "6.9", "RFC 9113 §6.9")
        .Must("padding is paid back",
            "Padding counts against the windows and is paid back: much more padding than window goes through.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Upload, "upload");
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(method: "POST", path: path)));
            await p.Upload(1, (int)Math.Min(2_000_000, 3 * (p.PeerSetting(SettingId.InitialWindowSize) ?? 65535)), padding: 255);
            await Exchange.Taken(p);
        })
        .Must("DATA of refused requests is paid back",
            "DATA on streams that the server reset counts against the connection's window and is paid back.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Upload, "upload");
            await p.Handshake();
            await p.ExpectTolerated();
            for (var stream = 1u; stream < 100 && p.PeerWindows.Connection > 20_000; stream += 2)
            {
                p.Headers(stream, FieldBlock.Of([.. p.Fields(method: "POST", path: path), ("connection", "close")]));
                p.Data(stream, new byte[16384], endStream: true);
                p.PeerWindows.Connection -= 16384;
                await p.ExpectMalformed(stream);
                if (p.IsGoingAway)
                    throw Probe.Skip("the server ended the connection for a malformed request, as it may");
            }
            await p.ExpectTolerated();
            p.Headers(201, FieldBlock.Of(p.Fields(method: "POST", path: path)));
            await p.Upload(201, 100_000, padding: 0);
            await Exchange.Taken(p, 201);
        })
        .Must("increment of 0 on an idle stream",
            "Wrong in two ways, it is a PROTOCOL_ERROR of the stream or of the connection.", async p =>
        {
            await p.Handshake();
            p.WindowUpdate(1, 0);
            await p.ExpectStreamFault(1, ErrorCode.ProtocolError);
        });

    /// <summary>Exactly this many octets of DATA come. The answer to a PING then shows that the server sends no more.</summary>
    private static async Task Receives(Probe p, int octets)
    {
        var seen = 0;
        while (seen < octets)
        {
            var (outcome, frame) = await p.Next();
            if (outcome != ReadOutcome.Frame || frame.Type is FrameType.RstStream or FrameType.GoAway)
                throw Probe.Fail($"{octets} octets of DATA",
                    $"{seen}, then {(outcome == ReadOutcome.Frame ? FrameLine.Of(frame) : outcome)}");
            if (frame.Type == FrameType.Data)
                seen += frame.Length;
        }
        for (var round = 0; round < 3; round++)
        {
            var fence = p.Fence();
            while (true)
            {
                var (outcome, frame) = await p.Next();
                if (outcome != ReadOutcome.Frame)
                    throw Probe.Fail($"{octets} octets of DATA and the connection going on", outcome.ToString());
                if (frame is { Type: FrameType.Ping, IsAck: true } && frame.Payload.Span.SequenceEqual(Octet.UInt64(fence)))
                    break;
                if (frame.Type == FrameType.Data)
                    seen += frame.Length;
            }
        }
        if (seen != octets)
            throw Probe.Fail($"{octets} octets of DATA", $"{seen}");
    }
}
