using System.Collections.Immutable;
using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The dynamic table as a list and as a value.</summary>
public sealed class DynamicTableTests
{
    private static readonly HeaderField A = ("x-a", "1");
    private static readonly HeaderField B = ("x-b", "2");

    [Fact]
    public void Tables_are_equal_by_content()
    {
        var one = HpackEncoder.Encode(EncoderState.Create(), [A, B]).State.Table;
        var same = HpackEncoder.Encode(HpackEncoder.Encode(EncoderState.Create(), [A]).State, [B]).State.Table;
        Assert.True(one == same && one.Equals((object)same) && !(one != same));
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.False(one.Equals((object)"something else"));
        DynamicTable[] others =
        [
            Table(4096, A), Table(4096, B, A), Table(4096, A, ("x-b", "3")), Table(4096, A, ("x-c", "2")), Table(4095, A, B), Table(4096),
            Table(4096, A, B, ("x-c", "3")), Table(4096, ("x-a1", ""), B), Table(4096, A, ("x-", "b2")),
        ];
        Assert.All(others, other => Assert.True(one != other && !one.Equals(other)));
        // hash codes may clash; that all of these do would be no accident
        Assert.Equal(others.Length, others.Select(other => other.GetHashCode()).Distinct().Count());
    }

    [Fact]
    public void Hash_codes_of_tables_tell_names_values_limits_and_where_a_name_ends_apart()
    {
        int[] hashes =
        [
            .. new[] { Table(4096, A), Table(4096, ("x-c", "1")), Table(4096, ("x-a", "2")), Table(4000, A), Table(4096, ("x-", "a1")) }
                .Select(table => table.GetHashCode()),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void A_table_is_a_list_newest_first()
    {
        var table = Table(4096, A, B);
        Assert.Equal([B, A], table);
        Assert.Equal([B, A], ((System.Collections.IEnumerable)table).Cast<HeaderField>());
        Assert.Equal("x-a", System.Text.Encoding.ASCII.GetString(table.View(1).Name));
        Assert.Equal("1", System.Text.Encoding.ASCII.GetString(table.View(1).Value));
        Assert.Equal(0, table.View(1).Token);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = table.View(2); });
    }

    private static DynamicTable Table(int size, params ImmutableArray<HeaderField> fields) =>
        HpackEncoder.Encode(EncoderState.Create(size, IndexingPolicy.All), fields).State.Table;
}
