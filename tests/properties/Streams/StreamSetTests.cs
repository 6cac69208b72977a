using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Streams;

public sealed class StreamSetTests
{
    [Property(MaxTest = 300)]
    public void A_set_behaves_like_a_sorted_dictionary(int[] commands)
    {
        var model = new SortedDictionary<uint, StreamRecord>();
        var set = StreamSet.Empty;
        foreach (var command in commands.Concat(commands.Select(c => c * 31 + 7)).Concat(commands.Select(c => c * 17 + 3)))
        {
            var id = (uint)Math.Abs(command % 150) + 1;
            if (command % 3 == 0)
            {
                model.Remove(id);
                set = set.Without(new(id));
            }
            else
            {
                model[id] = Record(id, command);
                set = set.With(model[id]);
            }
            Assert.Equal(model.Count, set.Count);
            Assert.Equal(model.Values, set);
            Assert.Equal(model.GetValueOrDefault(id), set.Find(new(id)));
            var after = model.Keys.FirstOrDefault(key => key > id);
            Assert.Equal(after, set.After(new(id))?.Id.Value ?? 0);
        }
    }

    [Property]
    public void A_changed_set_leaves_the_one_before_as_it_was(byte[] ids, byte other)
    {
        var set = ids.Aggregate(StreamSet.Empty, (all, id) => all.With(Record(id + 1u, 0)));
        var before = set.ToArray();
        _ = set.With(Record(other + 1u, 1)).Without(new(other + 1u));
        Assert.Equal(before, set);
    }

    [Property]
    public void Sets_are_equal_when_their_streams_are_whatever_the_order_of_changes(byte[] ids)
    {
        var forwards = ids.Aggregate(StreamSet.Empty, (all, id) => all.With(Record(id + 1u, 0)));
        var backwards = ids.Reverse().Aggregate(StreamSet.Empty, (all, id) => all.With(Record(id + 1u, 0)));
        Assert.Equal(forwards, backwards);
        Assert.Equal(forwards.GetHashCode(), backwards.GetHashCode());
        if (ids.Length > 0)
            Assert.NotEqual(forwards, forwards.Without(new(ids[0] + 1u)));
    }

    [Fact]
    public void Streams_that_come_in_order_fill_their_chunks()
    {
        var set = StreamSet.Empty;
        for (var id = 1u; id < 400; id += 2)
            set = set.With(Record(id, 0));
        Assert.Equal(200, set.Count);
        Assert.Null(set.Find(new(2)));
        Assert.Null(set.After(new(399)));
        Assert.Equal(1u, set.After(StreamId.Connection)!.Id.Value);
    }

    private static StreamRecord Record(uint id, int version) =>
        new StreamRecord.Live(new(id), StreamState.Open, RequestKind.Plain) { OpenedAt = version };
}
