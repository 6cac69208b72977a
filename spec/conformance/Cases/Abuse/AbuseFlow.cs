using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Attacks by bodies and windows.</summary>
internal static class AbuseFlow
{
    private const string Bounded = "What is not sent yet is bounded, whatever windows the client opens.";
    private const string Calm = "A flood is ended with ENHANCE_YOUR_CALM; other clients do not notice.";

    public static IEnumerable<ConformanceCase> Cases =>
        [.. Dribble, .. Buffering, .. EmptyFrames, .. TinyData, .. WindowUpdates, .. Overflow, .. Toggle, .. Overrun];

    private static CaseList Dribble => new CaseList("abuse", "15", "CVE-2019-9511")
        .Must("large responses drained octet by octet",
            "Credit of one octet at a time does not make the server work without end, nor hold more.", Attack.Of(async (p, guard) =>
        {
            var block = p.RepeatableBlock(Probe.Need(p.Target.Resources.Large, "large"));
            for (var i = 0; i < 50; i++)
                p.Headers(Attack.Stream(i), block, endStream: true);
            var flooded = await p.Flood(50_000, (output, i) =>
                Attack.Frame(output, FrameType.WindowUpdate, 0, Attack.Stream(i % 50), 0, 0, 0, 1));
            guard.IgnorableMillions = 3;
            if (flooded.Ended)
                Attack.Ended(p, flooded, ErrorCode.EnhanceYourCalm);
        }, new Setting(SettingId.InitialWindowSize, 0)));

    private static CaseList Buffering => new CaseList("abuse", "16", "CVE-2019-9517")
        .Must("100 large responses, windows open, nothing read", Bounded, p => Guard.Against(p, async _ =>
        {
            var block = p.RepeatableBlock(Probe.Need(p.Target.Resources.Large, "large"));
            await p.Connect(receiveBuffer: 4096);
            await p.Handshake(new Setting(SettingId.InitialWindowSize, int.MaxValue));
            p.WindowUpdate(0, int.MaxValue - PeerWindows.Initial);
            for (var i = 0; i < 100; i++)
                p.Headers(Attack.Stream(i), block, endStream: true);
            await p.Flush();
            await Task.Delay(2000, p.Cancellation);
        }));

    private static CaseList EmptyFrames => new CaseList("abuse", "21", "CVE-2019-9518")
        .Must("500,000 empty DATA frames", Calm, Attack.Of(async (p, guard) =>
        {
            p.Headers(1, p.RepeatableBlock(p.Target.Resources.Upload ?? p.Target.Path, "POST"));
            var flooded = await p.Flood(500_000, (output, _) => Attack.Frame(output, FrameType.Data, 0, 1));
            Attack.EndedOrBorne(p, guard, flooded, ErrorCode.EnhanceYourCalm, ErrorCode.StreamClosed);
        }));

    private static CaseList TinyData => new CaseList("abuse", "22", "RUSTSEC-2026-0258")
        .Must("body of 60,000 DATA frames of one octet",
            "A body in tiny frames within the windows is taken, in little memory.", Attack.Of(async (p, guard) =>
        {
            var path = Probe.Need(p.Target.Resources.Upload, "upload");
            var count = (int)Math.Min(60_000, Math.Min(p.PeerWindows.Connection,
                p.PeerSetting(SettingId.InitialWindowSize) ?? PeerWindows.Initial));
            p.Headers(1, p.RepeatableBlock(path, "POST"));
            guard.Memory = 4 << 20;
            for (var i = 0; i < count; i++)
                p.Data(1, [(byte)i], endStream: i == count - 1);
            var response = await p.Response(1);
            if (response.Status is null || response.Status >= 400)
                throw Probe.Fail("the body to be taken", response.ToString());
        }))
        .Must("200,000 DATA frames of padding alone",
            "Padding is paid back and costs next to nothing, or the flood is ended.", Attack.Of(async (p, guard) =>
        {
            var path = Probe.Need(p.Target.Resources.Upload, "upload");
            p.Headers(1, p.RepeatableBlock(path, "POST"));
            var window = (int)Math.Min(p.PeerWindows.Connection, p.PeerSetting(SettingId.InitialWindowSize) ?? PeerWindows.Initial);
            var flooded = await p.Flood(Math.Min(200_000, window / 4), (output, _) =>
                Attack.Frame(output, FrameType.Data, FrameFlags.Padded, 1, 2, 0, 0));
            guard.IgnorableMillions = 1;
            if (flooded.Ended)
                Attack.Ended(p, flooded, ErrorCode.EnhanceYourCalm);
        }));

    private static CaseList WindowUpdates => new CaseList("abuse", "25", "RFC 9113 §6.9")
        .Must("1,000,000 WINDOW_UPDATEs of 1",
            "Credit without end, octet by octet, is cheap, and a flood of it is ended.", Attack.Of(async (p, guard) =>
        {
            var flooded = await p.Flood(1_000_000, (output, _) => Attack.Frame(output, FrameType.WindowUpdate, 0, 0, 0, 0, 0, 1));
            Attack.EndedOrBorne(p, guard, flooded, ErrorCode.EnhanceYourCalm);
        }));

    private static CaseList Overflow => new CaseList("abuse", "26", "CVE-2026-21714")
        .Must("connection window past 2^31-1, on 100 connections",
            "The connection ends with FLOW_CONTROL_ERROR, and everything of it is given back.", p => Guard.Against(p, async guard =>
        {
            guard.Memory *= 2;
            for (var i = 0; i < 100; i++)
            {
                await using var other = p.Another();
                await other.Handshake();
                other.Request(1);
                other.WindowUpdate(0, int.MaxValue);
                other.WindowUpdate(0, int.MaxValue);
                await other.ExpectGoAway(ErrorCode.FlowControlError);
            }
        }));

    private static CaseList Toggle => new CaseList("abuse", "27", "RFC 9113 §6.9.2")
        .Must("100 blocked responses, 400,000 changes of the initial window",
            "A change of the initial window costs the same with many streams as with few; a flood of changes is ended.", Attack.Of(
            async (p, guard) =>
            {
                var block = p.RepeatableBlock(p.Target.Resources.Large ?? p.Target.Path);
                for (var i = 0; i < 100; i++)
                    p.Headers(Attack.Stream(i), block, endStream: true);
                var zero = Octet.Settings(new Setting(SettingId.InitialWindowSize, 0));
                var one = Octet.Settings(new Setting(SettingId.InitialWindowSize, 1));
                var flooded = await p.Flood(400_000, (output, i) => Attack.Frame(output, FrameType.Settings, 0, 0, i % 2 == 0 ? zero : one));
                Attack.EndedOrBorne(p, guard, flooded, ErrorCode.EnhanceYourCalm);
            },
            new Setting(SettingId.InitialWindowSize, 0)));

    private static CaseList Overrun => new CaseList("abuse", "28", "RFC 9113 §6.9.1")
        .Must("10 MB beyond the window", "DATA beyond the windows is a FLOW_CONTROL_ERROR; it is not kept.", Attack.Of(async (p, _) =>
        {
            var path = Probe.Need(p.Target.Resources.Slow, "slow");
            p.Headers(1, p.RepeatableBlock(path));
            var payload = Octet.Fill(16_384);
            var flooded = await p.Flood(640, (output, _) => Attack.Frame(output, FrameType.Data, 0, 1, payload));
            if (flooded.Resets == 0)
                Attack.Ended(p, flooded, ErrorCode.FlowControlError, ErrorCode.EnhanceYourCalm);
        }));
}
