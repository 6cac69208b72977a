using FsCheck.Xunit;
using Hpack.Pure;
using Http2.TestSupport;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Whatever the octets: a verdict, never an exception, and no trace of a failure.</summary>
public sealed class AnyOctetsProperties
{
    [Property(MaxTest = 3000)]
    public void Any_octets_give_a_verdict(AnyOctets block) => Judge(DecoderState.Create(), block);

    [Property(MaxTest = 4000, Arbitrary = [typeof(Generators)])]
    public void Octets_that_look_like_a_block_give_a_verdict(RoughBlock first, RoughBlock second)
    {
        if (Judge(DecoderState.Create(200), first.Octets) is { } next)
            Judge(next, second.Octets);
    }

    [Property(MaxTest = 2000, Arbitrary = [typeof(Generators)])]
    public void A_valid_block_with_octets_changed_gives_a_verdict(HeaderField[] before, HeaderField[] fields, int at, byte octet, byte bit)
    {
        var warm = HpackEncoder.Encode(EncoderState.Create(), before);
        var state = Codec.Decode(DecoderState.Create(), warm.Block).State;
        var block = HpackEncoder.Encode(warm.State, fields).Block.Memory.ToArray();
        if (block.Length == 0)
            return;
        var place = (int)((uint)at % (uint)block.Length);
        Judge(state, [.. block.AsSpan(0, place)]);
        Judge(state, [.. block.AsSpan(0, place), .. block.AsSpan(place + 1)]);
        Judge(state, [.. block.AsSpan(0, place), octet, .. block.AsSpan(place)]);
        block[place] ^= (byte)(1 << (bit & 7));
        Judge(state, block);
        block[place] = octet;
        Judge(state, block);
    }

    [Property(MaxTest = 2000, Arbitrary = [typeof(Generators)])]
    public void A_bound_cuts_the_list_but_not_the_table(RoughBlock warm, RoughBlock block, ushort bound)
    {
        var arena = new FieldArena();
        if (!HpackDecoder.Decode(DecoderState.Create(), warm.Octets, long.MaxValue, arena, out _, out var state).IsNone)
            state = DecoderState.Create();
        var error = HpackDecoder.Decode(state, block.Octets, long.MaxValue, arena, out var whole, out var wholeNext);
        var limit = (long)(bound % 2000);
        var cutError = HpackDecoder.Decode(state, block.Octets, limit, arena, out var cut, out var cutNext);
        Assert.Equal(error, cutError);
        if (!error.IsNone)
            return;
        Assert.Equal(wholeNext, cutNext);
        Assert.Equal(whole.Size, cut.Size);
        Assert.Equal(whole.Size > limit, cut.Overflowed);
        var all = whole.ToFields();
        var sizes = 0L;
        var kept = all.TakeWhile(field => (sizes += field.Size) <= limit).ToArray();
        Assert.Equal(kept, cut.ToFields().AsEnumerable());
    }

    // Judges on both faces, from a fresh and from a used arena, and again: everything must agree.
    private static DecoderState? Judge(DecoderState state, byte[] block)
    {
        var before = state.ToString();
        var arena = new FieldArena();
        var result = HpackDecoder.Decode(state, new Octets(block));
        for (var i = 0; i < 2; i++)
        {
            var error = HpackDecoder.Decode(state, block, long.MaxValue, arena, out var list, out var next);
            Assert.Equal(result, HpackDecoder.Decode(state, new Octets(block)));
            Assert.Equal(result.IsLeft, !error.IsNone);
            Assert.Equal(result.IsRight, HpackDecoder.TryDecode(state, new Octets(block), out var tried, out var why));
            Assert.Equal(result, result.IsRight ? tried : why);
            Assert.Equal(result.IsRight ? default : why, error);
            Assert.Equal(result.IsRight, tried != default);
            if (!error.IsNone)
            {
                Assert.Equal(result, error);
                Assert.InRange(error.Offset, 0, block.Length);
                Assert.Same(state, next);
                Assert.Equal(0, list.Count);
            }
            result.IfRight(decoded =>
            {
                Assert.Equal(decoded.Fields.ToFields().AsEnumerable(), list.ToFields());
                Assert.Equal(decoded.State, next);
                Assert.True(decoded.State.Table.Size <= state.MaxTableSize);
            });
        }
        Assert.Equal(before, state.ToString());
        return result.MatchUnsafe(decoded => decoded.State, _ => null);
    }
}
