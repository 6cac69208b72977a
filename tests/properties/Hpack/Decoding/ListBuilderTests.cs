using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The list under construction: how much room it takes, going by what the block brought so far and by what it may still bring.</summary>
public sealed class ListBuilderTests
{
    private const int Used = 400;

    [Theory]
    [InlineData(1000, 500, long.MaxValue, 200 + 25 + 1)] // as many for each octet as so far, and an eighth
    [InlineData(10, 20, long.MaxValue, 20)] // a field takes an octet at least
    [InlineData(0, 20, long.MaxValue, 20)]
    [InlineData(1000, 500, 3200 + 31, 100)] // and 32 of the bound
    [InlineData(1000, 500, -1, 0)]
    public void Room_for_fields_is_made_for_what_the_rest_of_the_block_may_bring(int read, int left, long sizeLeft, int more)
    {
        var arena = new FieldArena { Refs = new FieldRef[Used + 3], RefsEnd = 3 };
        var list = Start(arena, sizeLeft);
        for (var i = 0; i < Used; i++)
            list.Add(Numbered(i));
        Assert.True(list.IsFull);
        list.GrowRefs(read, left);
        Assert.False(list.IsFull);
        Assert.Equal(Used + Used / 2 + more + 1, list.Refs.Length);
        Assert.Equal(Used, list.RefsEnd);
        for (var i = 0; i < Used; i++)
            Assert.Equal(i % 128, list.Refs[i].Number);
    }

    [Theory]
    [InlineData(1000, 300, long.MaxValue, 5, 120 + 15 + 1)]
    [InlineData(1000, 300, long.MaxValue, 900, 900)] // at least what is needed now
    [InlineData(10, 20, long.MaxValue, 5, 40)] // the shortest code has five bits
    [InlineData(1000, 300, 77, 5, 77)] // no more than the bound
    [InlineData(1000, 300, -1, 5, 5)]
    public void Room_for_octets_is_made_for_what_the_rest_of_the_block_may_bring(int read, int left, long sizeLeft, int count, int more)
    {
        var list = default(ListBuilder);
        list.Start(TableLog.Empty, 0, sizeLeft < 0 ? 0 : sizeLeft);
        list.PutInto(new FieldRef[1], new byte[Used]);
        list.OctetsEnd = Used;
        list.Octets[7] = 77;
        if (sizeLeft < 0)
            list.Count(1);
        Assert.True(list.HasRoom(0));
        Assert.False(list.HasRoom(1));
        list.GrowOctets(count, read, left);
        Assert.Equal(Used + Used / 2 + more, list.Octets.Length);
        Assert.Equal((Used, (byte)77), (list.OctetsEnd, list.Octets[7]));
    }

    [Fact]
    public void Fields_keep_their_octets_when_the_list_goes_on_in_a_fresh_chunk_of_the_arena()
    {
        var arena = new FieldArena { Refs = new FieldRef[8], Bytes = new byte[100], BytesEnd = 60 };
        var list = Start(arena, long.MaxValue);
        "name"u8.CopyTo(list.Octets[60..]);
        FieldRef field = default;
        field.NameAt = 60 | FieldRef.InArena;
        field.SetName(4, 0);
        field.ValueAt = 64 | FieldRef.InArena;
        list.Count(field.Size);
        list.Add(field);
        list.OctetsEnd = 64;
        list.GrowOctets(1000, 10, 10);
        list.AppendTo(arena, out var fields);
        Assert.Equal("name: ", fields.Field(0).ToString());
        Assert.Equal((4, 1), (arena.BytesEnd, arena.RefsEnd));
        Assert.Equal((1, 36L, false), (fields.Count, fields.Size, fields.Overflowed));
    }

    [Fact]
    public void A_field_counts_although_it_is_beyond_the_bound()
    {
        var list = Start(new FieldArena(), 100);
        Assert.True(list.Count(100));
        Assert.Equal(0, list.SizeLeft);
        Assert.False(list.Count(1));
        Assert.Equal((101, -1), (list.Size, list.SizeLeft));
        var arena = new FieldArena();
        list.AppendTo(arena, out var fields);
        Assert.Equal((0, 101L, true), (fields.Count, fields.Size, fields.Overflowed));
    }

    [Fact]
    public void What_a_list_has_in_the_second_log_is_copied_before_a_third()
    {
        var state = Codec.Decode(DecoderState.Create(), Octets.FromHex("4003782d610131")).State;
        var list = Start(new FieldArena { Refs = new FieldRef[8] }, long.MaxValue);
        list.Start(state.Log, state.Tail, long.MaxValue);
        Add(ref list, state.Log.Entries[0]);
        Assert.Equal(FieldRef.InLog, list.Source);
        list.NoteTail(state.Log, state.Tail);
        list.GoOnIn(state.Log, state.Tail);
        Assert.Equal(FieldRef.InNextLog, list.Source);
        // nothing of the second log is listed: nothing is copied
        list.LeaveSecond("x-a1"u8, 1, 1);
        Assert.Equal(0, list.OctetsEnd);
        Add(ref list, state.Log.Entries[0]);
        list.LeaveSecond("y-b2"u8, 1, 1);
        Assert.Equal(4, list.OctetsEnd);
        Assert.Equal([FieldRef.InLog, FieldRef.InArena], [list.Refs[0].NameAt & FieldRef.SourceMask, list.Refs[1].NameAt & FieldRef.SourceMask]);
        var arena = new FieldArena();
        list.AppendTo(arena, out var fields);
        Assert.Equal(["x-a: 1", "y-b: 2"], fields.ToFields().Select(field => field.ToString()));
    }

    [Fact]
    public void A_long_block_moves_the_table_a_few_times_only()
    {
        // 4,000 insertions into a table of seven: a log that only has room for the table would be left hundreds of times.
        byte[] block = [.. Enumerable.Range(0, 4000).SelectMany(i => (byte[])[0x40, 1, (byte)'c', 6, .. Octets.FromString($"{i,6}").Span])];
        var state = DecoderState.Create(300);
        var arena = new FieldArena();
        HpackDecoder.Decode(state, block, 0, arena, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(HpackDecoder.Decode(state, block, 0, arena, out var list, out var next).IsNone);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((4000 * 39L, 7), (list.Size, next.Table.Count));
        Assert.True(allocated < 6 * block.Length, $"{allocated} octets");
        Assert.True(next.Log.Fits(300));
    }

    private static ListBuilder Start(FieldArena arena, long sizeLeft)
    {
        var list = default(ListBuilder);
        list.Start(TableLog.Empty, 0, sizeLeft < 0 ? 0 : sizeLeft);
        list.PutInto(arena);
        if (sizeLeft < 0)
            list.Count(1);
        return list;
    }

    private static void Add(ref ListBuilder list, FieldRef field)
    {
        field.Rebase(list.Source);
        list.Count(field.Size);
        list.Add(field);
    }

    private static FieldRef Numbered(int number)
    {
        FieldRef field = default;
        field.SetNumber(number);
        return field;
    }
}
