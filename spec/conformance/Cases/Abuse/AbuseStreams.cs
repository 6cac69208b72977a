using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Attacks by opening and resetting streams.</summary>
internal static class AbuseStreams
{
    private const string Calm =
        "The server ends the connection before long with ENHANCE_YOUR_CALM, or bears it cheaply; other clients do not notice.";
    private const string MadeToReset =
        "A client that makes the server reset streams, one after the other, is ended before long, or borne cheaply.";

    private static readonly (string Title, Action<Hpack.Pure.OutputBuffer, uint, byte[]> Provoke)[] Primitives =
    [
        ("WINDOW_UPDATE of 0", (output, id, _) => Attack.Frame(output, FrameType.WindowUpdate, 0, id, 0, 0, 0, 0)),
        ("WINDOW_UPDATE that overflows", (output, id, _) => Attack.Frame(output, FrameType.WindowUpdate, 0, id, 0x7f, 0xff, 0xff, 0xff)),
        ("PRIORITY of a wrong length", (output, id, _) => Attack.Frame(output, FrameType.Priority, 0, id, 0, 0, 0, 0)),
        ("PRIORITY that depends on itself", (output, id, _) =>
            Attack.Frame(output, FrameType.Priority, 0, id, [.. Octet.Priority(id, false, 1)])),
        ("HEADERS after END_STREAM", (output, id, block) => Attack.Request(output, id, block)),
        ("DATA after END_STREAM", (output, id, _) => Attack.Frame(output, FrameType.Data, FrameFlags.EndStream, id, 1)),
    ];

    public static IEnumerable<ConformanceCase> Cases =>
        [.. RapidReset, .. MadeYouReset, .. Registration, .. TinyHeaderList, .. BeforeAck, .. ResetReplies, .. Exhaustion];

    private static CaseList RapidReset => new CaseList("abuse", "1", "CVE-2023-44487")
        .Must("50,000 requests, each reset at once", Calm, Attack.Of(async (p, guard) =>
        {
            var block = p.RepeatableBlock(p.Target.Resources.Slow ?? p.Target.Path);
            var flooded = await p.Flood(50_000, (output, i) =>
            {
                Attack.Request(output, Attack.Stream(i), block);
                Attack.Reset(output, Attack.Stream(i));
            });
            Attack.EndedOrBorne(p, guard, flooded, Attack.RequestWeight, ErrorCode.EnhanceYourCalm);
        }))
        .Must("batches of 50 requests, then 50 resets", Calm, Attack.Of(async (p, guard) =>
        {
            var block = p.RepeatableBlock(p.Target.Resources.Slow ?? p.Target.Path);
            var flooded = await p.Flood(1000, (output, batch) =>
            {
                for (var i = 0; i < 50; i++)
                    Attack.Request(output, Attack.Stream((batch * 50) + i), block);
                for (var i = 0; i < 50; i++)
                    Attack.Reset(output, Attack.Stream((batch * 50) + i));
            });
            Attack.EndedOrBorne(p, guard, flooded, Attack.RequestWeight, ErrorCode.EnhanceYourCalm);
        }))
        .Must("50,000 uploads begun and reset", Calm, Attack.Of(async (p, guard) =>
        {
            var block = p.RepeatableBlock(p.Target.Path, "POST");
            var flooded = await p.Flood(50_000, (output, i) =>
            {
                Attack.Request(output, Attack.Stream(i), block, endStream: false);
                Attack.Frame(output, FrameType.Data, 0, Attack.Stream(i), 1, 2, 3, 4);
                Attack.Reset(output, Attack.Stream(i));
            });
            Attack.EndedOrBorne(p, guard, flooded, Attack.RequestWeight, ErrorCode.EnhanceYourCalm, ErrorCode.FlowControlError);
        }))
        .MustForEach([5, 15, 40], pause => $"20,000 requests in waves of 100, each reset after {pause} ms", _ =>
            "Resets that are spread over time are ended before long or borne like other requests; other clients do not notice.",
            (p, pause) => Attack.Of((probe, _) => SpreadResets(probe, TimeSpan.FromMilliseconds(pause)))(p));

    private static async Task SpreadResets(Probe p, TimeSpan pause)
    {
        const int Waves = 200, Width = 100;
        var block = p.RepeatableBlock(p.Target.Resources.Slow ?? p.Target.Path);
        p.GrantsWindow = p.Records = false;
        var sent = 0;
        for (var wave = 0; wave < Waves && !p.IsGoingAway; wave++)
        {
            for (var i = 0; i < Width; i++, sent++)
                p.Headers(Attack.Stream(sent), block, endStream: true);
            await p.Flush();
            await Task.Delay(pause, p.Cancellation);
            for (var i = sent - Width; i < sent; i++)
                p.Reset(Attack.Stream(i));
            p.Ping((ulong)wave);
            while (await p.Next() is (ReadOutcome.Frame, { Type: not FrameType.Ping }) && !p.IsGoingAway)
            {
                // Frames that come before the answer to the PING belong to this wave.
            }
        }
        p.Measured.Add(p.IsGoingAway ? $"ended after {sent:N0} requests" : $"borne, {sent:N0} requests");
    }

    private static CaseList MadeYouReset => new CaseList("abuse", "2", "CVE-2025-8671")
        .MustForEach(Primitives, row => $"20,000 requests, each with {row.Title}", _ =>
            MadeToReset, (p, row) => Attack.Of(async (probe, guard) =>
        {
            var block = probe.RepeatableBlock(probe.Target.Resources.Slow ?? probe.Target.Path);
            var flooded = await probe.Flood(20_000, (output, i) =>
            {
                Attack.Request(output, Attack.Stream(i), block);
                row.Provoke(output, Attack.Stream(i), block);
            });
            Attack.EndedOrBorne(
                probe, guard, flooded, Attack.RequestWeight, ErrorCode.EnhanceYourCalm, ErrorCode.ProtocolError,
                    ErrorCode.FlowControlError, ErrorCode.FrameSizeError, ErrorCode.StreamClosed);
            // The server does no work for streams that it refuses. A server that ignores the provoking frames resets only refused streams.
            var made = flooded.Resets - flooded.Refused;
            if (probe.Options.Strict && made > 200)
                throw Probe.Fail("at most 200 RST_STREAM before the end, REFUSED_STREAM apart", $"{made}");
        })(p));

    private static CaseList Registration => new CaseList("abuse", "3", "CVE-2026-23918")
        .Must("HEADERS and RST_STREAM in one segment, on 100 connections",
            "A stream that is reset before anything was done with it is given up once, in order.", p =>
            Guard.Against(p, async guard =>
            {
                guard.Memory *= 4;
                for (var i = 0; i < 100; i++)
                {
                    await using var other = p.Another();
                    await other.Handshake();
                    other.Request(1);
                    other.Reset(1);
                    other.Request(3);
                    other.Reset(3);
                    await other.ExpectTolerated();
                    await other.ExpectRequestAnswered(5);
                }
            }));

    private static CaseList TinyHeaderList => new CaseList("abuse", "4", "CVE-2026-50560")
        .Must("MAX_HEADER_LIST_SIZE of 1 and 500 requests",
            "A client's limit on fields is advice: it does not make the server open and reset streams without end.", Attack.Of(
            async (p, _) =>
            {
                for (var i = 0; i < 500 && !p.IsGoingAway; i++)
                {
                    p.Request(Attack.Stream(i));
                    var response = await p.Response(Attack.Stream(i));
                    if (response is { Ended: false, Reset: null } && !p.IsGoingAway)
                        throw Probe.Fail("a response, RST_STREAM or GOAWAY", response.ToString());
                }
            },
            new Setting(SettingId.MaxHeaderListSize, 1)));

    private static CaseList BeforeAck => new CaseList("abuse", "5", "CVE-2025-53506")
        .Must("1,000 streams and never an acknowledgement",
            "The limit on streams holds from the first octet, whether it was acknowledged or not.", p => Guard.Against(p, async _ =>
        {
            p.Magic();
            p.Settings(SettingId.InitialWindowSize, 0);
            var block = p.RepeatableBlock(p.Target.Resources.Slow ?? p.Target.Path);
            var flooded = await p.Flood(1000, (output, i) => Attack.Request(output, Attack.Stream(i), block));
            var limit = p.PeerSetting(SettingId.MaxConcurrentStreams)
                ?? throw Probe.Skip("the server sets no SETTINGS_MAX_CONCURRENT_STREAMS");
            if (!flooded.Ended && flooded.Refused < 1000 - limit)
                throw Probe.Fail($"{1000 - limit} streams refused, or the connection ended", flooded.ToString());
        }));

    private static CaseList ResetReplies => new CaseList("abuse", "20", "CVE-2019-9514")
        .Must("100,000 malformed requests, replies never read",
            "Replies to faults are bounded: the server stops reading, and ends the connection.", Attack.Of(async (p, _) =>
        {
            byte[] block = [.. p.RepeatableBlock(p.Target.Path), .. new FieldBlock().Literal(LiteralKind.Plain, "connection", "x").ToArray()];
            var flooded = await p.FloodUnread(100_000, (output, i) =>
                Attack.Request(output, Attack.Stream(i), block), TimeSpan.FromSeconds(12));
            if (!flooded.Ended)
                throw Probe.Fail("the connection to be ended", flooded.ToString());
        }))
        .Must("5,000 malformed requests, replies read", Calm, Attack.Of(async (p, guard) =>
        {
            byte[] block = [.. p.RepeatableBlock(p.Target.Path), .. new FieldBlock().Literal(LiteralKind.Plain, "connection", "x").ToArray()];
            var flooded = await p.Flood(5000, (output, i) => Attack.Request(output, Attack.Stream(i), block));
            Attack.EndedOrBorne(p, guard, flooded, Attack.RequestWeight, ErrorCode.EnhanceYourCalm, ErrorCode.ProtocolError);
        }));

    private static CaseList Exhaustion => new CaseList("abuse", "43", "RFC 9113 §5.1.1")
        .Must("identifiers at their end",
            "Near 2^31 the connection goes on or is ended in order; the last stream is answered or refused.", Attack.Of(async (p, _) =>
        {
            foreach (var stream in new uint[] { 0x7ffffff9, 0x7ffffffb, 0x7ffffffd, 0x7fffffff })
            {
                p.Request(stream);
                var response = await p.Response(stream);
                if (response.Ended || response.Reset is ErrorCode.RefusedStream || response.GoAway is ErrorCode.NoError || p.IsGoingAway)
                    continue;
                throw Probe.Fail("a response, REFUSED_STREAM or GOAWAY with NO_ERROR", response.ToString());
            }
        }));
}
