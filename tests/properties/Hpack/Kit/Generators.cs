using FsCheck;
using FsCheck.Fluent;
using Hpack.Pure;
using Http2.TestSupport;

namespace Http2.Properties.Hpack;

/// <summary>What happens to a connection direction: the setting changes any number of times, the encoder's own wish too, then a block.</summary>
/// <param name="PeerLimits">SETTINGS_HEADER_TABLE_SIZE values, in order.</param>
/// <param name="OwnLimit">What the encoder wants from now on, or null.</param>
/// <param name="Fields">The block.</param>
public sealed record Exchange(int[] PeerLimits, int? OwnLimit, HeaderField[] Fields)
{
    public override string ToString() =>
        $"limits [{string.Join(", ", PeerLimits)}], own {OwnLimit?.ToString() ?? "-"}: "
        + string.Join(" | ", Fields.Select(field => $"{(field.NeverIndexed ? "!" : "")}{field.Name.ToHex()}={field.Value.ToHex()}"));
}

/// <summary>Octets that look like a block more often than chance has it.</summary>
public sealed record RoughBlock(byte[] Octets)
{
    public override string ToString() => Convert.ToHexStringLower(Octets);
}

/// <summary>Fields that meet again, so that tables fill, hit and evict.</summary>
public static class Generators
{
    private static readonly Octets[] Names =
    [
        ":method", ":path", ":status", ":authority", "cookie", "authorization", "set-cookie", "content-length", "date", "vary",
        "x-a", "x-b", "x-request-id", "custom-key", "",
    ];

    private static readonly Octets[] Values =
    [
        "", "/", "GET", "200", "302", "gzip, deflate", "a", "b", "0", "custom-value", "Mon, 21 Oct 2013 20:13:21 GMT",
        new string('v', 60), new string('w', 126), new string('x', 127), new string('\u00ff', 64), new string('z', 300),
    ];

    public static Arbitrary<HeaderField> Field() => Arb.From(FieldGen(), Shrink);

    public static Arbitrary<HeaderField[]> Fields() => Arb.From(
        Gen.Sized(size => Gen.Choose(0, 1 + size / 5).SelectMany(count => Gen.ArrayOf(FieldGen(), count))),
        fields => Enumerable.Range(0, fields.Length).Select(skip => fields.Where((_, i) => i != skip).ToArray()));

    public static Arbitrary<Exchange> Exchange() => Arb.From(
        from limits in Gen.Frequency(
            (5, Gen.Constant(Array.Empty<int>())), (1, Gen.Choose(1, 4).SelectMany(count => Gen.ArrayOf(LimitGen(), count))))
        from own in Gen.Frequency((9, Gen.Constant((int?)null)), (1, LimitGen().Select(limit => (int?)limit)))
        from fields in Fields().Generator
        select new Exchange(limits, own, fields),
        exchange =>
        [
            .. Shrinking.WithoutSome(exchange.PeerLimits).Select(limits => exchange with { PeerLimits = limits }),
            .. exchange.OwnLimit is null ? Array.Empty<Exchange>() : [exchange with { OwnLimit = null }],
            .. Shrinking.WithoutSome(exchange.Fields).Select(fields => exchange with { Fields = fields }),
        ]);

    public static Arbitrary<RoughBlock> RoughBlock() => Arb.From(
        Gen.Sized(size => Gen.Choose(0, 1 + size).SelectMany(count => Gen.ArrayOf(PieceGen(), count)))
            .Select(pieces => new RoughBlock([.. pieces.SelectMany(piece => piece)])),
        block => Enumerable.Range(0, block.Octets.Length)
            .Select(skip => new RoughBlock([.. block.Octets.Where((_, i) => i != skip)])));

    private static Gen<HeaderField> FieldGen() =>
        from name in Gen.Frequency((8, Gen.Elements(Names)), (2, OctetsGen(1, 30)))
        from value in Gen.Frequency((8, Gen.Elements(Values)), (3, OctetsGen(0, 40)), (1, OctetsGen(100, 400)))
        from never in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new HeaderField(name, value, never);

    private static Gen<int> LimitGen() => Gen.Frequency(
        (2, Gen.Elements(0, 31, 32, 33, 100, 256, 4096, 65_536)), (1, Gen.Choose(0, 1000)), (1, Gen.Choose(0, 10_000)));

    private static Gen<Octets> OctetsGen(int least, int most) =>
        from length in Gen.Choose(least, most)
        from octets in Gen.ArrayOf(Gen.Frequency((4, Gen.Choose(32, 126)), (1, Gen.Choose(0, 255))), length)
        select new Octets(octets.Select(octet => (byte)octet).ToArray());

    private static Gen<byte[]> PieceGen() => Gen.Frequency(
        (3, Gen.Choose(0, 255).Select(octet => (byte[])[(byte)octet])),
        (3, Gen.Choose(0x81, 0xc4).Select(octet => (byte[])[(byte)octet])),
        (1, Gen.Choose(0x20, 0x3e).Select(octet => (byte[])[(byte)octet])),
        (2, from first in Gen.Choose(0x40, 0x7e) from value in StringGen() select (byte[])[(byte)first, .. value]),
        (2, from first in Gen.Elements(0x40, 0x00, 0x10) from name in StringGen() from value in StringGen()
            select (byte[])[(byte)first, .. name, .. value]),
        (1, from first in Gen.Choose(0x00, 0x1e) from value in StringGen() select (byte[])[(byte)first, .. value]));

    private static Gen<byte[]> StringGen() =>
        from huffman in Gen.Elements(0x00, 0x80)
        from octets in OctetsGen(0, 20)
        from good in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
        select huffman == 0x80 && good ? Coded(octets) : (byte[])[(byte)(huffman | octets.Length), .. octets.Span];

    private static byte[] Coded(Octets octets)
    {
        var target = new byte[octets.Length + HuffmanEncoder.Slack];
        var length = HuffmanEncoder.TryEncode(octets.Span, target);
        return length < 0 ? [(byte)octets.Length, .. octets.Span] : [(byte)(0x80 | length), .. target.AsSpan(0, length)];
    }

    private static IEnumerable<HeaderField> Shrink(HeaderField field)
    {
        if (!field.Value.IsEmpty)
            yield return new(field.Name, field.Value.Slice(0, field.Value.Length / 2), field.NeverIndexed);
        if (!field.Name.IsEmpty)
            yield return new(field.Name.Slice(0, field.Name.Length / 2), field.Value, field.NeverIndexed);
    }
}
