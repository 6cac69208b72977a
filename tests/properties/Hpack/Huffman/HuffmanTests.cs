using System.Text;
using FsCheck.Xunit;
using Hpack.Pure;
using Http2.TestSupport;
using Xunit;

namespace Http2.Properties.Hpack;

public sealed class HuffmanTests
{
    [Fact]
    public void The_code_is_complete_and_no_code_starts_another()
    {
        // Kraft: the codes of a complete prefix code fill the space exactly.
        Assert.Equal(1L << 30, HuffmanCode.Lengths.ToArray().Sum(length => 1L << (30 - length)));
        var codes = Enumerable.Range(0, 256).Select(symbol => Bits(symbol)).ToArray();
        Assert.All(codes, code => Assert.Single(codes, other => other.StartsWith(code, StringComparison.Ordinal)));
    }

    [Theory] // some of RFC 7541 Appendix B
    [InlineData(' ', "010100")]
    [InlineData('0', "00000")]
    [InlineData('a', "00011")]
    [InlineData('\\', "1111111111111110000")]
    [InlineData(127, "1111111111111111111111111100")]
    [InlineData(22, "111111111111111111111111111110")]
    [InlineData(255, "11111111111111111111101110")]
    public void A_code_is_that_of_the_RFC(int symbol, string bits) => Assert.Equal(bits, Bits(symbol));

    [Fact]
    public void Every_octet_alone_and_repeated_survives()
    {
        for (var symbol = 0; symbol < 256; symbol++)
        {
            for (var length = 1; length <= 40; length++)
                RoundTrip([.. Enumerable.Repeat((byte)symbol, length)]);
        }
    }

    [Property(MaxTest = 2000)]
    public void Any_octets_survive(AnyOctets octets) => RoundTrip(octets);

    [Property(MaxTest = 500)]
    public void The_encoder_gives_up_exactly_when_it_would_not_be_shorter(AnyOctets octets)
    {
        var target = new byte[octets.Length + HuffmanEncoder.Slack];
        var length = EncodedLength(octets);
        Assert.Equal(length < octets.Length ? length : -1, HuffmanEncoder.TryEncode(octets, target));
    }

    [Property(MaxTest = 1000)]
    public void The_encoder_stores_nothing_behind_its_room(AnyOctets octets, AnyOctets ends)
    {
        // The longest codes, where a store reaches furthest.
        byte[] source = [.. octets, .. ends.Array.Select(octet => (byte)(octet | 0x80)), .. octets.Array.Take(ends.Length % 4)];
        var target = Enumerable.Repeat((byte)0x5a, source.Length + HuffmanEncoder.Slack + 32).ToArray();
        HuffmanEncoder.TryEncode(source, target.AsSpan(0, source.Length + HuffmanEncoder.Slack));
        Assert.All(target[(source.Length + HuffmanEncoder.Slack)..], octet => Assert.Equal(0x5a, octet));
    }

    [Property(MaxTest = 1500)]
    public void Any_octets_decode_as_a_bit_by_bit_decoder_says(AnyOctets coded, AnyOctets tail)
    {
        foreach (var source in (byte[][])[coded, tail, [.. coded, .. tail], [.. coded, 0xff], [.. tail, .. coded, 0xff, 0xff, 0xff, 0xff]])
        {
            var expected = Slowly(source, out var kind);
            var target = new byte[HuffmanDecoder.Room(source.Length)];
            var actual = HuffmanDecoder.Decode(source, target, out var written);
            Assert.Equal(kind, actual);
            Assert.Equal(kind, HuffmanDecoder.Measure(source, out var measured));
            if (kind != HpackErrorKind.None)
                continue;
            Assert.Equal(expected, target[..written]);
            Assert.Equal(expected.Length, measured);
            Assert.InRange(expected.Length, HuffmanDecoder.LeastDecoded(source.Length), HuffmanDecoder.Room(source.Length));
        }
    }

    [Theory]
    [InlineData("", HpackErrorKind.None)]
    [InlineData("ff", HpackErrorKind.HuffmanPaddingTooLong)]
    [InlineData("1fff", HpackErrorKind.HuffmanPaddingTooLong)] // a, then 11 ones
    [InlineData("1f", HpackErrorKind.None)]
    [InlineData("18", HpackErrorKind.HuffmanPaddingNotOnes)]
    [InlineData("fe", HpackErrorKind.HuffmanPaddingNotOnes)] // inside a code
    [InlineData("fffffffc", HpackErrorKind.HuffmanEos)]
    [InlineData("ffffffff", HpackErrorKind.HuffmanEos)]
    [InlineData("1fffffffff1818", HpackErrorKind.HuffmanEos)]
    [InlineData("1818181818181818181818ffffffffff", HpackErrorKind.HuffmanEos)]
    [InlineData("ffffff", HpackErrorKind.HuffmanPaddingTooLong)]
    public void Padding_is_less_than_eight_ones_and_end_of_string_is_never_spelled_out(string hex, HpackErrorKind kind)
    {
        var source = Convert.FromHexString(hex);
        Assert.Equal(kind, HuffmanDecoder.Decode(source, new byte[HuffmanDecoder.Room(source.Length)], out _));
        Slowly(source, out var slowly);
        Assert.Equal(slowly, HuffmanDecoder.Decode(source, new byte[HuffmanDecoder.Room(source.Length)], out _));
    }

    /// <summary>The longest codes have 30 bits, four of them more than a window: they may stand anywhere in a string that gets shorter.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(61)]
    public void Long_codes_in_the_midst_of_short_ones_survive(int at)
    {
        byte[] octets = [.. Enumerable.Repeat((byte)'e', at), 10, 13, 22, 1, 92, 0, .. Enumerable.Repeat((byte)'o', 90)];
        RoundTrip(octets);
        var target = new byte[octets.Length + HuffmanEncoder.Slack];
        Assert.Equal(EncodedLength(octets), HuffmanEncoder.TryEncode(octets, target));
        // and where they are what makes it longer, it gives up
        octets = [.. Enumerable.Repeat((byte)'e', at % 4), 10, 13, 22, 1, 92, 0, (byte)'o'];
        Assert.Equal(-1, HuffmanEncoder.TryEncode(octets, target));
    }

    [Fact]
    public void An_encoder_without_room_for_its_last_store_refuses()
    {
        var octets = "text"u8.ToArray();
        Assert.Throws<ArgumentException>("target", () => { _ = HuffmanEncoder.TryEncode(octets, new byte[octets.Length + HuffmanEncoder.Slack - 1]); });
    }

    [Fact]
    public void Too_small_a_target_is_refused_before_anything_is_written() =>
        Assert.Throws<ArgumentException>(() => HuffmanDecoder.Decode(new byte[10], new byte[16], out _));

    private static int EncodedLength(byte[] octets) => (octets.Sum(octet => HuffmanCode.Lengths[octet]) + 7) / 8;

    private static void RoundTrip(byte[] octets)
    {
        var coded = Encode(octets);
        Assert.Equal(EncodedLength(octets), coded.Length);
        var target = new byte[HuffmanDecoder.Room(coded.Length)];
        Assert.Equal(HpackErrorKind.None, HuffmanDecoder.Decode(coded, target, out var written));
        Assert.Equal(octets, target[..written]);
        var shorter = new byte[octets.Length + HuffmanEncoder.Slack];
        if (HuffmanEncoder.TryEncode(octets, shorter) is var length and >= 0)
            Assert.Equal(coded, shorter[..length]);
    }

    private static string Bits(int symbol) =>
        Convert.ToString((uint)(HuffmanCode.Codes[symbol] >> HuffmanCode.CodeAt), 2).PadLeft(HuffmanCode.Lengths[symbol], '0');

    private static byte[] Encode(byte[] octets)
    {
        var bits = new StringBuilder();
        foreach (var octet in octets)
            bits.Append(Bits(octet));
        while (bits.Length % 8 != 0)
            bits.Append('1');
        return [.. bits.ToString().Chunk(8).Select(octet => Convert.ToByte(new string(octet), 2))];
    }

    private static readonly Dictionary<string, int> Symbols = Enumerable.Range(0, 256).ToDictionary(Bits, symbol => symbol);

    // A bit at a time, by a dictionary: shares nothing with the tables but the codes.
    private static byte[] Slowly(byte[] source, out HpackErrorKind kind)
    {
        var decoded = new List<byte>();
        var code = "";
        kind = HpackErrorKind.None;
        foreach (var octet in source)
        {
            foreach (var bit in Convert.ToString(octet, 2).PadLeft(8, '0'))
            {
                code += bit;
                if (code == new string('1', 30))
                    kind = HpackErrorKind.HuffmanEos;
                else if (Symbols.TryGetValue(code, out var symbol))
                    decoded.Add((byte)symbol);
                else
                    continue;
                if (kind != HpackErrorKind.None)
                    return [];
                code = "";
            }
        }
        if (code.Contains('0'))
            kind = HpackErrorKind.HuffmanPaddingNotOnes;
        else if (code.Length > 7)
            kind = HpackErrorKind.HuffmanPaddingTooLong;
        return [.. decoded];
    }
}
