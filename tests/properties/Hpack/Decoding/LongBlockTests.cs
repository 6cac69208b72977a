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

    [Theory]
    [InlineData(0, 5000)]
    [InlineData(3, 64_000)]
    public void A_run_of_indexed_fields_takes_the_room_of_as_many_fields(int before, int count)
    {
        byte[] block = [.. Enumerable.Repeat((byte)0, before), .. Enumerable.Repeat((byte)0x82, count)];
        var arena = new FieldArena();
        Assert.True(HpackDecoder.Decode(DecoderState.Create(), block, long.MaxValue, arena, out var list, out _).IsNone);
        Assert.Equal(count + before / 3, list.Count);
        Assert.True(arena.Refs.Length < 2 * count, $"room for {arena.Refs.Length} fields");
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(list.Count, Codec.Decode(DecoderState.Create(), new Octets(block)).Fields.Count);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(allocated < 40L * count, $"{allocated} octets");
    }

    [Fact]
    public void A_bounded_list_takes_room_for_no_more_fields_than_the_bound_has()
    {
        // A large entry, and names of it again and again: each field is most of the bound.
        byte[] block = [0x40, 0x7f, 0xe1, 0x1e, .. new byte[4064], 0x00, .. Enumerable.Repeat((byte[])[0x7e, 0x00], 30_000).SelectMany(pair => pair)];
        var arena = new FieldArena();
        Assert.True(HpackDecoder.Decode(DecoderState.Create(), block, 1 << 20, arena, out var list, out _).IsNone);
        Assert.Equal((1 << 20) / 4096, list.Count);
        Assert.True(arena.Refs.Length < 1000, $"room for {arena.Refs.Length} fields");
        Assert.True(HpackDecoder.Decode(DecoderState.Create(), Enumerable.Repeat((byte)0x82, 2000).ToArray(), 65_536, arena, out _, out _).IsNone);
        Assert.True(arena.Refs.Length < 65_536 / 32 * 2, $"room for {arena.Refs.Length} fields");
    }

    [Fact]
    public void After_a_block_that_breaks_off_the_next_one_goes_on_in_the_same_log()
    {
        var state = Codec.Decode(DecoderState.Create(TableSize), HpackEncoder.Encode(Encoder(), Mixed(3, 1)).Block).State;
        byte[] insertions = [.. Enumerable.Repeat((byte[])[0x40, 1, (byte)'c', 20, .. new byte[20]], 60).SelectMany(octets => octets)];
        var error = HpackDecoder.Decode(state, [.. insertions, 0x80], long.MaxValue, new FieldArena(), out _, out _);
        Assert.Equal(HpackErrorKind.IndexZero, error.Kind);
        Assert.Same(state.Log, Codec.Decode(state, new Octets(insertions.AsMemory(0, 24))).State.Log);
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
