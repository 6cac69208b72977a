using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The places for connections: each is taken once and given back once.</summary>
public sealed class ConnectionRegistryTests
{
    private readonly MemoryBudget _memory = new(64 << 20);
    private readonly ConnectionRegistry _registry;

    public ConnectionRegistryTests() => _registry = new ConnectionRegistry(_memory);

    [Fact]
    public void Who_finds_no_place_has_taken_none()
    {
        Assert.True(_registry.TryReserve(2));
        Assert.True(_registry.TryReserve(2));
        for (var i = 0; i < 5; i++)
            Assert.False(_registry.TryReserve(2));
        Assert.Equal((2, 2L * MemoryBudget.Connection), (_registry.Count, _memory.Held));
        _registry.Release();
        Assert.True(_registry.TryReserve(2));
        Assert.False(_registry.TryReserve(2));
    }

    [Fact]
    public void A_place_that_is_given_back_holds_no_memory()
    {
        Assert.True(_registry.TryReserve(1));
        _registry.Release();
        Assert.Equal((0, 0L), (_registry.Count, _memory.Held));
    }

    [Fact]
    public void While_memory_is_spent_there_is_no_place()
    {
        _memory.Add(_memory.Limit * 2);
        Assert.False(_registry.TryReserve(10));
        Assert.Equal(0, _registry.Count);
    }

    [Fact]
    public async Task The_last_that_leaves_is_waited_for()
    {
        await _registry.WhenEmpty().Soon();
        var other = new ConnectionRegistry(_memory);
        other.TryReserve(2);
        other.TryReserve(2);
        var empty = other.WhenEmpty();
        other.Release();
        Assert.False(empty.IsCompleted);
        other.Release();
        await empty.Soon();
    }

    [Fact]
    public void Between_threads_there_are_never_more_than_places()
    {
        var (most, over) = (0, 0);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                if (!_registry.TryReserve(2))
                    continue;
                if (Interlocked.Increment(ref most) > 2)
                    Interlocked.Increment(ref over);
                Interlocked.Decrement(ref most);
                _registry.Release();
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        Assert.Equal((0, 0, 0L), (over, _registry.Count, _memory.Held));
    }
}
