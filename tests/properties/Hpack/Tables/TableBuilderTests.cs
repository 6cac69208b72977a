using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The table under construction: whose log it appends to, when others may append there again, what it evicts.</summary>
public sealed class TableBuilderTests
{
    private const int MaxSize = 4096;

    [Fact]
    public void The_newest_table_is_continued_in_its_own_log()
    {
        var table = Table("x-a", "x-b");
        var builder = Start(table);
        Assert.True(builder.HasRoom(4));
        Add(ref builder, "x-c");
        builder.Publish();
        Assert.Same(table.Log, builder.Window.Log);
        Assert.Equal(["x-c: ", "x-b: ", "x-a: "], Texts(builder.Window));
        Assert.Equal(["x-b: ", "x-a: "], Texts(table));
        Assert.False(table.Log.TryClaim(table.Version));
        Assert.True(table.Log.TryClaim(builder.Window.Version));
    }

    [Fact]
    public void An_older_table_is_continued_in_a_copy_and_does_not_touch_the_log()
    {
        var older = Table("x-a", "x-b");
        var builder = Start(older);
        Assert.True(builder.HasRoom(3));
        Add(ref builder, "x-c");
        builder.Publish();
        var newer = builder.Window;
        var other = Start(older);
        Assert.False(other.HasRoom(3));
        Assert.False(other.IsClaimed);
        other.Move(3);
        Assert.True(other.HasRoom(3));
        Add(ref other, "x-d");
        other.Abandon();
        other.Release();
        other.Publish();
        Assert.NotSame(older.Log, other.Window.Log);
        Assert.Equal(["x-d: ", "x-b: ", "x-a: "], Texts(other.Window));
        Assert.Equal(["x-c: ", "x-b: ", "x-a: "], Texts(newer));
        Assert.True(newer.Log.TryClaim(newer.Version));
    }

    [Fact]
    public void A_log_is_no_longer_claimed_after_a_move_when_nothing_was_appended_to_it()
    {
        var table = Table("x-a");
        var builder = Start(table);
        Assert.False(builder.HasRoom(MaxSize * 4));
        Assert.True(builder.IsClaimed);
        Assert.False(table.Log.TryClaim(table.Version));
        builder.Move(MaxSize * 4);
        Assert.True(table.Log.TryClaim(table.Version));
        // whoever has the claim now keeps it
        builder.Abandon();
        Assert.False(table.Log.TryClaim(table.Version));
    }

    [Fact]
    public void A_log_stays_claimed_after_a_move_when_an_entry_was_appended_to_it()
    {
        var table = Table("x-a");
        var builder = Start(table);
        Assert.True(builder.HasRoom(3));
        Add(ref builder, "x-b");
        builder.Move(10);
        Assert.False(table.Log.TryClaim(table.Version));
        Assert.Equal(["x-b: ", "x-a: "], Texts(builder.Window));
        builder.Abandon();
        Assert.True(table.Log.TryClaim(table.Version));
    }

    [Fact]
    public void A_log_stays_claimed_after_a_move_when_octets_were_appended_to_it()
    {
        var table = Table("x-a");
        var builder = Start(table);
        Assert.True(builder.HasRoom(3));
        builder.Append("abc"u8);
        builder.Move(10);
        Assert.False(table.Log.TryClaim(table.Version));
    }

    [Fact]
    public void A_log_that_was_released_is_not_released_again()
    {
        var table = Table("x-a");
        var builder = Start(table);
        Assert.True(builder.HasRoom(3));
        Add(ref builder, "x-b");
        builder.Move(10);
        builder.Release();
        Assert.True(table.Log.TryClaim(table.Version));
        builder.Release();
        builder.Abandon();
        builder.Move(10);
        Assert.False(table.Log.TryClaim(table.Version));
    }

    [Fact]
    public void A_builder_that_appended_nothing_publishes_nothing()
    {
        var table = Table("x-a");
        var builder = Start(table);
        builder.Publish();
        builder.Abandon();
        Assert.False(builder.IsClaimed);
        Assert.True(table.Log.TryClaim(table.Version));
        var second = Start(table);
        second.Publish();
        Assert.False(table.Log.TryClaim(table.Version));
    }

    [Fact]
    public void There_is_room_up_to_the_last_octet_and_the_last_entry_of_the_log()
    {
        var table = Table("x-a");
        var builder = Start(table);
        var left = table.Log.Bytes.Length - table.Log.BytesEnd;
        Assert.True(builder.HasRoom(left));
        Assert.False(builder.HasRoom(left + 1));
        while (builder.Tail < table.Log.Entries.Length)
        {
            Assert.True(builder.HasRoom(0));
            builder.Add(default);
        }
        Assert.False(builder.HasRoom(0));
    }

    [Fact]
    public void A_move_leaves_room_for_what_was_asked_for_and_keeps_the_table()
    {
        var table = Table("x-a", "x-b", "x-c");
        var builder = Start(table);
        builder.Resize(2 * 35);
        builder.Move(20_000, 700);
        Assert.True(builder.HasRoom(20_000));
        Assert.Equal((20_000 + 6, 2 + 1 + 700), (builder.Log.Bytes.Length, builder.Log.Entries.Length));
        Assert.Equal((0, 2, 2, 70, 6), (builder.Head, builder.Tail, builder.Count, builder.Size, builder.BytesEnd));
        Assert.Equal(["x-c: ", "x-b: "], Texts(builder.Window));
    }

    [Fact]
    public void The_oldest_entries_go_until_there_is_just_room()
    {
        var table = Table("x-a", "x-b", "x-c");
        var builder = Start(table);
        builder.Evict(MaxSize - (3 * 35));
        Assert.Equal(3, builder.Count);
        builder.Evict(MaxSize - (3 * 35) + 1);
        Assert.Equal((2, 70), (builder.Count, builder.Size));
        builder.Resize(70);
        Assert.Equal((2, 70, 70), (builder.Count, builder.Size, builder.MaxSize));
        builder.Resize(69);
        Assert.Equal((1, 35, 69), (builder.Count, builder.Size, builder.MaxSize));
        Assert.True(builder.HasRoom(3));
        Add(ref builder, "x-d");
        Assert.Equal(["x-d: "], Texts(builder.Window));
        builder.EvictAll();
        Assert.Equal((0, 0), (builder.Count, builder.Size));
        Assert.Equal(["x-c: ", "x-b: ", "x-a: "], Texts(table));
    }

    [Fact]
    public void Entries_are_found_by_their_index_and_by_their_distance_from_the_newest()
    {
        var builder = Start(Table("x-a", "x-b"));
        Assert.Equal((1, 0), (builder.EntryAt(62), builder.EntryAt(63)));
        Assert.True(builder.EntryAt(64) < builder.Head);
        Assert.Equal((1, 0, 1), (builder.FromNewest(0), builder.FromNewest(1), builder.FromNewest(builder.FromNewest(1))));
        Assert.Equal(0, builder.At(62).Token);
        Assert.Equal(61, builder.At(61).Token);
    }

    [Fact]
    public void A_sighting_counts_as_part_of_the_table_and_of_its_version()
    {
        var state = EncoderState.Create();
        TableBuilder builder = default;
        builder.Start(state.Window, MaxSize);
        Assert.False(builder.HasRoom(0));
        builder.Move(0);
        Assert.True(builder.TrySight(7));
        Assert.True(builder.TrySight(9));
        builder.Publish();
        Assert.Equal((2, 2), (builder.Sighted, builder.Window.Version));
        Assert.Equal([7u, 9u], builder.Log.Sightings(builder.Sighted).ToArray());
        Assert.True(builder.Log.TryClaim(2));
        builder.Log.Release(2);
        // a move of a table that only has sightings takes them along
        TableBuilder next = default;
        next.Start(builder.Window, MaxSize);
        Assert.True(next.HasRoom(0));
        Assert.True(next.TrySight(11));
        next.Move(0);
        Assert.Equal([7u, 9u, 11u], next.Log.Sightings(next.Sighted).ToArray());
        // what was noted in the log that is left may not be overwritten before it is given back
        Assert.False(builder.Log.TryClaim(2));
        next.Release();
        Assert.True(builder.Log.TryClaim(2));
    }

    [Fact]
    public void A_window_is_put_on_a_smaller_log_only_when_its_own_is_too_large()
    {
        var table = Table("x-a", "x-b");
        Assert.Same(table.Log, table.Fit(MaxSize).Log);
        var builder = Start(table);
        builder.Move(20_000);
        builder.Publish();
        var large = builder.Window;
        var fit = large.Fit(100);
        Assert.True(fit.Log.Fits(100));
        Assert.Equal(Texts(large), Texts(fit));
        Assert.Equal((0, 2, 70), (fit.Head, fit.Tail, fit.Size));
        Assert.True(fit.Log.TryClaim(fit.Version));
        Assert.Same(TableLog.Empty, large.Evict(0).Fit(0).Log);
        Assert.Equal(["x-b: "], Texts(large.Evict(69)));
        Assert.Equal(["x-b: ", "x-a: "], Texts(large.Evict(70)));
    }

    private static TableBuilder Start(in TableWindow table)
    {
        TableBuilder builder = default;
        builder.Start(table, MaxSize);
        return builder;
    }

    private static void Add(ref TableBuilder builder, string name)
    {
        FieldRef field = default;
        field.NameAt = builder.Append(Octets.FromString(name).Span);
        field.SetName(name.Length, 0);
        field.ValueAt = builder.Append([]);
        builder.Add(field);
    }

    private static string[] Texts(in TableWindow table) => [.. new DynamicTable(table, MaxSize).Select(field => field.ToString())];

    // A decoder's table of fields with these names and no values, published.
    private static TableWindow Table(params string[] names)
    {
        var builder = Start(TableWindow.Empty);
        builder.Move(names.Sum(name => name.Length));
        foreach (var name in names)
            Add(ref builder, name);
        builder.Publish();
        return builder.Window;
    }
}
