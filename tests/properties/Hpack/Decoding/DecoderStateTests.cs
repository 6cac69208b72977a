using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The state of a decoder as a value: its equality and its text.</summary>
public sealed class DecoderStateTests
{
    [Fact]
    public void A_decoder_shows_its_limits_and_its_table()
    {
        var state = Codec.Decode(DecoderState.Create(), Octets.FromHex("4003782d610131")).State;
        Assert.Equal("decoder, at most 4096; 1 entries, 36 of 4096 octets\n[62] (s = 36) x-a: 1", state.ToString());
        Assert.Equal("decoder, at most 0, owed a size update to 0 or less; 0 entries, 0 of 0 octets", state.WithMaxTableSize(0).ToString());
    }

    [Fact]
    public void Decoders_are_equal_when_all_they_know_is()
    {
        var state = DecoderState.Create();
        Assert.Equal(DecoderState.Create(4096), state);
        DecoderState[] others =
        [
            DecoderState.Create(100), state.WithMaxTableSize(100), state.WithMaxTableSize(100).WithMaxTableSize(4096),
            Codec.Decode(state, Octets.FromHex("4003782d610131")).State, state.WithMaxTableSize(5000),
        ];
        Assert.All(others, other => Assert.False(state.Equals(other)));
        Assert.False(state.Equals((DecoderState?)null));
        Assert.Same(state, state.WithMaxTableSize(4096));
        Assert.True(state.WithMaxTableSize(100).OwesSizeUpdate);
        Assert.False(state.OwesSizeUpdate);
    }
}
