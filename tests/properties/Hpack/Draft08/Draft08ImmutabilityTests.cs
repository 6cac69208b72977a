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

    private sealed record Step(
        Draft08EncoderState Encoder, List<HeaderField> List, Draft08Encoded Encoded, Draft08DecoderState Decoder, Draft08Decoded Decoded);
}
