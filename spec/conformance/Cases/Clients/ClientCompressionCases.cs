using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Header compression: RFC 7541, and RFC 9113 §4.3.</summary>
internal static class ClientCompressionCases
{
    private const string Taken = "Every representation that the RFC has is taken.";
    private const string Broken = "A block that cannot be decoded is a connection error COMPRESSION_ERROR.";
    private const string Encodes = "The client's blocks can be decoded with the table that the server allows.";

    private static FieldBlock Ok => new FieldBlock().Indexed(8);

    private static readonly (string Title, Func<byte[]> Block)[] Right =
    [
        ("an indexed field of the static table", () => Ok.ToArray()),
        ("a literal with indexing", () => new FieldBlock().Literal(LiteralKind.Indexed, 8, "200").ToArray()),
        ("a literal without indexing", () => new FieldBlock().Literal(LiteralKind.Plain, 8, "200").ToArray()),
        ("a literal that is never indexed", () => new FieldBlock().Literal(LiteralKind.Never, 8, "200").ToArray()),
        ("a new name with indexing", () => Ok.Literal(LiteralKind.Indexed, "x-new", "1").ToArray()),
        ("a new name without indexing", () => Ok.Literal(LiteralKind.Plain, "x-new", "1").ToArray()),
        ("a new name that is never indexed", () => Ok.Literal(LiteralKind.Never, "x-new", "1").ToArray()),
        ("a value in Huffman code", () => new FieldBlock().Octets(0x08, 0x82, 0x10, 0x01).ToArray()),
        ("a name and a value in Huffman code", () => Ok.Octets(
            0x40, 0x88, 0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xa9, 0x7d, 0x7f, 0x89, 0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xb8, 0xe8, 0xb4, 0xbf).ToArray()),
        ("an indexed field of the dynamic table", () => Ok.Literal(LiteralKind.Indexed, "x-new", "1").Indexed(62).ToArray()),
        ("a name of the dynamic table", () => Ok.Literal(LiteralKind.Indexed, "x-new", "1").Literal(LiteralKind.Indexed, 62, "2").Indexed(63).ToArray()),
        ("an empty value", () => Ok.Literal(LiteralKind.Indexed, "x-new", "").Indexed(62).ToArray()),
        ("a size update", () => new FieldBlock().SizeUpdate(1000).Indexed(8).ToArray()),
        ("two size updates", () => new FieldBlock().SizeUpdate(0).SizeUpdate(4096).Indexed(8).Literal(LiteralKind.Indexed, "x-new", "1").Indexed(62).ToArray()),
        ("a table that overflows", () => Enumerable.Range(0, 20)
            .Aggregate(Ok, (block, i) => block.Literal(LiteralKind.Indexed, $"x-{i}", new string('v', 500))).Indexed(62).Indexed(67).ToArray()),
        ("a long value", () => Ok.Literal(LiteralKind.Indexed, "x-long", new string('v', 9000)).ToArray()),
    ];

    private static readonly (string Title, Func<ServerEnd, byte[]> Block)[] Wrong =
    [
        ("index 0", _ => Ok.Indexed(0).ToArray()),
        ("an index beyond the table", _ => Ok.Indexed(62).ToArray()),
        ("an index far beyond the table", _ => Ok.Indexed(100_000).ToArray()),
        ("a name beyond the table", _ => Ok.Literal(LiteralKind.Indexed, 99, "x").ToArray()),
        ("an entry that the table is too small for", _ => new FieldBlock().SizeUpdate(100).Indexed(8)
            .Literal(LiteralKind.Indexed, "x-large", new string('v', 200)).Indexed(62).ToArray()),
        ("a number without end", _ => Ok.Octets(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f).ToArray()),
        ("a number that is cut off", _ => Ok.Octets(0xff, 0x80).ToArray()),
        ("a name that is cut off", _ => Ok.Octets(0x40, 0x05, 0x78, 0x2d).ToArray()),
        ("a value that is cut off", _ => Ok.Octets(0x40, 0x01, 0x78, 0x05, 0x31).ToArray()),
        ("a field without a value", _ => Ok.Octets(0x40, 0x01, 0x78).ToArray()),
        ("Huffman padding of more than 7 bits", _ => Ok.Octets(0x40, 0x01, 0x78, 0x83, 0x10, 0x01, 0xff).ToArray()),
        ("Huffman padding of zeros", _ => Ok.Octets(0x40, 0x01, 0x78, 0x82, 0x10, 0x00).ToArray()),
        ("EOS in a Huffman string", _ => Ok.Octets(0x40, 0x01, 0x78, 0x84, 0xff, 0xff, 0xff, 0xff).ToArray()),
        ("a size update beyond the limit", s => new FieldBlock().SizeUpdate((s.PeerSetting(SettingId.HeaderTableSize) ?? 4096) + 1UL).Indexed(8).ToArray()),
        ("a size update behind a field", _ => Ok.SizeUpdate(100).ToArray()),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Tables, .. Decoding, .. Faults, .. Encoding];

    private static ClientCaseList Tables => new ClientCaseList("client-compression", "2.2", "RFC 7541 §2.2")
        .Must("one table for all blocks", "Entries of one block can be named in the next.", async s =>
        {
            await s.Requested();
            s.Headers(s.StreamId, Ok.Literal(LiteralKind.Indexed, "x-kept", "1").ToArray());
            s.Data(s.StreamId, s.Run.Body);
            s.Headers(s.StreamId, new FieldBlock().Indexed(62).ToArray(), endStream: true);
            await s.ExpectServed();
        })
        .Must("blocks of informational responses", "Blocks of informational responses change the table, too.", async s =>
        {
            await s.Requested();
            s.Headers(s.StreamId, new FieldBlock().Literal(LiteralKind.Indexed, 8, "103").Literal(LiteralKind.Indexed, "x-kept", "1").ToArray());
            s.Headers(s.StreamId, Ok.Indexed(62).ToArray());
            await s.ExpectAccepted();
        })
        .Must("blocks of streams that are reset", "Blocks that the client has no more use for change the table, too.", async s =>
        {
            await s.RequestedSeveral(2);
            s.Headers(s.Streams[0], Ok.Literal(LiteralKind.Indexed, "Upper", "malformed").ToArray());
            s.Headers(s.Streams[0], new FieldBlock().Literal(LiteralKind.Indexed, "x-kept", "1").ToArray(), endStream: true);
            s.Headers(s.Streams[1], Ok.Indexed(62).ToArray());
            var fence = s.Fence();
            await s.UntilEndOr(() => s.Traffic.Any(frame => frame.IsPong(fence)));
            if (s.FaultTold == ErrorCode.CompressionError)
                throw Speaker.Fail("the entry of the malformed response to be known", "COMPRESSION_ERROR");
        }, ClientTask.Several);

    private static ClientCaseList Decoding => new ClientCaseList("client-compression", "6", "RFC 7541 §6")
        .MustForEach(Right, row => row.Title, Taken, async (s, row) =>
        {
            await s.Requested();
            s.Headers(s.StreamId, row.Block());
            await s.ExpectAccepted();
        });

    private static ClientCaseList Faults => new ClientCaseList("client-compression", "6.1", "RFC 9113 §4.3")
        .MustForEach(Wrong, row => row.Title, Broken, async (s, row) =>
        {
            await s.Requested();
            s.Headers(s.StreamId, row.Block(s));
            await s.ExpectConnectionFault(ErrorCode.CompressionError);
        })
        .Must("trailers that cannot be decoded", Broken, s => ServedExchange.Breaks(
            s, e => e.Headers(e.StreamId, new FieldBlock().Indexed(0).ToArray(), endStream: true), ErrorCode.CompressionError));

    private static ClientCaseList Encoding => new ClientCaseList("client-compression", "4.2", "RFC 7541 §4.2")
        .Must("sound blocks", "The client's blocks can be decoded.", async s =>
        {
            await ServedExchange.Ordinary(s);
            _ = s.On(s.StreamId).Sections[0];
        })
        .Must("a table of no octets", "Once it has acknowledged a smaller table the client begins its next block with a size update.",
            s => Resized(s, 0), ClientTask.Several)
        .Must("a small table", Encodes, s => Resized(s, 200), ClientTask.Several)
        .Must("a large table", Encodes, s => Resized(s, 65536), ClientTask.Several);

    /// <summary>The client learns of the size of the table after its first request, and sends the next ones one by one.</summary>
    private static async Task Resized(ServerEnd s, int size)
    {
        await s.Requested(new Setting(SettingId.MaxConcurrentStreams, 1), new Setting(SettingId.HeaderTableSize, (uint)size));
        await s.ExpectUntil("SETTINGS with ACK", () => s.Traffic.Any(frame => frame is { Type: FrameType.Settings, IsAck: true }));
        await s.ExpectTolerated();
        var before = s.RequestsBeforeAck;
        if (before == 3)
            throw Speaker.Skip("the client has sent all requests before it knows the setting");
        s.History.Resize(size);
        for (var i = 0; i < 3; i++)
        {
            var request = await s.NextRequest(i);
            if (i == before && size < 4096 && (s.History.Block(i)[0] & 0xe0) != 0x20)
                throw Speaker.Fail("a size update at the beginning of the block", $"0x{s.History.Block(i)[0]:x2}");
            _ = request.Sections[0];
            s.Answer(s.Streams[i]);
        }
        await s.ExpectServed();
    }
}
