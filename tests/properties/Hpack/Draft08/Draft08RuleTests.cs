using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Draft08;

/// <summary>The decoder's rules, one by one.</summary>
public sealed class Draft08RuleTests
{
    private static readonly Draft08DecoderState Start = Draft08DecoderState.Create();

    /// <summary>Nothing said is what was said before.</summary>
    [Fact]
    public void An_empty_block_repeats_the_header_set()
    {
        var one = Draft08Codec.Decode(Start, "8287");
        Assert.Equal(Draft08Codec.Sorted(one.Fields), Draft08Codec.Sorted(Draft08Codec.Decode(one.State, "").Fields));
    }

    /// <summary>An index in the reference set takes the entry out of it, and emits nothing.</summary>
    [Fact]
    public void An_index_of_a_referenced_entry_removes_it()
    {
        var two = Draft08Codec.Decode(Draft08Codec.Decode(Start, "8287").State, "81");
        Assert.Equal(":method: GET", Assert.Single(two.Fields).ToString());
        Assert.Equal([false, true], two.State.ReferenceSet.AsEnumerable());
    }

    /// <summary>Taken out and put back, an entry is emitted each time it is put back, and not again at the end.</summary>
    [Fact]
    public void An_entry_is_emitted_each_time_it_enters_the_reference_set()
    {
        var two = Draft08Codec.Decode(Draft08Codec.Decode(Start, "82").State, "81818181");
        Assert.Equal([":method: GET", ":method: GET"], two.Fields.Select(f => f.ToString()));
        Assert.Equal([true], two.State.ReferenceSet.AsEnumerable());
    }

    /// <summary>An entry that was emitted and then taken out stays emitted.</summary>
    [Fact]
    public void What_was_emitted_cannot_be_taken_back()
    {
        var one = Draft08Codec.Decode(Start, "8281");
        Assert.Single(one.Fields);
        Assert.Equal([false], one.State.ReferenceSet.AsEnumerable());
    }

    /// <summary>Emptying the reference set leaves the table.</summary>
    [Fact]
    public void Emptying_the_reference_set_keeps_the_entries()
    {
        var two = Draft08Codec.Decode(Draft08Codec.Decode(Start, "8287").State, "3082");
        Assert.Equal(":method: GET", Assert.Single(two.Fields).ToString());
        Assert.Equal(2, two.State.Table.Count);
        Assert.Equal([false, true], two.State.ReferenceSet.AsEnumerable());
    }

    /// <summary>Eviction takes the reference along: the field is not part of the set unless it was emitted.</summary>
    [Fact]
    public void An_evicted_entry_is_not_emitted_at_the_end()
    {
        var one = Draft08Codec.Decode(Draft08DecoderState.Create(50), "82");
        var two = Draft08Codec.Decode(one.State, "88");
        Assert.Equal(":scheme: https", Assert.Single(two.Fields).ToString());
        Assert.Equal(":scheme: https", Assert.Single(two.State.Table).ToString());
    }

    /// <summary>A static entry that does not fit is emitted, empties the table, and is not referenced.</summary>
    [Fact]
    public void A_static_entry_larger_than_the_table_empties_it()
    {
        var one = Draft08Codec.Decode(Draft08DecoderState.Create(45), "82");
        // 1 dynamic entry: static entry 16, of 60 octets, is 17.
        var two = Draft08Codec.Decode(one.State, "91");
        Assert.Equal("accept-encoding: gzip, deflate", Assert.Single(two.Fields).ToString());
        Assert.Empty(two.State.Table);
    }

    /// <summary>The name of an entry outlives its eviction by the literal that refers to it.</summary>
    [Fact]
    public void A_name_survives_the_eviction_that_its_own_insertion_causes()
    {
        var one = Draft08Codec.Decode(Draft08DecoderState.Create(64), "40016105" + "6161616161");
        var two = Draft08Codec.Decode(one.State, "4106" + "626262626262");
        Assert.Equal("a: bbbbbb", Assert.Single(two.Fields).ToString());
        Assert.Equal("a: bbbbbb", Assert.Single(two.State.Table).ToString());
    }

    /// <summary>Sizes may change anywhere in a block.</summary>
    [Fact]
    public void A_size_takes_effect_where_it_stands()
    {
        var one = Draft08Codec.Decode(Start, "82" + "20" + "87" + "2f35" + "87");
        Assert.Equal([":method: GET", ":scheme: https", ":scheme: https"], one.Fields.Select(f => f.ToString()));
        Assert.Equal(["[1] (s=44) (r=y) :scheme: https"], Draft08Codec.Lines(one.State));
        Assert.Equal(68, one.State.Table.MaxSize);
    }

    /// <summary>What is wrong, where, and by which rule.</summary>
    [Theory]
    [InlineData("80", HpackErrorKind.IndexZero, 0)]
    [InlineData("82bf", HpackErrorKind.IndexOutOfRange, 1)]
    [InlineData("7f0061", HpackErrorKind.IndexOutOfRange, 0)]
    [InlineData("8231", HpackErrorKind.ReferenceSetBits, 1)]
    [InlineData("3f", HpackErrorKind.ReferenceSetBits, 0)]
    [InlineData("2ff21f", HpackErrorKind.SizeUpdateTooLarge, 0)]
    [InlineData("ff", HpackErrorKind.TruncatedInteger, 0)]
    [InlineData("ff80808080808000", HpackErrorKind.IntegerTooLong, 0)]
    [InlineData("ffffffffff7f", HpackErrorKind.IntegerOverflow, 0)]
    [InlineData("40", HpackErrorKind.TruncatedString, 1)]
    [InlineData("4001", HpackErrorKind.TruncatedString, 1)]
    [InlineData("400161", HpackErrorKind.TruncatedString, 3)]
    [InlineData("40016183ffffff", HpackErrorKind.HuffmanPaddingTooLong, 3)]
    public void A_broken_rule_is_named_with_its_place(string hex, HpackErrorKind kind, int offset)
    {
        var error = Draft08Codec.Error(Start, hex);
        Assert.Equal((kind, offset), (error.Kind, error.Offset));
        var direct = Draft08Decoder.Decode(Start, Convert.FromHexString(hex), out var fields, out var next);
        Assert.Equal(error, direct);
        Assert.False(Draft08Decoder.TryDecode(Start, Octets.FromHex(hex), out var none, out var tried));
        Assert.Equal((default, error), (none, tried));
        Assert.True(fields.IsEmpty);
        Assert.Same(Start, next);
    }

    /// <summary>The largest block there may be is looked at; of this one the first octet is wrong.</summary>
    [Fact]
    public void A_block_is_too_long_only_beyond_the_bound()
    {
        var block = new byte[HpackDecoder.MaxBlockLength + 1];
        block[0] = 0x80;
        Assert.Equal(HpackErrorKind.IndexZero, Draft08Decoder.Decode(Start, block.AsSpan(..^1), out _, out _).Kind);
        Assert.Equal(HpackErrorKind.BlockTooLong, Draft08Decoder.Decode(Start, block, out _, out _).Kind);
    }

    /// <summary>The draft's own rule cites the draft.</summary>
    [Fact]
    public void The_rule_of_the_reference_set_cites_the_draft() =>
        Assert.Contains("HPACK draft 08 §7.3", Draft08Codec.Error(Start, "31").ToString());

    /// <summary>A lowered setting evicts, and the next block has to say a size before its first field, or at all.</summary>
    [Theory]
    [InlineData("82", false)]
    [InlineData("", false)]
    [InlineData("30", false)]
    [InlineData("2f3182", true)]
    [InlineData("302f3182", true)]
    [InlineData("20", true)]
    [InlineData("2f3282", false)]
    public void A_lowered_setting_must_be_answered(string hex, bool sound)
    {
        var lowered = Draft08Codec.Decode(Start, "8287").State.WithMaxTableSize(64);
        Assert.True(lowered.OwesSizeUpdate);
        Assert.Single(lowered.Table);
        Assert.Equal(sound, Draft08Codec.Error(lowered, hex).IsNone);
    }

    /// <summary>A raised setting only permits.</summary>
    [Fact]
    public void A_raised_setting_needs_no_answer()
    {
        var raised = Start.WithMaxTableSize(8192);
        Assert.False(raised.OwesSizeUpdate);
        Assert.Equal(4096, raised.Table.MaxSize);
        Assert.Equal(8192, Draft08Codec.Decode(raised, "2ff13f").State.Table.MaxSize);
    }
}
