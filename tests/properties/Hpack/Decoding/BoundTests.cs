using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Fields beyond the table's limit, and lists beyond theirs.</summary>
public sealed class BoundTests
{
    /// <summary>RFC 7541 §4.4: that is no error, and leaves an empty table. Whether a coded string is too long shows only when it is decoded.</summary>
    [Theory]
    [InlineData("40017800")] // fits: 33 octets
    [InlineData("40017822" + "65656565656565656565656565656565656565656565656565656565656565656565")] // 34 octets of e: 67
    [InlineData("400178" + "96" + "294a5294a5294a5294a5294a5294a5294a5294a5297f")] // the same, Huffman-coded
    public void A_field_larger_than_the_table_empties_it_and_is_listed_all_the_same(string hex)
    {
        var state = Codec.Decode(DecoderState.Create(66), Octets.FromHex("4001610162")).State;
        Assert.Single(state.Table);
        foreach (var bound in new[] { 10L, long.MaxValue })
        {
            var error = HpackDecoder.Decode(state, Octets.FromHex(hex).Span, bound, new FieldArena(), out var fields, out var next);
            Assert.True(error.IsNone, error.ToString());
            var size = hex.Length == 8 ? 33 : 67;
            Assert.Equal(size > 66 ? 0 : 1, next.Table.Count);
            Assert.Equal((size, bound == 10, bound == 10 ? 0 : 1), (fields.Size, fields.Overflowed, fields.Count));
        }
    }

    /// <summary>A list that is cut has counted all it left out, and the table is as it would be without the cut.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(700)]
    [InlineData(20_000)]
    public void What_a_bound_leaves_out_is_checked_counted_and_inserted(int bound)
    {
        DecoderState cut = DecoderState.Create(), whole = cut;
        var encoder = EncoderState.Create(policy: IndexingPolicy.All.With("etag", Indexing.Without).With("x-secret", Indexing.Never));
        for (var round = 0; round < 6; round++)
        {
            var fields = Enumerable.Range(0, 120).SelectMany(i => (HeaderField[])
            [
                new($"x-name-{i}", $"a value of round {round} and number {i}"), new("etag", $"not indexed {i}"), new("x-secret", $"never {i}"),
                new($"y-{round}-{i}", "plain <>{}"), new("x-name-1", $"a value of round {round} and number 1"),
            ]).ToArray();
            var encoded = HpackEncoder.Encode(encoder, fields);
            encoder = encoded.State;
            Assert.True(HpackDecoder.Decode(cut, encoded.Block.Span, bound, new FieldArena(), out var list, out cut).IsNone);
            Assert.True(HpackDecoder.Decode(whole, encoded.Block.Span, long.MaxValue, new FieldArena(), out var all, out whole).IsNone);
            Assert.Equal(Texts(fields), Texts(all.ToFields()));
            Assert.Equal(fields.Sum(field => (long)field.Size), list.Size);
            Assert.True(list.Overflowed);
            Assert.Equal(Texts(fields.Take(list.Count)), Texts(list.ToFields()));
            Assert.True(fields.Take(list.Count).Sum(field => field.Size) <= bound);
            Assert.True(fields.Take(list.Count + 1).Sum(field => field.Size) > bound);
            Assert.Equal(whole, cut);
            Assert.Equal(encoder.Table, cut.Table);
        }
    }

    private static IEnumerable<string> Texts(IEnumerable<HeaderField> fields) => fields.Select(field => field.ToString());
}
