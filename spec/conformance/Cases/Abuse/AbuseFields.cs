using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Attacks by field blocks: endless, exploding, slow to decode.</summary>
internal static class AbuseFields
{
    private const string Calm = "The server ends the connection with ENHANCE_YOUR_CALM before the block does harm.";
    private const string Bomb = "A block that decodes to much more than it is, is given up at a bound; memory stays bounded.";
    private const string Error = "This is a decoding error, seen before anything is set aside for it.";

    public static IEnumerable<ConformanceCase> Cases =>
        [.. Continuation, .. Empty, .. Bombs, .. TinyBombs, .. Nameless, .. Integers, .. Fragments, .. Thrash, .. Names];

    private static CaseList Continuation => new CaseList("abuse", "6", "VU#421644")
        .Must("CONTINUATION of 1 KiB without end", Calm, Attack.Of(async (p, _) =>
        {
            Open(p);
            var block = FieldBlock.Of([("x-filler", new string('x', 1000))]);
            var flooded = await p.Flood(10_000, (output, _) => Attack.Frame(output, FrameType.Continuation, 0, 1, block));
            Attack.Ended(p, flooded, ErrorCode.EnhanceYourCalm);
        }))
        .Must("CONTINUATION of 16 KiB without end", Calm, Attack.Of(async (p, _) =>
        {
            Open(p);
            var block = FieldBlock.Of([("x-filler", new string('x', 16_000))]);
            var flooded = await p.Flood(10_000, (output, _) => Attack.Frame(output, FrameType.Continuation, 0, 1, block));
            Attack.Ended(p, flooded, ErrorCode.EnhanceYourCalm);
        }))
        .Must("CONTINUATION of one octet without end", Calm, Attack.Of(async (p, _) =>
        {
            Open(p);
            var flooded = await p.Flood(1_000_000, (output, _) => Attack.Frame(output, FrameType.Continuation, 0, 1, 0x82));
            Attack.Ended(p, flooded, ErrorCode.EnhanceYourCalm);
        }));

    private static CaseList Empty => new CaseList("abuse", "7", "CVE-2026-33871")
        .Must("1,000,000 empty CONTINUATIONs", Calm, Attack.Of(async (p, _) =>
        {
            Open(p);
            var flooded = await p.Flood(1_000_000, (output, _) => Attack.Frame(output, FrameType.Continuation, 0, 1));
            Attack.Ended(p, flooded, ErrorCode.EnhanceYourCalm);
        }));

    private static CaseList Bombs => new CaseList("abuse", "8", "CVE-2016-6581")
        .Must("4 KiB entry, 16,000 references in each of 199 blocks", Bomb, Attack.Of(
            (p, guard) => References(p, guard, "x-bomb", new string('x', 4000)), new Setting(SettingId.InitialWindowSize, 0)));

    private static CaseList TinyBombs => new CaseList("abuse", "9", "CVE-2026-49975")
        .Must("tiny entry, 16,000 references in each of 199 blocks",
            Bomb, Attack.Of((p, guard) => References(p, guard, "x", "y"), new Setting(SettingId.InitialWindowSize, 0)))
        .Must("tiny cookie crumb, 16,000 references in each of 199 blocks",
            Bomb, Attack.Of((p, guard) => References(p, guard, "cookie", "a"), new Setting(SettingId.InitialWindowSize, 0)));

    private static CaseList Nameless => new CaseList("abuse", "10", "CVE-2019-9516")
        .Must("fields of no octets",
            "Fields without name and value count like others: the block is refused, and memory stays bounded.",
            Attack.Of(async (p, guard) =>
        {
            byte[] block = [.. p.RepeatableBlock(p.Target.Path), .. Enumerable.Repeat((byte)0, 9000)];
            var flooded = await p.Flood(500, (output, i) => Attack.Request(output, Attack.Stream(i), block));
            Attack.EndedOrBorne(p, guard, flooded, 1000, ErrorCode.EnhanceYourCalm, ErrorCode.ProtocolError);
        }));

    private static CaseList Integers => new CaseList("abuse", "11", "RFC 7541 §7.4")
        .Must("string of 2^31 octets in a short block", Error, Attack.Of((p, _) => Broken(p, "00017f80ffffff07")))
        .Must("name of 2^62 octets in a short block", Error, Attack.Of((p, _) => Broken(p, "007f80ffffffffffffff3f")))
        .Must("integer of 10,000 octets",
            Error, Attack.Of((p, _) => Broken(p, "ff" + string.Concat(Enumerable.Repeat("80", 10_000)) + "01")));

    private static CaseList Fragments => new CaseList("abuse", "12", "CVE-2022-41723")
        .Must("large literals in many fragments",
            "Decoding is linear in the block's size, however it is cut.", Attack.Of(async (p, guard) =>
        {
            byte[] block = [.. p.RepeatableBlock(p.Target.Path),
                .. new FieldBlock().Literal(LiteralKind.Plain, "x-large", new string('x', 28_000)).ToArray()];
            var flooded = await p.Flood(300, (output, i) => Cut(output, Attack.Stream(i), block));
            guard.IgnorableMillions = 1;
            if (flooded is { Ended: true, GoAway: not (ErrorCode.NoError or ErrorCode.EnhanceYourCalm) } && p.Options.Strict)
                throw Probe.Fail("300 responses, or ENHANCE_YOUR_CALM", flooded.ToString());
        }));

    private static CaseList Thrash => new CaseList("abuse", "13", "RFC 7541 §4.2")
        .Must("4,000 size updates in one block", "More than two size updates begin no block: COMPRESSION_ERROR.", Attack.Of(async (p, _) =>
        {
            var updates = new FieldBlock();
            for (var i = 0; i < 2000; i++)
                updates.SizeUpdate(0).SizeUpdate(4096);
            byte[] block = [.. updates.ToArray(), .. p.RepeatableBlock(p.Target.Path)];
            var flooded = await p.Flood(500, (output, i) => Attack.Request(output, Attack.Stream(i), block));
            if (p.Options.Strict || flooded.Ended)
                Attack.Ended(p, flooded, ErrorCode.CompressionError);
        }))
        .Must("table emptied and filled by every request",
            "Allowed churn of the table is borne, or ended with ENHANCE_YOUR_CALM; memory stays bounded.", Attack.Of(async (p, guard) =>
        {
            var fill = new FieldBlock().SizeUpdate(0).SizeUpdate(4096);
            var entries = new FieldBlock();
            for (var i = 0; i < 40; i++)
                entries.Literal(LiteralKind.Indexed, $"x-{i}", "0123456789");
            byte[] block = [.. fill.ToArray(), .. p.RepeatableBlock(p.Target.Path), .. entries.ToArray()];
            guard.IgnorableMillions = 5;
            await Steady(p, 3000, (output, id) => Attack.Request(output, id, block));
        }));

    private static CaseList Names => new CaseList("abuse", "14", "CVE-2022-41717")
        .Must("20,000 names that never repeat", "Names are not kept for ever: memory stays bounded.", Attack.Of(async (p, guard) =>
        {
            var plain = p.RepeatableBlock(p.Target.Path);
            guard.IgnorableMillions = 5;
            await Steady(p, 2000, (output, id) =>
            {
                var fields = new FieldBlock();
                for (var i = 0; i < 10; i++)
                    fields.Literal(LiteralKind.Indexed, $"x-{id}-{i}-{new string('n', 60)}", "v");
                Attack.Request(output, id, [.. plain, .. fields.ToArray()]);
            });
        }));

    private static void Open(Probe p) => p.Headers(1, p.RepeatableBlock(p.Target.Path), endStream: true, endHeaders: false);

    private static async Task References(Probe p, Guard guard, string name, string value)
    {
        var plain = p.RepeatableBlock(p.Target.Path);
        byte[] first = [.. plain, .. new FieldBlock().Literal(LiteralKind.Indexed, name, value).ToArray()];
        byte[] bomb = [.. plain, .. Octet.Fill(16_000, 0xbe)];
        if (bomb.Length > 16384)
            bomb = bomb[..16384];
        var flooded = await p.Flood(200, (output, i) => Attack.Request(output, Attack.Stream(i), i == 0 ? first : bomb));
        if (p.Options.Strict)
            guard.Memory = 4 << 20;
        Attack.EndedOrBorne(p, guard, flooded, 1000, ErrorCode.EnhanceYourCalm);
    }

    private static async Task Broken(Probe p, string hex)
    {
        p.Headers(1, [.. p.RepeatableBlock(p.Target.Path), .. Convert.FromHexString(hex)], endStream: true);
        await p.ExpectGoAway(ErrorCode.CompressionError);
    }

    private static void Cut(Hpack.Pure.OutputBuffer output, uint streamId, byte[] block)
    {
        const int Parts = 7;
        var size = (block.Length + Parts - 1) / Parts;
        for (var i = 0; i < Parts; i++)
        {
            var part = block.AsSpan(i * size, Math.Min(size, block.Length - (i * size)));
            var end = i == Parts - 1 ? FrameFlags.EndHeaders : 0;
            Attack.Frame(output, i == 0 ? FrameType.Headers : FrameType.Continuation,
                i == 0 ? FrameFlags.EndStream | end : end, streamId, part);
        }
    }

    /// <summary>Requests in batches that are answered before the next goes out: allowed traffic, as fast as the server likes.</summary>
    private static async Task Steady(Probe p, int count, Action<Hpack.Pure.OutputBuffer, uint> request)
    {
        const int Batch = 20;
        for (var done = 0; done < count && !p.IsGoingAway; done += Batch)
        {
            var output = new Hpack.Pure.OutputBuffer();
            for (var i = 0; i < Batch; i++)
                request(output, Attack.Stream(done + i));
            p.Octets(output.WrittenMemory.Span, $"{Batch} requests");
            for (var i = 0; i < Batch && !p.IsGoingAway; i++)
                await p.Response(Attack.Stream(done + i));
        }
        if (p.IsGoingAway && p.Options.Strict)
            throw Probe.Fail($"{count} responses", "the connection was ended");
    }
}
