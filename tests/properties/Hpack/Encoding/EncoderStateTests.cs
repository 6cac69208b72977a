using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The state of an encoder as a value: its equality, its text, and what it keeps when its limit is lowered.</summary>
public sealed class EncoderStateTests
{
    private static readonly HeaderField A = ("x-a", "1");
    private static readonly HeaderField B = ("x-b", "2");

    [Fact]
    public void An_encoder_shows_its_limits_and_its_table()
    {
        var state = HpackEncoder.Encode(EncoderState.Create(), [A, B]).State;
        Assert.Equal(
            "encoder, at most 4096, peer's limit 4096; 2 entries, 72 of 4096 octets\n[62] (s = 36) x-b: 2\n[63] (s = 36) x-a: 1",
            state.ToString());
        Assert.Equal(
            "encoder, at most 4096, peer's limit 40, owes a size update; 1 entries, 36 of 40 octets\n[62] (s = 36) x-b: 2",
            state.WithPeerLimit(40).ToString());
    }

    [Fact]
    public void A_state_that_shrank_is_as_quick_to_go_on_from_as_any()
    {
        var state = EncoderState.Create(20_000).WithPeerLimit(20_000);
        for (var i = 0; i < 300; i++)
            state = HpackEncoder.Encode(state, [new($"x-{i}", "1"), new("etag", $"{i}")]).State;
        foreach (var small in new[] { state.WithPeerLimit(200), state.WithPeerLimit(0) })
        {
            Assert.True(small.Log != state.Log && small.Log.Fits(200));
            Assert.True(small.Log.TryClaim(small.Window.Version));
        }
        // nothing is left to remember
        var plain = HpackEncoder.Encode(EncoderState.Create(20_000).WithPeerLimit(20_000), [new("x-a", new string('v', 9000))]).State;
        Assert.Same(TableLog.EmptyHashed, plain.WithPeerLimit(100).Log);
        // what was put off is, without an entry as well as with one
        var seen = HpackEncoder.Encode(plain, [new("etag", "1")]).State.WithPeerLimit(100);
        Assert.NotSame(TableLog.EmptyHashed, seen.Log);
        Assert.Equal(1, seen.Log.Sightings(seen.Sighted).Length);
    }

    [Fact]
    public void Encoders_are_equal_when_all_they_know_is()
    {
        var state = EncoderState.Create(4096);
        Assert.Equal(EncoderState.Create(), state);
        Assert.Equal(EncoderState.Create().GetHashCode(), state.GetHashCode());
        EncoderState[] others =
        [
            state.WithMaxTableSize(100), state.WithPeerLimit(100), state.WithPolicy(IndexingPolicy.All),
            HpackEncoder.Encode(state, [A]).State, state.WithPeerLimit(100).WithPeerLimit(4096), state.WithPeerLimit(5000),
        ];
        Assert.All(others, other => Assert.False(state.Equals(other)));
        Assert.False(state.Equals((EncoderState?)null));
        Assert.False(state.Equals((object)"x"));
        Assert.Same(state, state.WithMaxTableSize(4096));
        Assert.Same(state, state.WithPeerLimit(4096));
        Assert.Same(state, state.WithPolicy(IndexingPolicy.Default));
    }
}
