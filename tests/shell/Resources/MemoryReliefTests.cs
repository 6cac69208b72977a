using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Which connections are ended when memory is spent, and how often that is looked at.</summary>
public sealed class MemoryReliefTests
{
    private const int Held = 1 << 20;

    private readonly MemoryBudget _budget = new(4 * Held);
    private readonly ConnectionRegistry _registry;
    private readonly MemoryRelief _relief;

    public MemoryReliefTests()
    {
        _registry = new ConnectionRegistry(_budget);
        _relief = new MemoryRelief(_budget, _registry, NullLogger.Instance);
    }

    [Fact]
    public void As_many_are_ended_as_it_takes_those_first_that_hold_much_and_move_little()
    {
        var (idle, busy) = (Open(Held * 2), Open(Held * 2));
        busy.Memory.Move(10 * Held);
        _relief.Relieve(1000);
        Assert.Equal(1, _relief.Ended);
        Assert.Equal((true, false), (IsTold(idle), IsTold(busy)));
    }

    [Fact]
    public void It_is_looked_at_again_after_a_pause()
    {
        Open(Held * 4);
        _relief.Relieve(1000);
        Assert.Equal(1, _relief.Ended);
        _relief.Relieve(1049);
        Assert.Equal(1, _relief.Ended);
        _relief.Relieve(1050);
        Assert.Equal(2, _relief.Ended);
    }

    [Fact]
    public void Nobody_is_ended_while_there_is_memory()
    {
        Open(Held);
        _relief.Relieve(1000);
        Assert.Equal(0, _relief.Ended);
    }

    private Http2Connection Open(int octets)
    {
        var host = new EngineHost(Rooms.Default, NullLogger.Instance, TimeProvider.System, _budget) { Scheduler = new QueueScheduler() };
        var connection = new Http2Connection(host, new ScriptedTransport(), new Http2ConnectionInfo(1, null, null));
        connection.Memory.Hold(octets);
        _registry.Add(connection);
        return connection;
    }

    // What tells it waits for its owner.
    private static bool IsTold(Http2Connection connection) => ((QueueScheduler)connection.Host.Scheduler).Queue.Count > 0;
}
