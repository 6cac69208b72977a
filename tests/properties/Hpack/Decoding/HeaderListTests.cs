using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The list of a decoded block: a view that makes fields when asked, and a value.</summary>
public sealed class HeaderListTests
{
    // :method GET, x-a: 1 inserted, x-b: 2 not, x-c: 3 never indexed, and the inserted one again
    private const string Block = "82" + "4003782d610131" + "0003782d620132" + "1003782d630133" + "be";
    private static readonly string[] Texts = [":method: GET", "x-a: 1", "x-b: 2", "x-c: 3", "x-a: 1"];

    [Fact]
    public void All_ways_to_read_a_list_show_the_same_fields()
    {
        var list = Read(Block);
        var walked = new List<string>();
        foreach (var field in list)
            walked.Add(field.ToString());
        Assert.Equal(Texts, walked);
        Assert.Equal(Texts, list.Select(field => field.ToString()));
        Assert.Equal(Texts, list.ToFields().Select(field => field.ToString()));
        Assert.Equal(Texts, Enumerable.Range(0, list.Count).Select(i => list[i].ToString()));
        Assert.Equal(Texts, Enumerable.Range(0, list.Count).Select(i => list.View(i).ToField().ToString()));
        Assert.Equal(string.Join('\n', Texts), list.ToString());
        Assert.Equal(list.Sum(field => (long)field.Size), list.Size);
        Assert.Equal([false, false, false, true, false], list.Select(field => field.NeverIndexed));
        Assert.True(list.View(3).ToField().NeverIndexed);
    }

    [Fact]
    public void Lists_are_equal_by_what_is_in_them()
    {
        var list = Read(Block);
        var other = Read("82" + "4003782d610131" + "0003782d620132" + "1003782d630133" + "0003782d610131");
        Assert.Equal<HeaderList>(list, other);
        Assert.Equal(list.GetHashCode(), other.GetHashCode());
        Assert.True(list.Equals((object)other));
        Assert.False(list.Equals(null));
        Assert.False(list.Equals(Read("82")));
        // another value, another name, another mark
        Assert.False(Read("0003782d620132").Equals(Read("0003782d620133")));
        Assert.False(Read("0003782d620132").Equals(Read("0003782d630132")));
        Assert.False(Read("0003782d620132").Equals(Read("1003782d620132")));
        Assert.True(list.Equals(list));
    }

    [Fact]
    public void Hash_codes_of_lists_tell_names_values_and_marks_apart()
    {
        string[] blocks = ["0003782d620132", "0003782d620133", "0003782d630132", "1003782d620132", "82"];
        Assert.Equal(blocks.Length, blocks.Select(block => Read(block).GetHashCode()).Distinct().Count());
    }

    [Fact]
    public void Walking_a_list_allocates_nothing()
    {
        var list = Read(Block);
        long octets = 0;
        for (var warm = 0; warm < 100; warm++)
            octets += Walk(list);
        var before = GC.GetAllocatedBytesForCurrentThread();
        octets += Walk(list);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(101 * (10 + 4 + 4 + 4 + 4), octets);
    }

    [Fact]
    public void A_field_of_a_table_is_the_same_object_each_time()
    {
        var list = Read(Block);
        Assert.Same(list[0], list[0]);
        Assert.Same(list[1], list[4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[5]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[-1]);
    }

    [Fact]
    public void A_list_outlives_what_is_decoded_after_it()
    {
        var state = DecoderState.Create(100);
        var first = Codec.Decode(state, Octets.FromHex(Block));
        state = first.State;
        for (var i = 0; i < 500; i++)
            state = Codec.Decode(state, Octets.FromHex($"40037a2d61{1:x2}{i % 256:x2}")).State;
        Assert.Equal(Texts, first.Fields.Select(field => field.ToString()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void A_list_of_any_length_is_whole(int count)
    {
        var literals = string.Concat(Enumerable.Range(0, count).Select(i => "0003782d6203" + Convert.ToHexString("abc"u8) + "82"));
        var list = Read(literals);
        Assert.Equal(2 * count, list.Count);
        Assert.All(list.Where((_, i) => i % 2 == 0), field => Assert.Equal("x-b: abc", field.ToString()));
        Assert.All(list.Where((_, i) => i % 2 == 1), field => Assert.Equal(":method: GET", field.ToString()));
    }

    private static int Walk(HeaderList list)
    {
        var octets = 0;
        foreach (var field in list)
            octets += field.Name.Length + field.Value.Length;
        return octets;
    }

    private static HeaderList Read(string block) => Codec.Decode(DecoderState.Create(), Octets.FromHex(block)).Fields;
}
