using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Every way a block can be wrong, with the octet at fault and the section of RFC 7541.</summary>
public sealed class DecoderErrorTests
{
    /// <summary>A block, what is wrong with it, the octet at fault and the section of RFC 7541.</summary>
    public static TheoryData<string, HpackErrorKind, int, string> WrongBlocks => new()
    {
        { "ff", HpackErrorKind.TruncatedInteger, 0, "5.1" },
        { "82ff80", HpackErrorKind.TruncatedInteger, 1, "5.1" },
        { "3f", HpackErrorKind.TruncatedInteger, 0, "5.1" },
        { "447f", HpackErrorKind.TruncatedInteger, 1, "5.1" },
        { "ff808080808080", HpackErrorKind.IntegerTooLong, 0, "5.1" },
        { "ff80808080808001", HpackErrorKind.IntegerTooLong, 0, "5.1" },
        { "ffffffffff0f", HpackErrorKind.IntegerOverflow, 0, "5.1" },
        { "ff81ffffff07", HpackErrorKind.IntegerOverflow, 0, "5.1" }, // 2^31
        { "ff80ffffff07", HpackErrorKind.IndexOutOfRange, 0, "2.3.3" }, // 2^31-1
        { "ffffffffff7f", HpackErrorKind.IntegerOverflow, 0, "5.1" },
        { "44", HpackErrorKind.TruncatedString, 1, "5.2" },
        { "4001", HpackErrorKind.TruncatedString, 1, "5.2" },
        { "400161", HpackErrorKind.TruncatedString, 3, "5.2" },
        { "82040261", HpackErrorKind.TruncatedString, 2, "5.2" },
        { "047fffffffff07", HpackErrorKind.IntegerOverflow, 1, "5.1" },
        { "047f80ffffff07", HpackErrorKind.TruncatedString, 1, "5.2" },
        { "0484fffffffc", HpackErrorKind.HuffmanEos, 2, "5.2" },
        { "4484fffffffc", HpackErrorKind.HuffmanEos, 2, "5.2" },
        { "0084fffffffc00", HpackErrorKind.HuffmanEos, 2, "5.2" },
        { "4084fffffffc00", HpackErrorKind.HuffmanEos, 2, "5.2" },
        { "04821fff", HpackErrorKind.HuffmanPaddingTooLong, 2, "5.2" },
        { "048118", HpackErrorKind.HuffmanPaddingNotOnes, 2, "5.2" },
        { "80", HpackErrorKind.IndexZero, 0, "6.1" },
        { "828082", HpackErrorKind.IndexZero, 1, "6.1" },
        { "80ff00", HpackErrorKind.IndexZero, 0, "6.1" },
        { "8280", HpackErrorKind.IndexZero, 1, "6.1" },
        { "be", HpackErrorKind.IndexOutOfRange, 0, "2.3.3" },
        { "7e0161", HpackErrorKind.IndexOutOfRange, 0, "2.3.3" },
        { "0f2f0161", HpackErrorKind.IndexOutOfRange, 0, "2.3.3" },
        { "400161016240016301647f010165", HpackErrorKind.IndexOutOfRange, 10, "2.3.3" },
        { "3fe21f", HpackErrorKind.SizeUpdateTooLarge, 0, "6.3" },
        { "203fe21f", HpackErrorKind.SizeUpdateTooLarge, 1, "6.3" },
        { "8220", HpackErrorKind.SizeUpdateTooLate, 1, "4.2" },
        { "208220", HpackErrorKind.SizeUpdateTooLate, 2, "4.2" },
        { "202020", HpackErrorKind.TooManySizeUpdates, 2, "4.2" },
    };

    [Theory]
    [MemberData(nameof(WrongBlocks))]
    public void A_wrong_block_is_an_error_of_its_kind(string hex, HpackErrorKind kind, int offset, string section)
    {
        var state = DecoderState.Create();
        var error = Codec.Error(state, Octets.FromHex(hex));
        Assert.Equal(new HpackError(kind, offset), error);
        Assert.Equal(section, error.Section);
        Assert.Contains($"octet {offset} (RFC 7541 §{section})", error.ToString());

        var arena = new FieldArena();
        var same = HpackDecoder.Decode(state, Convert.FromHexString(hex), long.MaxValue, arena, out var fields, out var next);
        Assert.Equal(error, same);
        Assert.Equal(0, fields.Count);
        Assert.Same(state, next);

        // The same verdict when the list is beyond its bound: what is not kept is still checked.
        Assert.Equal(error, HpackDecoder.Decode(state, Convert.FromHexString(hex), 0, arena, out _, out _));
    }

    [Fact]
    public void A_lowered_limit_must_be_acknowledged_by_the_next_block()
    {
        var state = DecoderState.Create().WithMaxTableSize(1000);
        Assert.True(state.OwesSizeUpdate);
        Assert.Equal(new(HpackErrorKind.SizeUpdateMissing, 0), Codec.Error(state, Octets.FromHex("82")));
        Assert.Equal(new(HpackErrorKind.SizeUpdateMissing, 0), Codec.Error(state, Octets.Empty));
        Assert.Equal("4.2", Codec.Error(state, Octets.Empty).Section);
        Assert.Equal(new(HpackErrorKind.SizeUpdateTooLarge, 0), Codec.Error(state, Octets.FromHex("3fca07"))); // 1001
        var next = Codec.Decode(state, Octets.FromHex("3fc90782")).State; // 1000
        Assert.False(next.OwesSizeUpdate);
        Assert.Equal(1000, next.Table.MaxSize);
        Codec.Decode(next, Octets.FromHex("82"));
    }

    [Fact]
    public void After_a_dip_the_smallest_limit_must_come_first()
    {
        var state = DecoderState.Create().WithMaxTableSize(100).WithMaxTableSize(2000);
        Assert.Equal(HpackErrorKind.SizeUpdateTooLarge, Codec.Error(state, Octets.FromHex("3fb10f")).Kind); // 2000 at once
        Assert.Equal(2000, Codec.Decode(state, Octets.FromHex("3f453fb10f")).State.Table.MaxSize); // 100, 2000
        Assert.Equal(0, Codec.Decode(state, Octets.FromHex("20")).State.Table.MaxSize);
    }

    [Fact]
    public void A_raised_limit_needs_no_update()
    {
        var state = DecoderState.Create().WithMaxTableSize(10_000);
        Assert.False(state.OwesSizeUpdate);
        Assert.Equal(4096, Codec.Decode(state, Octets.FromHex("82")).State.Table.MaxSize);
        Assert.Equal(10_000, Codec.Decode(state, Octets.FromHex("3ff14d")).State.Table.MaxSize);
    }

    [Fact]
    public void A_string_beyond_the_limit_is_an_error_and_one_at_the_limit_is_not()
    {
        var block = new byte[HpackDecoder.MaxStringLength + 10];
        byte[] atLimit = [0x04, 0x7f, 0x80, 0xff, 0xff, 0x07]; // 2^24-1
        atLimit.CopyTo(block, 0);
        var fields = Codec.Decode(DecoderState.Create(), new Octets(block.AsMemory(0, atLimit.Length + HpackDecoder.MaxStringLength))).Fields;
        Assert.Equal(HpackDecoder.MaxStringLength, fields[0].Value.Length);
        byte[] beyond = [0x04, 0x7f, 0x81, 0xff, 0xff, 0x07];
        beyond.CopyTo(block, 0);
        var error = Codec.Error(DecoderState.Create(), new Octets(block));
        Assert.Equal(new(HpackErrorKind.StringTooLong, 1), error);
        Assert.Equal("7.4", error.Section);
    }

    [Fact]
    public void A_string_that_Huffman_decoding_takes_beyond_the_limit_is_an_error()
    {
        // '0' has five bits, all zero: 8n/5 symbols from n octets.
        var length = HpackDecoder.MaxStringLength / 8 * 5 + 5;
        var block = new byte[length + 6];
        block[0] = 0x04;
        var at = 1 + PrefixInteger.Write(block.AsSpan(1), 0x80, 0x7f, length);
        var error = Codec.Error(DecoderState.Create(), new Octets(block.AsMemory(0, at + length)));
        Assert.Equal(HpackErrorKind.StringTooLong, error.Kind);
        var skipped = HpackDecoder.Decode(DecoderState.Create(), block.AsSpan(0, at + length), 100, new FieldArena(), out _, out _);
        Assert.Equal(error, skipped);
    }

    [Fact]
    public void A_block_beyond_the_limit_is_an_error()
    {
        var error = Codec.Error(DecoderState.Create(), new Octets(new byte[HpackDecoder.MaxBlockLength + 1]));
        Assert.Equal(new(HpackErrorKind.BlockTooLong, 0), error);
        Assert.Equal("7.4", error.Section);
    }

    [Fact]
    public void Every_kind_has_a_section_and_a_message_of_its_own()
    {
        var errors = Enum.GetValues<HpackErrorKind>().Select(kind => new HpackError(kind, 7)).ToArray();
        Assert.Equal(errors.Length, errors.Select(error => error.Message).Distinct().Count());
        Assert.All(errors, error => Assert.Equal(error.IsNone, error.Section.Length == 0));
        Assert.Equal("no error", default(HpackError).ToString());
    }
}
