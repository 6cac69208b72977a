using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The log that tables share: who may append to it, how large it is, and what it finds.</summary>
public sealed class TableLogTests
{
    [Theory]
    [InlineData(0, 512, 16)]
    [InlineData(1024, 2048, 64)]
    [InlineData(1025, 2050, 64)]
    [InlineData(4096, 8192, 256)]
    [InlineData(int.MaxValue, 1 << 30, 0x7ffffff)]
    public void A_log_is_at_most_twice_as_large_as_its_table(int limit, int bytes, int entries)
    {
        Assert.Equal(bytes, TableLog.BytesFor(limit));
        Assert.Equal(entries, TableLog.EntriesFor(limit));
    }

    [Fact]
    public void A_log_fits_a_table_when_neither_part_is_larger_than_the_tables_log_would_be()
    {
        Assert.True(new TableLog(8192, 256, hashed: false).Fits(4096));
        Assert.False(new TableLog(8193, 256, hashed: false).Fits(4096));
        Assert.False(new TableLog(8192, 257, hashed: false).Fits(4096));
    }

    [Fact]
    public void One_at_a_time_appends_and_only_behind_the_newest_entry()
    {
        var log = new TableLog(100, 4, hashed: true);
        Assert.False(log.TryClaim(1));
        Assert.True(log.TryClaim(0));
        Assert.False(log.TryClaim(0));
        log.Publish(1, 7);
        Assert.Equal(7, log.BytesEnd);
        Assert.False(log.TryClaim(0));
        Assert.True(log.TryClaim(1));
        log.Release(1);
        Assert.Equal(7, log.BytesEnd);
        Assert.True(log.TryClaim(1));
        Assert.False(TableLog.Empty.TryClaim(0));
        Assert.False(TableLog.EmptyHashed.TryClaim(0));
    }

    [Theory]
    [InlineData(10, 0, 512, 16)] // the least
    [InlineData(1500, 0, 3000, 16)] // twice what is needed
    [InlineData(6000, 0, 8192, 16)] // the bound
    [InlineData(9000, 0, 9000, 16)] // always enough
    [InlineData(10, 500, 4000, 160)] // eight times what was
    public void A_log_that_is_copied_gets_room_for_more(int more, int before, int bytes, int entries)
    {
        var log = before == 0 ? TableLog.Empty : new TableLog(before, before / 25, hashed: false);
        var copy = log.Compact(0, 0, more, 4096);
        Assert.Equal((bytes, entries), (copy.Bytes.Length, copy.Entries.Length));
        Assert.Empty(copy.NameHashes);
        Assert.Empty(copy.FieldHashes);
        Assert.False(copy.TryClaim(0));
        var hashed = (before == 0 ? TableLog.EmptyHashed : new TableLog(before, before / 25, hashed: true)).Compact(0, 0, more, 4096);
        Assert.Equal((bytes, entries), (hashed.Bytes.Length, hashed.Entries.Length));
        Assert.Equal((entries, entries), (hashed.NameHashes.Length, hashed.FieldHashes.Length));
        Assert.Empty(log.NameHashes);
        Assert.Empty(log.FieldHashes);
        Assert.False(hashed.TryClaim(0));
    }

    [Fact]
    public void A_copy_has_the_live_entries_their_octets_and_their_hashes()
    {
        var log = Table([("x-a", "1"), ("cookie", "22"), ("x-b", "333")]);
        var copy = log.Compact(1, 3, 5, 4096);
        Assert.Equal(["cookie: 22", "x-b: 333"], [copy.Field(0).ToString(), copy.Field(1).ToString()]);
        Assert.Equal("22x-b333".Length, copy.BytesEnd);
        HeaderField[] fields = [("cookie", "22"), ("x-b", "333")];
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(i, copy.Entries[i].Number);
            Assert.Equal(i, copy.FindFieldHash(0, 2, fields[i].FieldHashCode));
            Assert.Equal(i, copy.FindNameHash(0, 2, fields[i].NameHash));
        }
        Assert.Equal(-1, copy.FindFieldHash(1, 2, fields[0].FieldHashCode));
        Assert.Equal(-1, copy.FindFieldHash(0, 1, fields[1].FieldHashCode));
        Assert.Equal(-1, copy.FindNameHash(1, 2, fields[0].NameHash));
        Assert.Equal(-1, copy.FindNameHash(0, 1, fields[1].NameHash));
    }

    [Fact]
    public void Of_two_entries_with_one_hash_the_newest_below_the_tail_is_found()
    {
        var log = new TableLog(100, 4, hashed: true);
        for (var i = 0; i < 3; i++)
            log.SetHashes(i, 7, 9);
        Assert.Equal(2, log.FindFieldHash(0, 3, 9));
        Assert.Equal(1, log.FindFieldHash(0, 2, 9));
        Assert.Equal(1, log.FindFieldHash(1, 2, 9));
        Assert.Equal(-1, log.FindFieldHash(2, 2, 9));
        Assert.Equal(-1, log.FindFieldHash(3, 3, 9));
        Assert.Equal(2, log.FindNameHash(0, 3, 7));
        Assert.Equal(1, log.FindNameHash(0, 2, 7));
        Assert.Equal(-1, log.FindFieldHash(0, 3, 9 + 8));
        Assert.Equal(-1, TableLog.EmptyHashed.FindFieldHash(0, 0, 9));
    }

    [Fact]
    public void An_entry_is_one_object_however_often_it_is_asked_for()
    {
        var log = Table([("x-a", "1"), ("cookie", "22")]);
        Assert.Same(log.Field(0), log.Field(0));
        Assert.Same(log.Field(1), log.KnownField(1));
        HeaderField other = ("x-a", "1");
        Assert.NotSame(other, log.KeepField(0, other));
        Assert.Equal(log.Field(0), log.KeepField(0, other));
    }

    [Fact]
    public void A_copy_has_room_for_the_entries_that_are_asked_for_beyond_the_bound()
    {
        var log = Codec.Decode(DecoderState.Create(), Octets.FromHex("4003782d610131" + "6002" + "3232")).State.Log;
        var copy = log.Compact(0, 2, 10_000, 4096, 500);
        Assert.Equal(10_000 + log.BytesEnd, copy.Bytes.Length);
        Assert.Equal(2 + 1 + 500, copy.Entries.Length);
        Assert.Equal(["x-a: 1", "cookie: 22"], [copy.Field(0).ToString(), copy.Field(1).ToString()]);
        Assert.Empty(copy.NameHashes);
    }

    private static TableLog Table(HeaderField[] fields) =>
        HpackEncoder.Encode(EncoderState.Create().WithPolicy(IndexingPolicy.All), fields).State.Log;
}
