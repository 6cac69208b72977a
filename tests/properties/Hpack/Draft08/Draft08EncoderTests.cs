using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Draft08;

/// <summary>What the encoder writes, octet by octet.</summary>
public sealed class Draft08EncoderTests
{
    private static readonly HeaderField Get = new(":method", "GET");
    private static readonly HeaderField Path = new(":path", "/");
    private static readonly HeaderField Status = new(":status", "200");
    private static readonly HeaderField Secret = new("authorization", "me");

    /// <summary>A set that came before is nothing; a field less is an index; a field twice is off and on for each time it is emitted.</summary>
    [Fact]
    public void Only_differences_are_written()
    {
        var state = Write(Draft08EncoderState.Create(), "8285", Get, Path);
        state = Write(state, "", Path, Get);
        state = Write(state, "81", Get);
        state = Write(state, "", Get);
        state = Write(state, "82828282", Get, Get);
        Write(state, "828282828282", Get, Get, Get);
    }

    /// <summary>Emptying the set is one octet: it pays when more would have to be taken out than it keeps.</summary>
    [Fact]
    public void The_reference_set_is_emptied_when_that_is_shorter()
    {
        HeaderField[] many = [.. Enumerable.Range(1, 9).Select(i => new HeaderField($"{i}", ""))];
        var state = Draft08Encoder.Encode(Draft08EncoderState.Create(), many).State;
        // One of nine stays: emptying and putting it back are 2 octets, taking eight out is 8.
        Write(state, "3085", many[4]);
        // Four stay and five go: emptying would cost as much, and is left.
        Write(state, "8182838485", many[..4]);
        // Three stay and six go.
        Write(state, "30898887", many[..3]);
    }

    /// <summary>What goes out as a literal, or enters the set by this block, is not what the set would keep from being sent again.</summary>
    [Fact]
    public void The_reference_set_is_emptied_when_nothing_of_it_is_wanted()
    {
        var state = Write(Draft08EncoderState.Create(), "8285", Get, Path);
        Write(state, "30" + "12" + "03474554" + "11" + "012f", Never(Get), Never(Path));
        // :status: 200 is in the table and not in the set; then the other two are, and only the third is asked for
        state = Write(state, "8a", Get, Path, Status);
        state = Write(state, "81", Get, Path);
        Write(state, "30" + "81", Status);
    }

    /// <summary>Without the reference set each block empties what the one before has left.</summary>
    [Fact]
    public void Without_the_reference_set_each_block_stands_alone()
    {
        var state = Write(Draft08EncoderState.Create(usesReferenceSet: false), "8285", Get, Path);
        state = Write(state, "308281", Get, Path);
        state = Write(state, "3082", Get);
        state = Write(state, "30");
        Write(state, "");
    }

    /// <summary>An entry that is about to be evicted is emitted first, when it was to be emitted at the end.</summary>
    [Fact]
    public void What_is_evicted_is_said_before()
    {
        var state = Write(Draft08EncoderState.Create(45), "2f1e82", Get);
        // :scheme: https, 44 octets, leaves no room for what is there; it is index 8, behind one entry.
        Write(state, "818188", Get, new HeaderField(":scheme", "https"));
    }

    /// <summary>What stays in the table stays to be emitted at the end.</summary>
    [Fact]
    public void What_is_not_evicted_is_not_said_before()
    {
        // just room for :status: 200 beside :method: GET, each of 42 octets
        Write(Write(Draft08EncoderState.Create(84), "2f4582", Get), "89", Get, Status);
        // it takes the place of :method: GET, and :path: / stays
        Write(Write(Draft08EncoderState.Create(80), "2f418285", Get, Path), "82828a", Get, Path, Status);
    }

    /// <summary>Secrets are never indexed, by the policy; what came never indexed stays so; larger than the table is not inserted.</summary>
    [Fact]
    public void Fields_that_stay_out_of_the_table_are_literals()
    {
        var state = Write(Draft08EncoderState.Create(), "1f08" + "026d65", Secret);
        state = Write(state, "12" + "03474554", new HeaderField(":method", "GET", neverIndexed: true));
        Assert.Empty(state.Table);
        state = Write(Draft08EncoderState.Create(33), "2f12" + "000161" + "023031", new HeaderField("a", "01"));
        Assert.Empty(state.Table);
    }

    /// <summary>The smallest size since the last block is said before the final one: the decoder evicts as the encoder did.</summary>
    [Fact]
    public void The_smallest_size_is_said_before_the_last()
    {
        var state = Write(Draft08EncoderState.Create(), "8285", Get, Path);
        var decoder = Draft08Codec.Decode(Draft08DecoderState.Create(), "8285").State;
        state = state.WithPeerLimit(3000).WithPeerLimit(50).WithPeerLimit(4096);
        Assert.True(state.OwesSizeUpdate);
        Assert.Single(state.Table);
        // The decoder never heard of 50.
        var block = Draft08Encoder.Encode(state, [Get]);
        Assert.StartsWith("2f232ff11f", block.Block.ToHex());
        var decoded = Draft08Codec.Decode(decoder, block.Block);
        Assert.Equal(":method: GET", Assert.Single(decoded.Fields).ToString());
        Assert.Equal(block.State.Table, decoded.State.Table);
        Assert.False(block.State.OwesSizeUpdate);
    }

    /// <summary>A limit above the encoder's own says nothing.</summary>
    [Fact]
    public void A_limit_above_the_encoders_own_changes_nothing()
    {
        var state = Draft08EncoderState.Create().WithPeerLimit(uint.MaxValue);
        Assert.False(state.OwesSizeUpdate);
        Assert.Equal(4096, state.Table.MaxSize);
    }

    private static HeaderField Never(HeaderField field) => new(field.Name, field.Value, neverIndexed: true);

    private static Draft08EncoderState Write(Draft08EncoderState state, string hex, params HeaderField[] fields)
    {
        var encoded = Draft08Encoder.Encode(state, fields);
        Assert.Equal(hex, encoded.Block.ToHex());
        return encoded.State;
    }
}
