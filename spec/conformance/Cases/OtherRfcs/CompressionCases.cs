using Http2.Pure;

namespace Http2.Conformance;

/// <summary>HPACK beyond h2spec: RFC 7541, and RFC 9113 §4.3.</summary>
internal static class CompressionCases
{
    private const string Error = "This is a decoding error: the connection ends with COMPRESSION_ERROR.";
    private const string InStep = "A block that is refused is decoded all the same: the dynamic table goes on.";

    private static readonly (string Title, string Hex)[] Broken =
    [
        ("index of five continuation octets above 2^32", "ffffffffff7f"), ("index of ten continuation octets", "ff80808080808080808000"),
        ("index of 2^31", "ff81ffffff07"), ("index cut off", "ff80"), ("string longer than the block", "00067800"),
        ("name longer than the block", "007f80"), ("string length above 2^32", "00017aff8080808010"), ("string length cut off", "00017a7f"),
        ("value missing", "000178"), ("literal cut off behind its first octet", "40"), ("literal of name index 0 without a name", "50"),
        ("dynamic index in an empty table", "c0"), ("name index in an empty table", "7e0161"),
        ("size update between two fields", "2082"), ("Huffman padding of eight ones", "000178820fff"),
            ("Huffman EOS alone", "00017884ffffffff"),
        ("Huffman code cut off with a zero", "00017881fe"), ("Huffman name with wrong padding", "0081001878"),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Errors, .. Table, .. Sizes, .. Synchronous, .. Encoder];

    private static CaseList Errors => new CaseList("compression", "5", "RFC 7541 §5")
        .MustForEach(Broken, row => row.Title, _ => Error, async (p, row) =>
        {
            await p.Handshake();

            // The request uses no indexing, so the dynamic table stays empty and only static indices are valid.
            p.Headers(1, [.. Plain(p).ToArray(), .. Convert.FromHexString(row.Hex)], endStream: true);
            await p.ExpectGoAway(ErrorCode.CompressionError);
        })
        .Must("integer longer than it need be",
            "An integer with surplus zero octets is taken or refused as a decoding error, nothing else.", async p =>
        {
            await p.Handshake();
            p.Headers(1, [.. Plain(p).ToArray(), .. new FieldBlock().Octets(0).Text("x").Integer(0, 7, 200, excess: 2)
                .Octets(Octet.Fill(200)).ToArray()], endStream: true);
            var response = await p.Response(1);
            if (!response.Ended && response.GoAway is not ErrorCode.CompressionError && !response.Closed)
                throw Probe.Fail("a response, or GOAWAY with COMPRESSION_ERROR", response.ToString());
        })
        .Must("empty Huffman string", "A Huffman string of no octets is the empty string.", p =>
            Good(p, b => b.Literal(LiteralKind.Plain, "x-test", "").Octets(0x00, 0x01, (byte)'y', 0x80)))
        .Must("every octet in Huffman code", "Every octet that a value may have is taken in Huffman code.", p =>
            Good(p, b => b.Octets(Convert.FromHexString("00017885f2b24a84ff"))))
        .Must("error in trailers", Error, async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Data(1, "test");
            p.Headers(1, [0x80], endStream: true);
            await p.ExpectGoAway(ErrorCode.CompressionError);
        })
        .Must("error in CONTINUATION", Error, async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get(), endStream: true, endHeaders: false);
            p.Continuation(1, [0x80], endHeaders: true);
            await p.ExpectGoAway(ErrorCode.CompressionError);
        });

    private static CaseList Table => new CaseList("compression", "2.3", "RFC 7541 §2.3.2")
        .Must("entry used in its own block", "An entry can be referred to as soon as it was inserted.", p =>
            Good(p, b => b.Literal(LiteralKind.Indexed, "x-test", "ok").Indexed(62)))
        .Must("entry used on another stream", "One table serves all streams of a connection.", async p =>
        {
            await p.Handshake();
            p.Headers(1, Plain(p).Literal(LiteralKind.Indexed, "x-test", "ok").ToArray(), endStream: true);
            await p.ExpectAnswered(1);
            p.Headers(3, Plain(p).Indexed(62).ToArray(), endStream: true);
            await Exchange.Taken(p, 3);
        })
        .Must("name of an entry with another value", "A literal may take its name from the dynamic table.", p =>
            Good(p, b => b.Literal(LiteralKind.Indexed, "x-test", "ok").Literal(LiteralKind.Plain, 62, "other")))
        .Must("a hundred entries", "Indices above 127 take more than one octet.", p => Good(p, b =>
        {
            for (var i = 0; i < 90; i++)
                b.Literal(LiteralKind.Indexed, $"x{i}", "v");
            return b.Indexed(62 + 89).Indexed(62 + 70);
        }))
        .Must("literals without indexing are not kept", "A literal without indexing does not enter the table.", p =>
            Bad(p, b => b.Literal(LiteralKind.Plain, "x-test", "ok").Literal(LiteralKind.Never, "x-more", "ok").Indexed(62)));

    private static CaseList Sizes => new CaseList("compression", "4", "RFC 7541 §4")
        .Must("entry larger than the table", "An entry that does not fit empties the table and is no error.", p =>
            Good(p, b => b.Literal(LiteralKind.Indexed, "x-small", "1").Literal(LiteralKind.Indexed, "x-large", new string('x', 4100))))
        .Must("table emptied by an entry too large", "After an entry that does not fit the table is empty.", p =>
            Bad(p, b => b.Literal(LiteralKind.Indexed, "x-small", "1")
                .Literal(LiteralKind.Indexed, "x-large", new string('x', 4100)).Indexed(62)))
        .Must("oldest entry evicted", "Entries leave the table in the order in which they came.", p => Bad(p, b => b
            .Literal(LiteralKind.Indexed, "x-a", new string('a', 2000)).Literal(LiteralKind.Indexed, "x-b", new string('b', 2000))
            .Literal(LiteralKind.Indexed, "x-c", "c").Indexed(64)))
        .Must("entry that just fits", "Two entries of half the table's size fit.", p => Good(p, b => b
            .Literal(LiteralKind.Indexed, "x-a", new string('a', 2048 - 35))
                .Literal(LiteralKind.Indexed, "x-b", new string('b', 2048 - 35)).Indexed(63)))
        .Must("name of an entry that the insertion evicts", "A new entry may take its name from one that it evicts.", p => Good(p, b => b
            .Literal(LiteralKind.Indexed, "x-name", new string('a', 4000))
                .Literal(LiteralKind.Indexed, 62, new string('b', 4000)).Indexed(62)))
        .Must("size update to the limit",
            "A size update to exactly the limit is taken.", p => Good(p, b => b, start: s => s.SizeUpdate(4096)))
        .Must("size update to 0 and back", "A table made small and large again is empty.", async p =>
        {
            await p.Handshake();
            p.Headers(1, Plain(p).Literal(LiteralKind.Indexed, "x-test", "ok").ToArray(), endStream: true);
            await p.ExpectAnswered(1);
            p.Headers(3, [.. new FieldBlock().SizeUpdate(0).SizeUpdate(4096).ToArray(), .. Plain(p).Indexed(62).ToArray()],
                endStream: true);
            await p.ExpectGoAway(ErrorCode.CompressionError);
        })
        .Must("smaller table evicts", "A size update evicts what does not fit any more.", p =>
            Bad(p, b => b.Literal(LiteralKind.Indexed, "x-a", "a").Literal(LiteralKind.Indexed, "x-b", "b").Indexed(63),
                start: s => s.SizeUpdate(40)))
        .Must("insertion into a table of size 0", "In a table of size 0 nothing is kept, and that is no error.", p =>
            Good(p, b => b.Literal(LiteralKind.Indexed, "x-a", "a"), start: s => s.SizeUpdate(0)))
        .Must("size update of 2^32", Error, p => Bad(p, b => b, start: s => s.SizeUpdate(1UL << 32)))
        .Must("size update behind a field", Error, p => Bad(p, b => b.SizeUpdate(0).Literal(LiteralKind.Plain, "x", "y")))
        .Add("three size updates", "At most two size updates begin a block.", p =>
            Bad(p, b => b, start: s => s.SizeUpdate(0).SizeUpdate(100).SizeUpdate(4096)), RequirementLevel.Should, strictOnly: true)
        .Must("missing size update",
            "After a smaller SETTINGS_HEADER_TABLE_SIZE was acknowledged the next block begins with a size update.", async p =>
        {
            await p.Handshake();
            if (p.PeerSetting(SettingId.HeaderTableSize) is not < 4096)
                throw Probe.Skip("not applicable: the server's table is not below 4,096 octets");
            p.Headers(1, Plain(p).ToArray(), endStream: true);
            await p.ExpectGoAway(ErrorCode.CompressionError);
        });

    private static CaseList Synchronous => new CaseList("compression", "4.3", "RFC 9113 §4.3")
        .Must("malformed request", InStep, p => Refused(p, async (probe, insertion) =>
        {
            probe.Headers(1, [.. FieldBlock.Of([.. probe.Fields(), ("connection", "close")]), .. insertion], endStream: true);
            await probe.ExpectMalformed();
        }))
        .Must("request without :method", InStep, p => Refused(p, async (probe, insertion) =>
        {
            probe.Headers(1, [.. FieldBlock.Of(probe.Fields(method: null)), .. insertion], endStream: true);
            await probe.ExpectMalformed();
        }))
        .Must("trailers of a reset stream", InStep, p => Refused(p, async (probe, insertion) =>
        {
            probe.Headers(1, FieldBlock.Of([.. probe.Fields(method: "POST"), ("connection", "close")]));
            probe.Headers(1, insertion, endStream: true);
            await probe.ExpectMalformed();
        }))
        .Must("malformed trailers", InStep, p => Refused(p, async (probe, insertion) =>
        {
            probe.Headers(1, probe.Post());
            probe.Data(1, "test");
            probe.Headers(1, [.. FieldBlock.Of([("X-Bad", "1")]), .. insertion], endStream: true);
            await probe.ExpectMalformed();
        }));

    private static CaseList Encoder => new CaseList("compression", "6.3", "RFC 7541 §4.2")
        .Must("HEADER_TABLE_SIZE of 0",
            "After the client's table is 0 the next block begins with a size update to 0, and uses no entries.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            p.Settings(SettingId.HeaderTableSize, 0);
            await p.ExpectTolerated();
            p.History.Resize(0);
            for (var stream = 3u; stream < 9; stream += 2)
                await p.ExpectRequestAnswered(stream);
        })
        .Must("HEADER_TABLE_SIZE down and up", "Both the smallest size and the last one are told.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            p.Settings(new Setting(SettingId.HeaderTableSize, 0));
            p.Settings(new Setting(SettingId.HeaderTableSize, 4096));
            await p.ExpectTolerated();
            p.History.Resize(0);
            p.History.Resize(4096);
            for (var stream = 3u; stream < 9; stream += 2)
                await p.ExpectRequestAnswered(stream);
        })
        .Must("HEADER_TABLE_SIZE in the preface", "A table size in the first SETTINGS holds from the first response on.", async p =>
        {
            await p.Handshake(new Setting(SettingId.HeaderTableSize, 100));
            p.History.Resize(100);
            for (var stream = 1u; stream < 9; stream += 2)
                await p.ExpectRequestAnswered(stream);
        })
        .Must("HEADER_TABLE_SIZE of 65,536", "A larger table may be used or not.", async p =>
        {
            await p.Handshake(new Setting(SettingId.HeaderTableSize, 65536));
            p.History.Resize(65536);
            for (var stream = 1u; stream < 9; stream += 2)
                await p.ExpectRequestAnswered(stream);
        })
        .Must("fifty responses decode", "The server's encoder and the client's decoder stay in step.", async p =>
        {
            await p.Handshake();
            for (var stream = 1u; stream < 101; stream += 2)
            {
                var response = await p.ExpectRequestAnswered(stream);
                if (response.Final is null)
                    throw Probe.Fail("a final response with :status", "none");
            }
        });

    /// <summary>The pseudo-fields of a GET without any insertion into the table.</summary>
    private static FieldBlock Plain(Probe p)
    {
        var block = new FieldBlock().Indexed(2).Indexed(p.Target.Tls ? 7 : 6);
        _ = p.Target.Path == "/" ? block.Indexed(4) : block.Literal(LiteralKind.Plain, 4, p.Target.Path);
        return block.Literal(LiteralKind.Plain, 1, p.Target.Authority);
    }

    private static byte[] Build(Probe p, Func<FieldBlock, FieldBlock> fields, Func<FieldBlock, FieldBlock>? start) =>
        [.. (start is null ? new FieldBlock() : start(new FieldBlock())).ToArray(), .. fields(Plain(p)).ToArray()];

    private static async Task Good(Probe p, Func<FieldBlock, FieldBlock> fields, Func<FieldBlock, FieldBlock>? start = null)
    {
        await p.Handshake();
        p.Headers(1, Build(p, fields, start), endStream: true);
        await Exchange.Taken(p);
    }

    private static async Task Bad(Probe p, Func<FieldBlock, FieldBlock> fields, Func<FieldBlock, FieldBlock>? start = null)
    {
        await p.Handshake();
        p.Headers(1, Build(p, fields, start), endStream: true);
        await p.ExpectGoAway(ErrorCode.CompressionError);
    }

    private static async Task Refused(Probe p, Func<Probe, byte[], Task> refuse)
    {
        await p.Handshake();
        await refuse(p, new FieldBlock().Literal(LiteralKind.Indexed, "x-kept", "1").ToArray());
        if (p.IsGoingAway)
            return;
        p.Headers(3, Plain(p).Indexed(62).ToArray(), endStream: true);
        await Exchange.Taken(p, 3);
    }
}
