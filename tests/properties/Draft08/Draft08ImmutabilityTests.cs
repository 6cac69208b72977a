using Hpack.Pure;
using Http2.Properties.Differential;
using Xunit;

namespace Http2.Properties.Draft08;

/// <summary>States are values: whatever was done with one, it stays what it was.</summary>
public sealed class Draft08ImmutabilityTests
{
    /// <summary>Old states are decoded from again and again, from many threads, between failed blocks, with the same results.</summary>
    [Fact]
    public void A_state_can_be_branched_from_any_number_of_times_from_any_thread()
    {
        var dice = new Dice(8);
        var generator = new FieldGenerator(ref dice);
        var encoder = Draft08EncoderState.Create(1000, policy: IndexingPolicy.All);
        var decoder = Draft08DecoderState.Create();
        var steps = new List<Step>();
        for (var i = 0; i < 300; i++)
        {
            var list = generator.MakeList(ref dice);
            var encoded = Draft08Encoder.Encode(encoder, list);
            var decoded = Draft08Codec.Decode(decoder, encoded.Block);
            steps.Add(new Step(encoder, list, encoded, decoder, decoded));
            (encoder, decoder) = (encoded.State, decoded.State);
        }
        Parallel.For(0, 4, thread =>
        {
            var pick = new Dice((ulong)thread);
            for (var i = 0; i < 3000; i++)
            {
                var step = steps[pick.Below(steps.Count)];
                var encoded = Draft08Encoder.Encode(step.Encoder, step.List);
                Assert.Equal(step.Encoded.Block, encoded.Block);
                Assert.Equal(step.Encoded.State, encoded.State);
                // Appends to the log and then fails; the log must not show it.
                Assert.False(Draft08Codec.Error(step.Decoder, "4001780179" + "80").IsNone);
                var decoded = Draft08Codec.Decode(step.Decoder, step.Encoded.Block);
                Assert.Equal(step.Decoded.Fields.AsEnumerable(), decoded.Fields);
                Assert.Equal(step.Decoded.State, decoded.State);
                Assert.Equal(step.Decoded.State.GetHashCode(), decoded.State.GetHashCode());
            }
        });
    }

    /// <summary>Equality looks at the entries, the references, the limits and what is owed, not at where entries are stored.</summary>
    [Fact]
    public void Equality_is_by_content()
    {
        var start = Draft08DecoderState.Create();
        var one = Draft08Codec.Decode(start, "8287").State;
        var same = Draft08Codec.Decode(Draft08Codec.Decode(Draft08DecoderState.Create(), "82").State, "87").State;
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.Equal(one.ToString(), same.ToString());
        Assert.NotEqual(one, Draft08Codec.Decode(one, "81").State);
        Assert.NotEqual(one, one.WithMaxTableSize(5000));
        Assert.NotEqual(one, Draft08Codec.Decode(one, "2f00").State);
        var encoder = Draft08EncoderState.Create();
        Assert.Equal(encoder, Draft08EncoderState.Create());
        Assert.NotEqual(encoder, encoder.WithReferenceSet(false));
        Assert.NotEqual(encoder, encoder.WithPolicy(IndexingPolicy.All));
        Assert.NotEqual(encoder, encoder.WithPeerLimit(100));
    }

    /// <summary>A state that is kept does not keep the traffic of its whole connection alive.</summary>
    [Fact]
    public void A_kept_state_keeps_no_more_than_a_bounded_log()
    {
        var state = Draft08DecoderState.Create();
        for (var i = 0; i < 5000; i++)
            state = Draft08Codec.Decode(state, $"4004{i:x8}04{i:x8}").State;
        Assert.True(state.HeaderTable.Log.Fits(4096));
        Assert.True(state.WithMaxTableSize(100).HeaderTable.Log.Fits(100));
        Assert.Equal(TableLog.Empty, state.WithMaxTableSize(0).HeaderTable.Log);
    }

    private sealed record Step(
        Draft08EncoderState Encoder, List<HeaderField> List, Draft08Encoded Encoded, Draft08DecoderState Decoder, Draft08Decoded Decoded);
}
