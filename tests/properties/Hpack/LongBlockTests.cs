using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Blocks that insert many times what the table holds: a list has places in two logs, and what it had in others is in its arena.</summary>
public sealed class LongBlockTests
{
    private const int TableSize = 300;

    [Theory]
    [InlineData(5, 1)]
    [InlineData(60, 1)]
    [InlineData(3000, 1)]
    [InlineData(3000, 200)]
    public void Fields_of_a_block_that_fills_many_logs_are_what_was_encoded(int count, int length)
    {
        var fields = Mixed(count, length);
        var encoder = Encoder();
        var first = HpackEncoder.Encode(encoder, Mixed(3, 1));
        var second = HpackEncoder.Encode(first.State, fields);
        var arena = new FieldArena();
        var state = Codec.Decode(DecoderState.Create(TableSize), first.Block).State;
        Assert.True(HpackDecoder.Decode(state, second.Block.Span, long.MaxValue, arena, out var list, out var next).IsNone);
        var decoded = Codec.Decode(state, second.Block);
        Assert.Equal(fields, list.ToFields().AsEnumerable());
        Assert.Equal(fields, decoded.Fields.AsEnumerable());
        Assert.Equal(next, decoded.State);
        Assert.Equal(second.State.Table, next.Table);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(fields[i], list.Field(i));
            Assert.True(list[i].Name.SequenceEqual(fields[i].NameSpan) && list[i].Value.SequenceEqual(fields[i].ValueSpan));
        }
    }

    [Fact]
    public void The_list_before_and_the_list_behind_a_long_block_share_an_arena_with_it()
    {
        HeaderField[][] lists = [Mixed(7, 1), Mixed(500, 20), Mixed(9, 1), Mixed(2000, 3), Mixed(11, 1)];
        var encoder = Encoder();
        var state = DecoderState.Create(TableSize);
        var arena = new FieldArena();
        var decoded = new List<FieldList>();
        foreach (var fields in lists)
        {
            var encoded = HpackEncoder.Encode(encoder, fields);
            encoder = encoded.State;
            Assert.True(HpackDecoder.Decode(state, encoded.Block.Span, long.MaxValue, arena, out var list, out state).IsNone);
            decoded.Add(list);
        }
        Assert.Equal(lists, decoded.Select(list => list.ToFields().ToArray()));
    }

    [Fact]
    public void A_state_keeps_none_of_the_room_that_a_long_block_took()
    {
        var encoded = HpackEncoder.Encode(Encoder(), Mixed(3000, 30));
        var log = Codec.Decode(DecoderState.Create(TableSize), encoded.Block).State.Log;
        Assert.True(log.Bytes.Length <= 2 * TableSize, $"{log.Bytes.Length} octets");
        Assert.True(log.Entries.Length <= TableSize / 16, $"{log.Entries.Length} entries");
    }

    [Fact]
    public void A_long_block_that_breaks_off_changes_nothing()
    {
        var state = Codec.Decode(DecoderState.Create(TableSize), HpackEncoder.Encode(Encoder(), Mixed(3, 1)).Block).State;
        var before = state.ToString();
        var block = HpackEncoder.Encode(Encoder(), Mixed(1000, 10)).Block;
        var arena = new FieldArena();
        var error = HpackDecoder.Decode(state, [.. block.Span, 0xff], long.MaxValue, arena, out var list, out var next);
        Assert.Equal(new HpackError(HpackErrorKind.TruncatedInteger, block.Length), error);
        Assert.Same(state, next);
        Assert.Equal(0, list.Count);
        Assert.Equal((0, 0), (arena.RefsEnd, arena.BytesEnd));
        Assert.Equal(before, state.ToString());
        Assert.Equal(Mixed(3, 1), Codec.Decode(state, Octets.FromHex("bfbebf")).Fields.AsEnumerable());
    }

    private static EncoderState Encoder() => EncoderState.Create(TableSize, IndexingPolicy.All).WithPeerLimit(TableSize);

    // Inserted with new names and with names of entries, indexed while they are in the table, static, and not inserted.
    private static HeaderField[] Mixed(int count, int length) =>
    [
        .. Enumerable.Range(0, count).Select(i => (i % 7) switch
        {
            0 => new HeaderField($"x-{i}", $"{i}{new string('v', length)}"),
            1 => new HeaderField($"x-{i - 1}", "other"),
            2 => new HeaderField($"x-{i - 2}", $"{i - 2}{new string('v', length)}"),
            3 => new HeaderField("cookie", $"{i}{new string('c', length)}"),
            4 => new HeaderField(":method", "GET"),
            5 => new HeaderField("x-secret", $"{i}", neverIndexed: true),
            _ => new HeaderField("x-large", new string('l', TableSize)),
        }),
    ];
}
