using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Attacks by control frames: answers that are never read, changes without end, frames that mean nothing.</summary>
internal static class AbuseControl
{
    private const string Unread = "Answers that are not read are bounded: the server stops reading, and ends the connection within 10 s.";
    private const string Calm = "A flood is ended with ENHANCE_YOUR_CALM; other clients do not notice.";
    private const string Cheap = "Frames that mean nothing cost next to nothing, and a flood of them is ended.";

    private static readonly TimeSpan UnreadLimit = TimeSpan.FromSeconds(12);

    public static IEnumerable<ConformanceCase> Cases =>
        [.. Ping, .. Settings, .. Priority, .. PriorityUpdate, .. BadSettings, .. AfterError, .. Unassigned, .. GoAway];

    private static CaseList Ping => new CaseList("abuse", "18", "CVE-2019-9512")
        .Must("2,000,000 PINGs, answers never read", Unread, Attack.Of(async (p, _) =>
        {
            var flooded = await p.FloodUnread(2_000_000, (output, _) =>
                Attack.Frame(output, FrameType.Ping, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), UnreadLimit);
            if (!flooded.Ended)
                throw Probe.Fail("the connection to be ended", flooded.ToString());
        }))
        .Must("200,000 PINGs, answers read", Calm, Attack.Of(async (p, guard) =>
        {
            var flooded = await p.Flood(200_000, (output, _) => Attack.Frame(output, FrameType.Ping, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
            Attack.EndedOrBorne(p, guard, flooded, ErrorCode.EnhanceYourCalm);
        }))
        .Must("200,000 PINGs with ACK", Cheap, Attack.Of(async (p, guard) =>
        {
            var flooded = await p.Flood(200_000, (output, _) =>
                Attack.Frame(output, FrameType.Ping, FrameFlags.Ack, 0, 0, 0, 0, 0, 0, 0, 0, 0));
            Attack.EndedOrBorne(p, guard, flooded, ErrorCode.EnhanceYourCalm);
        }));

    private static CaseList Settings => new CaseList("abuse", "19", "CVE-2019-9515")
        .Must("2,000,000 empty SETTINGS, answers never read", Unread, Attack.Of(async (p, _) =>
        {
            var flooded = await p.FloodUnread(2_000_000, (output, _) => Attack.Frame(output, FrameType.Settings, 0, 0), UnreadLimit);
            if (!flooded.Ended)
                throw Probe.Fail("the connection to be ended", flooded.ToString());
        }))
        .Must("200,000 empty SETTINGS, answers read", Calm, Attack.Of(async (p, guard) =>
        {
            var flooded = await p.Flood(200_000, (output, _) => Attack.Frame(output, FrameType.Settings, 0, 0));
            Attack.EndedOrBorne(p, guard, flooded, ErrorCode.EnhanceYourCalm);
        }));

    private static CaseList Priority => new CaseList("abuse", "23", "CVE-2019-9513")
        .Must("500,000 PRIORITY frames that shuffle idle streams", Cheap, Attack.Of(async (p, guard) =>
        {
            var flooded = await p.Flood(500_000, (output, i) =>
                Attack.Frame(output, FrameType.Priority, 0, Attack.Stream(i % 1000),
                    [.. Octet.Priority(Attack.Stream((i * 7) % 1000 + 1000), i % 2 == 0, 16)]));
            Attack.EndedOrBorne(p, guard, flooded, ErrorCode.EnhanceYourCalm);
        }));

    private static CaseList PriorityUpdate => new CaseList("abuse", "24", "RFC 9218 §7.1")
        .Must("PRIORITY_UPDATE for 20,000 idle streams",
            "Priorities of streams that are not there yet are kept for no more than there may be.", Attack.Of(async (p, guard) =>
        {
            var flooded = await p.Flood(20_000, (output, i) =>
                Attack.Frame(output, FrameType.PriorityUpdate, 0, 0, [.. Octet.UInt32(Attack.Stream(i)), (byte)'u', (byte)'=', (byte)'1']));
            Known(p, guard, flooded);
        }))
        .Must("PRIORITY_UPDATE of 16,000 octets, 5,000 times",
            "A priority is short: a long one is ignored or refused.", Attack.Of(async (p, guard) =>
        {
            byte[] payload = [.. Octet.UInt32(1), .. Octet.Fill(16_000, (byte)'a')];
            var flooded = await p.Flood(5000, (output, _) => Attack.Frame(output, FrameType.PriorityUpdate, 0, 0, payload));
            Known(p, guard, flooded);
        }));

    private static CaseList BadSettings => new CaseList("abuse", "29", "CVE-2026-33814")
        .Must("SETTINGS of 2,700 entries, 500 times", Calm, Attack.Of(async (p, guard) =>
        {
            var payload = Octet.Settings([.. Enumerable.Range(0, 2700).Select(i => new Setting((SettingId)0xf000, (uint)i))]);
            var flooded = await p.Flood(500, (output, _) => Attack.Frame(output, FrameType.Settings, 0, 0, payload));
            guard.IgnorableMillions = flooded.Sent * 2700 / 1e6;
            if (p.Options.Strict || flooded.Ended)
                Attack.Ended(p, flooded, ErrorCode.EnhanceYourCalm, ErrorCode.ProtocolError);
        }));

    private static CaseList AfterError => new CaseList("abuse", "30", "CVE-2026-27135")
        .Must("10 MB behind a connection error",
            "After a connection error nothing is worked through, and the connection is closed within a short time.",
            Attack.Of(async (p, guard) =>
        {
            guard.IgnorableMillions = 0.1;
            p.Frame(FrameType.Ping, 0, 1, new byte[8]);
            var block = p.RepeatableBlock(p.Target.Path);
            var flooded = await p.Flood(200_000, (output, i) => Attack.Request(output, Attack.Stream(i), block), TimeSpan.FromSeconds(8));
            Attack.Ended(p, flooded, ErrorCode.ProtocolError);
        }));

    private static CaseList Unassigned => new CaseList("abuse", "31", "RFC 9113 §5.5")
        .Must("1,000,000 frames of unknown type", Cheap, Attack.Of(async (p, guard) =>
        {
            var flooded = await p.Flood(1_000_000, (output, i) => Attack.Frame(output, (FrameType)0xee, 0, (uint)(i % 7), 1, 2));
            Attack.EndedOrBorne(p, guard, flooded, ErrorCode.EnhanceYourCalm);
        }))
        .Must("frames of every unassigned type with 16 KiB", Cheap, Attack.Of(async (p, guard) =>
        {
            var payload = Octet.Fill(16_384);
            var flooded = await p.Flood(2000, (output, i) =>
                Attack.Frame(output, (FrameType)(0x11 + (i % 0xee)), (FrameFlags)0xff, 0, payload));
            guard.IgnorableMillions = 1;
            if (flooded.Ended)
                Attack.Ended(p, flooded, ErrorCode.EnhanceYourCalm);
        }));

    private static CaseList GoAway => new CaseList("abuse", "35", "RFC 9113 §6.8")
        .Must("100,000 GOAWAYs", Cheap, Attack.Of(async (p, guard) =>
        {
            var flooded = await p.Flood(100_000, (output, _) => Attack.Frame(output, FrameType.GoAway, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
            guard.IgnorableMillions = flooded.Sent / 1e6;
        }))
        .Must("GOAWAY with 16 KiB of debug data, 2,000 times", "Debug data are cut, not kept.", Attack.Of(async (p, guard) =>
        {
            byte[] payload = [0, 0, 0, 0, 0, 0, 0, 0, .. Octet.Fill(16_000)];
            await p.Flood(2000, (output, _) => Attack.Frame(output, FrameType.GoAway, 0, 0, payload));
            guard.IgnorableMillions = 1;
        }));

    /// <summary>A server that does not know RFC 9218 ignores its frames, which is no more than a flood of unknown ones.</summary>
    private static void Known(Probe p, Guard guard, Flooded flooded)
    {
        if (p.PeerSetting(SettingId.NoRfc7540Priorities) is 1)
            Attack.EndedOrBorne(p, guard, flooded, ErrorCode.EnhanceYourCalm, ErrorCode.ProtocolError);
        else
            guard.IgnorableMillions = flooded.Sent / 1e6;
    }
}
