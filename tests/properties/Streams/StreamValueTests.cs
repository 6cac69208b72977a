using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Streams;

/// <summary>The small values that a connection is made of: what they keep, when they stay the same, and what they say.</summary>
public sealed class StreamValueTests
{
    [Fact]
    public void A_range_that_is_there_already_changes_nothing()
    {
        var ranges = IdRanges.Empty.Add(new(5), new(9));
        Assert.Same(ranges, ranges.Add(new(5)));
        Assert.Same(ranges, ranges.Add(new(7)));
        Assert.Same(ranges, ranges.Add(new(9)));
        Assert.Equal("5-9", ranges.Add(new(5), new(9)).ToString());
    }

    [Theory]
    [InlineData("1-1, 5-5", 3u, 3u, "1-5")]
    [InlineData("1-1, 7-7", 3u, 3u, "1-3, 7-7")]
    [InlineData("1-1, 51-51", 3u, 99u, "1-99")]
    [InlineData("1-1, 51-101", 3u, 53u, "1-101")]
    [InlineData("1-1, 5-5, 9-9, 21-21", 3u, 7u, "1-9, 21-21")]
    [InlineData("9-9", 1u, 1u, "1-1, 9-9")]
    public void A_range_is_joined_with_those_it_touches_and_no_others(string before, uint first, uint last, string after)
    {
        var ranges = before.Split(", ").Select(run => run.Split('-').Select(uint.Parse).ToArray())
            .Aggregate(IdRanges.Empty, (all, run) => all.Add(new(run[0]), new(run[1])));
        Assert.Equal(before, ranges.ToString());
        Assert.Equal(after, ranges.Add(new(first), new(last)).ToString());
    }

    [Fact]
    public void Of_a_forgotten_run_its_last_identifier_is_remembered()
    {
        var ranges = IdRanges.Empty.Add(new(1), new(9));
        for (var i = 1u; i <= 64; i++)
            ranges = ranges.Add(new(100 + i * 4));
        Assert.Equal(9u, ranges.Forgotten);
        Assert.False(ranges.Contains(new(9)));
        Assert.True(ranges.Contains(new(104)));
    }

    [Fact]
    public void Sets_of_identifiers_are_equal_when_they_hold_and_forgot_the_same()
    {
        var set = IdRanges.Empty.Add(new(1)).Add(new(5));
        Assert.Equal(set, IdRanges.Empty.Add(new(5)).Add(new(1)));
        Assert.Equal(set.GetHashCode(), IdRanges.Empty.Add(new(5)).Add(new(1)).GetHashCode());
        Assert.NotEqual(set, IdRanges.Empty.Add(new(1)).Add(new(7)));
        Assert.NotEqual(set, IdRanges.Empty.Add(new(1)));
        Assert.False(set.Equals(null));
        Assert.False(set.Equals((object)"1-1, 5-5"));
        Assert.Equal("1-1, 5-5", set.ToString());
        var (forgetful, other) = (IdRanges.Empty.Add(new(1)), IdRanges.Empty.Add(new(3)));
        for (var i = 1u; i <= 64; i++)
            (forgetful, other) = (forgetful.Add(new(100 + i * 4)), other.Add(new(100 + i * 4)));
        Assert.NotEqual(forgetful, other);
    }

    [Fact]
    public void Queues_are_compared_by_their_chunks_and_say_how_long_they_are()
    {
        var queue = OutboundQueue.Empty.Add("ab").Add("cde");
        Assert.Equal("5 octets", queue.ToString());
        Assert.False(queue.Equals(null));
        Assert.False(queue.Equals((object)"abcde"));
        Assert.True(queue.Equals((object)OutboundQueue.Empty.Add("ab").Add("cde")));
        Assert.NotEqual(queue, OutboundQueue.Empty.Add("abc").Add("de"));
        Assert.NotEqual(queue, OutboundQueue.Empty.Add("ab").Add("cdf"));
        Assert.Same(queue, queue.Add(Octets.Empty));
        Assert.Same(OutboundQueue.Empty, queue.Take(2).Take(3));
    }

    [Fact]
    public void Sequences_are_compared_by_their_items_and_list_them()
    {
        var sequence = new Sequence<int>([1, 2, 3]);
        Assert.Equal("[1, 2, 3]", sequence.ToString());
        Assert.False(sequence.Equals(null));
        Assert.False(sequence.Equals((object)"[1, 2, 3]"));
        Assert.Equal(sequence, new Sequence<int>([1, 2, 3]));
        Assert.Equal(sequence.GetHashCode(), new Sequence<int>([1, 2, 3]).GetHashCode());
        Assert.NotEqual(sequence, new Sequence<int>([1, 2]));
        Assert.NotEqual(sequence, new Sequence<int>([1, 2, 4]));
    }

    [Fact]
    public void A_set_with_what_it_has_is_the_same_set()
    {
        var stream = Stream(3);
        var set = StreamSet.Empty.With(stream);
        Assert.Same(set, set.With(stream));
        Assert.Same(set, set.Without(new(5)));
        Assert.Same(StreamSet.Empty, set.Without(new(3)));
    }

    [Fact]
    public void Chunks_of_a_set_stay_small_whatever_the_order_of_arrival()
    {
        var (up, down) = (StreamSet.Empty, StreamSet.Empty);
        for (var i = 0u; i < 100; i++)
            (up, down) = (up.With(Stream(i * 2 + 1)), down.With(Stream(401 - i * 2)));
        foreach (var chunk in up.Chunks)
            Assert.InRange(chunk.Length, 1, 16);
        foreach (var chunk in down.Chunks)
            Assert.InRange(chunk.Length, 1, 16);
        Assert.Equal(16, up.Chunks[0].Length);
        Assert.Equal(100, down.Count);
    }

    [Fact]
    public void Sets_are_compared_by_their_streams_and_list_them()
    {
        var set = StreamSet.Empty.With(Stream(1)).With(Stream(3));
        Assert.Equal($"[{Stream(1)}, {Stream(3)}]", set.ToString());
        Assert.False(set.Equals(null));
        Assert.False(set.Equals((object)"set"));
        Assert.NotEqual(set, StreamSet.Empty.With(Stream(1)));
        Assert.NotEqual(set, StreamSet.Empty.With(Stream(1)).With(Stream(5)));
    }

    [Fact]
    public void A_fresh_stream_has_promised_no_content_length()
    {
        Assert.Equal(-1, Stream(1).Incoming.Left.OctetsOrMinusOne);
        Assert.Equal(-1, Stream(1).Outgoing.Left.OctetsOrMinusOne);
        Assert.False(Stream(1).Outgoing.IsWaiting);
    }

    private static StreamRecord.Live Stream(uint id) => new(new(id), StreamState.Open, RequestKind.Plain);
}
