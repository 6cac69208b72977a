using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Draft08;

/// <summary>The values of draft 08 as values: their equality, hash codes and texts, what they refuse, and what they keep.</summary>
public sealed class Draft08ValueTests
{
    private static readonly HeaderField Own = new("x-own", "1"), Other = new("x-own", "2");

    [Fact]
    public void Decoders_are_equal_when_all_they_know_is()
    {
        var state = Draft08Codec.Decode(Draft08DecoderState.Create(), "8287").State;
        var same = Draft08Codec.Decode(Draft08Codec.Decode(Draft08DecoderState.Create(), "82").State, "87").State;
        Assert.True(state.Equals(state) && state.Equals(same) && state.Equals((object)same));
        Assert.Equal(state.GetHashCode(), same.GetHashCode());
        Assert.Equal(state.ToString(), same.ToString());
        Draft08DecoderState[] others =
        [
            Draft08DecoderState.Create(), Draft08Codec.Decode(state, "81").State, Draft08Codec.Decode(state, "2f00").State,
            state.WithMaxTableSize(5000), state.WithMaxTableSize(4000), state.WithMaxTableSize(0), state.WithMaxTableSize(4000).WithMaxTableSize(4096),
        ];
        Assert.All(others, other => Assert.False(state.Equals(other) || other.Equals((object)state)));
        Assert.Equal(others.Length + 1, others.Append(state).Select(other => other.GetHashCode()).Distinct().Count());
        Assert.False(state.Equals((Draft08DecoderState?)null) || state.Equals((object)"state"));
    }

    [Fact]
    public void Encoders_are_equal_when_all_they_know_is()
    {
        static Draft08EncoderState Make() => Draft08Encoder.Encode(Draft08EncoderState.Create(), [Own]).State;
        var state = Make();
        Assert.True(state.Equals(state) && state.Equals(Make()) && state.Equals((object)Make()));
        Assert.Equal(state.GetHashCode(), Make().GetHashCode());
        Draft08EncoderState[] others =
        [
            Draft08EncoderState.Create(), Draft08Encoder.Encode(Draft08EncoderState.Create(), [Other]).State,
            Draft08Encoder.Encode(state, [Other]).State, Draft08Encoder.Encode(state, []).State, Draft08EncoderState.Create(5000),
            state.WithReferenceSet(false), state.WithPolicy(IndexingPolicy.All), state.WithPeerLimit(100), state.WithPeerLimit(5000),
            state.WithPeerLimit(100).WithPeerLimit(4096), state.WithPeerLimit(200).WithPeerLimit(4096),
        ];
        Assert.All(others, other => Assert.False(state.Equals(other) || other.Equals((object)state)));
        Assert.False(others[^1].Equals(others[^2]));
        Assert.False(Draft08EncoderState.Create(5000).Equals(Draft08EncoderState.Create()));
        Assert.False(state.Equals((Draft08EncoderState?)null) || state.Equals((object)"state"));
        // announced is what tells these apart: the same limit, owed by one of them
        var owes = Draft08EncoderState.Create(100);
        Assert.False(owes.Equals(Draft08Encoder.Encode(owes, []).State));
    }

    [Fact]
    public void A_state_says_its_limits_what_is_owed_and_its_table_with_the_references()
    {
        var decoder = Draft08Codec.Decode(Draft08DecoderState.Create(200), "8287").State;
        Assert.Equal(
            "draft-08 decoder, at most 200; 2 entries, 85 of 200 octets\n[1] (s = 43) (r = y) :scheme: http\n[2] (s = 42) (r = y) :method: GET",
            decoder.ToString());
        decoder = Draft08Codec.Decode(decoder, "81").State.WithMaxTableSize(50);
        Assert.Equal(
            "draft-08 decoder, at most 50, owed a size update; 1 entries, 43 of 50 octets\n[1] (s = 43) (r = n) :scheme: http", decoder.ToString());
        var encoder = Draft08EncoderState.Create(300);
        Assert.Equal("draft-08 encoder, at most 300, peer's limit 4096, owes a size update; 0 entries, 0 of 300 octets", encoder.ToString());
        Assert.Equal(
            "draft-08 encoder, at most 300, peer's limit 4096; 1 entries, 38 of 300 octets\n[1] (s = 38) (r = y) x-own: 1",
            Draft08Encoder.Encode(encoder, [Own]).State.ToString());
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        Assert.Throws<ArgumentNullException>("state", () => Draft08Encoder.Encode(null!, []));
        Assert.Throws<ArgumentNullException>("fields", () => Draft08Encoder.Encode(Draft08EncoderState.Create(), null!));
        Assert.Throws<ArgumentNullException>("state", () => Draft08Decoder.Decode(null!, default));
        Assert.Throws<ArgumentNullException>("policy", () => Draft08EncoderState.Create().WithPolicy(null!));
        Assert.Throws<ArgumentOutOfRangeException>("maxTableSize", () => Draft08EncoderState.Create(-1));
        Assert.Throws<ArgumentOutOfRangeException>("maxTableSize", () => Draft08DecoderState.Create(-1));
        Assert.Throws<ArgumentOutOfRangeException>("maxTableSize", () => Draft08DecoderState.Create().WithMaxTableSize(-1));
        Assert.Equal(IndexingPolicy.All, Draft08EncoderState.Create(policy: IndexingPolicy.All).Policy);
    }

    /// <summary>A state that is kept does not keep the traffic of its whole connection alive, and is as quick to go on from as any.</summary>
    [Fact]
    public void A_kept_state_keeps_no_more_than_a_bounded_log()
    {
        var state = Draft08DecoderState.Create();
        for (var i = 0; i < 300; i++)
            state = Draft08Codec.Decode(state, $"4004{i:x8}04{i:x8}").State;
        Assert.True(state.HeaderTable.Window.Log.Fits(4096));
        var small = state.WithMaxTableSize(100).HeaderTable.Window;
        Assert.True(small.Log.Fits(100) && small.Count == 2);
        Assert.True(small.Log.TryClaim(small.Tail));
        Assert.Equal(TableLog.Empty, state.WithMaxTableSize(0).HeaderTable.Window.Log);
        // a small log is kept, even by an empty table
        var one = Draft08Codec.Decode(Draft08DecoderState.Create(), "4001780179").State;
        Assert.Same(one.HeaderTable.Window.Log, one.WithMaxTableSize(30).HeaderTable.Window.Log);
    }

    [Fact]
    public void The_newest_state_appends_to_its_log_and_an_older_one_to_a_copy()
    {
        var first = Draft08Codec.Decode(Draft08DecoderState.Create(), "40017801" + "79").State;
        var second = Draft08Codec.Decode(first, "40017801" + "7a").State;
        Assert.Same(first.HeaderTable.Window.Log, second.HeaderTable.Window.Log);
        Assert.NotSame(first.HeaderTable.Window.Log, Draft08Codec.Decode(first, "40017801" + "7b").State.HeaderTable.Window.Log);
        var third = Draft08Codec.Decode(second, "40017801" + "7c" + "40017801" + "7d").State;
        Assert.Same(first.HeaderTable.Window.Log, third.HeaderTable.Window.Log);
        Assert.Equal(["x: }", "x: |", "x: z", "x: y"], third.Table.Select(field => field.ToString()));
    }

    [Fact]
    public void An_entry_for_which_there_is_just_room_goes_into_the_same_log()
    {
        var state = Draft08Codec.Decode(Draft08DecoderState.Create(), "40017801" + "79").State;
        var log = state.HeaderTable.Window.Log;
        var room = log.Bytes.Length - log.BytesEnd;
        var field = new HeaderField("n", new string('~', room - 1));
        var block = Draft08Encoder.Encode(Draft08EncoderState.Create(policy: IndexingPolicy.All), [field]).Block;
        var full = Draft08Codec.Decode(state, block).State;
        Assert.Same(log, full.HeaderTable.Window.Log);
        Assert.Equal(log.Bytes.Length, log.BytesEnd);
        Assert.Equal(["n: " + field.Value, "x: y"], full.Table.Select(entry => entry.ToString()));
    }

    /// <summary>What is looked up in the table is looked for there: nothing is kept for that.</summary>
    [Fact]
    public void A_log_of_either_end_has_no_hashes()
    {
        Assert.Empty(Draft08Codec.Decode(Draft08DecoderState.Create(), "40017801" + "79").State.HeaderTable.Window.Log.FieldHashes);
        Assert.Empty(Draft08Encoder.Encode(Draft08EncoderState.Create(), [Own]).State.HeaderTable.Window.Log.FieldHashes);
    }

    [Fact]
    public void A_table_without_references_has_no_marks()
    {
        var state = Draft08Codec.Decode(Draft08DecoderState.Create(), "8287").State;
        Assert.Empty(Draft08Codec.Decode(state, "30").State.HeaderTable.Referenced);
        var older = Draft08Codec.Decode(state, "81").State;
        Assert.Equal([true, false], older.HeaderTable.Referenced);
        Assert.Empty(older.WithMaxTableSize(50).HeaderTable.Referenced);
    }

    [Fact]
    public void A_field_as_large_as_the_table_fits()
    {
        var encoded = Draft08Encoder.Encode(Draft08EncoderState.Create(38), [Own]);
        Assert.Equal((1, 38), (encoded.State.Table.Count, encoded.State.Table.Size));
        var decoded = Draft08Codec.Decode(Draft08DecoderState.Create(38), encoded.Block);
        Assert.Equal((1, 38), (decoded.State.Table.Count, decoded.State.Table.Size));
        Assert.Empty(Draft08Encoder.Encode(Draft08EncoderState.Create(37), [Own]).State.Table);
    }

    [Fact]
    public void A_name_is_taken_from_the_table_even_from_its_oldest_entry()
    {
        var state = Draft08Encoder.Encode(Draft08EncoderState.Create(usesReferenceSet: false), [Own]).State;
        // empties the reference set, then a literal with the name of entry 1
        Assert.Equal("30" + "41" + "0132", Draft08Encoder.Encode(state, [Other]).Block.ToHex());
    }

    [Fact]
    public void A_field_never_to_be_indexed_is_a_literal_although_the_table_has_it()
    {
        var state = Draft08Encoder.Encode(Draft08EncoderState.Create(usesReferenceSet: false), [Own]).State;
        var secret = new HeaderField("x-own", "1", neverIndexed: true);
        Assert.Equal("30" + "11" + "0131", Draft08Encoder.Encode(state, [secret]).Block.ToHex());
        Assert.Equal("30" + "81", Draft08Encoder.Encode(state, [Own]).Block.ToHex());
    }
}
