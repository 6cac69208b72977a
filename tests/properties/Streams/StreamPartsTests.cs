using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Streams;

public sealed class StreamPartsTests
{
    [Property]
    public void A_queue_gives_its_octets_back_in_order_however_they_are_taken(byte[][] chunks, byte[] takes)
    {
        var queue = chunks.Aggregate(OutboundQueue.Empty, (all, chunk) => all.Add(Octets.Copy(chunk)));
        var expected = chunks.SelectMany(chunk => chunk).ToArray();
        Assert.Equal(expected.Length, queue.Length);
        var taken = new List<byte>();
        for (var i = 0; !queue.IsEmpty; i++)
        {
            var size = Math.Min(queue.First.Length, takes.Length == 0 ? 3 : takes[i % takes.Length] % 7 + 1);
            taken.AddRange(queue.First.Span[..size]);
            queue = queue.Take(size);
            if (i % 3 == 0 && taken.Count < expected.Length)
                Assert.False(queue.IsEmpty);
        }
        Assert.Equal(expected, taken);
        Assert.Equal(OutboundQueue.Empty, queue);
    }

    [Property]
    public void Adding_between_takes_keeps_the_order(byte[][] chunks)
    {
        var queue = OutboundQueue.Empty;
        var taken = new List<byte>();
        foreach (var chunk in chunks)
        {
            queue = queue.Add(Octets.Copy(chunk));
            if (queue.IsEmpty)
                continue;
            taken.Add(queue.First[0]);
            queue = queue.Take(1);
        }
        Assert.Equal(chunks.SelectMany(chunk => chunk), taken.Concat(queue.Chunks().SelectMany(chunk => chunk.Memory.ToArray())));
    }

    [Fact]
    public void A_queue_is_equal_to_another_with_the_same_chunks_whatever_its_history()
    {
        var grown = OutboundQueue.Empty.Add("ab").Add("cd");
        var cut = OutboundQueue.Empty.Add("xab").Add("cd").Take(1);
        Assert.Equal(grown, cut);
        Assert.Equal(grown.GetHashCode(), cut.GetHashCode());
        Assert.NotEqual(grown, OutboundQueue.Empty.Add("ab").Add("ce"));
        Assert.NotEqual(grown, OutboundQueue.Empty.Add("ab"));
    }

    [Property]
    public void Ranges_contain_what_was_added_and_nothing_else(byte[] values)
    {
        var ids = values.Select(value => (uint)(value % 100 * 2 + 1)).ToArray();
        var ranges = ids.Aggregate(IdRanges.Empty, (all, id) => all.Add(new(id)));
        for (var id = 1u; id < 220u; id += 2)
            Assert.Equal(ids.Contains(id), ranges.Contains(new(id)));
        Assert.Equal(0u, ranges.Forgotten);
    }

    [Fact]
    public void Neighbours_join_into_one_run_so_that_a_flood_takes_no_memory()
    {
        var ranges = IdRanges.Empty;
        for (var id = 1u; id < 200_001; id += 2)
            ranges = ranges.Add(new(id));
        Assert.Equal("1-199999", ranges.ToString());
        Assert.True(ranges.Contains(new(77_777)));
    }

    [Fact]
    public void Too_many_runs_forget_the_oldest_and_say_up_to_where()
    {
        var ranges = IdRanges.Empty;
        for (var id = 1u; id < 1 + 70 * 4; id += 4)
            ranges = ranges.Add(new(id));
        Assert.Equal(1u + 5 * 4, ranges.Forgotten);
        Assert.False(ranges.Contains(new(1)));
        Assert.True(ranges.Contains(new(25)));
    }

    [Property]
    public void A_range_of_identifiers_is_joined_with_those_it_touches(byte from, byte length, byte[] others)
    {
        var (first, last) = ((uint)(from * 2 + 1), (uint)((from + length) * 2 + 1));
        var singles = others.Select(value => (uint)(value * 2 + 1)).Take(60).ToArray();
        var ranges = singles.Aggregate(IdRanges.Empty, (all, id) => all.Add(new(id))).Add(new(first), new(last));
        for (var id = 1u; id < 1100; id += 2)
            Assert.Equal(singles.Contains(id) || (id >= first && id <= last), ranges.Contains(new(id)));
    }

    [Fact]
    public void A_window_may_be_negative_and_knows_when_it_is_too_large()
    {
        Assert.Equal(new Window(-5), new Window(10).Spend(15));
        Assert.Equal(0, new Window(-5).Room);
        Assert.Equal(7, new Window(7).Room);
        Assert.False(new Window(1).Grow(WireConstants.MaxWindow - 1).Overflows);
        Assert.True(new Window(1).Grow(WireConstants.MaxWindow).Overflows);
        Assert.True(new Window(-1).CompareTo(new Window(1)) < 0);
    }
}
