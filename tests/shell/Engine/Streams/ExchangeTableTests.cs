using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The streams that are open.</summary>
public sealed class ExchangeTableTests
{
    private readonly ConnectionMemory _memory = new Rooms().Memory;
    private readonly ExchangeTable _table;

    public ExchangeTableTests() => _table = new ExchangeTable(_memory);

    [Fact]
    public void Each_is_found_until_it_is_removed()
    {
        var streams = Enumerable.Range(0, 4).Select(static i => new PlainStream((uint)(2 * i + 1))).ToList();
        streams.ForEach(_table.Add);
        Assert.Equal(4, _table.Count);
        Assert.All(streams, stream => Assert.Same(stream, _table.Find(stream.StreamId)));
        Assert.Same(streams[3], _table.Remove(streams[3].StreamId));
        Assert.Same(streams[0], _table.Remove(streams[0].StreamId));
        Assert.Null(_table.Remove(streams[0].StreamId));
        Assert.Null(_table.Find(new StreamId(99)));
        Assert.Equal(2, _table.Count);
    }

    [Fact]
    public void Only_those_behind_the_youngest_are_counted_as_memory()
    {
        _table.Add(new PlainStream(1));
        Assert.Equal(0, _memory.Held);
        _table.Add(new PlainStream(3));
        Assert.Equal(100, _memory.Held);
        _table.Remove(new StreamId(3));
        Assert.Equal(100, _memory.Held);
        _table.Remove(new StreamId(1));
        Assert.Equal(0, _memory.Held);
    }

    [Fact]
    public void All_of_them_can_be_taken_out_one_by_one()
    {
        for (var id = 1u; id < 9; id += 2)
            _table.Add(new PlainStream(id));
        var taken = 0;
        for (; _table.Any is { } stream; taken++)
            _table.Remove(stream.StreamId);
        Assert.Equal(4, taken);
    }

    [Fact]
    public void A_stream_that_closed_early_counts_until_nobody_works_for_it()
    {
        var connection = new Http2Connection(Rooms.Host(), new ScriptedTransport(), new Http2ConnectionInfo(1, null, null));
        var stream = new PlainStream(1, connection);
        Assert.False(_table.TryRetire(stream));
        stream.BeginWork();
        _table.Outlive(stream);
        _table.Outlive(stream);
        Assert.Equal(1, _table.Outliving);
        Assert.False(_table.TryRetire(stream));
        stream.EndWork();
        Assert.True(_table.TryRetire(stream));
        Assert.False(_table.TryRetire(stream));
        Assert.Equal(0, _table.Outliving);
    }
}
