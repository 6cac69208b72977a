using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What ends a connection from outside, over a wire of which the test is the other end.</summary>
public sealed class StoppedStayTests
{
    private readonly World _world = new();
    private readonly Wire _wire;
    private readonly Http2Connection _connection;
    private int _closes;

    public StoppedStayTests()
    {
        var host = new ServerHost(
            new Http2ServerOptions { TimeProvider = _world }, () => new ScriptedHandler { Close_ = (_, _) => _closes++ });
        host.Engine.Scheduler = _world.Scheduler;
        _wire = new Wire(_world, room: 100, tellsReadiness: false);
        host.Connections.TryReserve(1);
        _connection = new Http2Connection(host.Engine, _wire, new Http2ConnectionInfo(1, null, null));
        _connection.Start(new ServingRole(_connection, host, null), Rooms.Preface);
        _wire.Send(Requests.Get(1));
        _world.RunUntil(static () => false, 1);
        Assert.Equal(1, _connection.StreamCount);
    }

    /// <summary>Whoever cuts one has more of them to cut.</summary>
    [Fact]
    public void Cutting_calls_no_handler_on_the_thread_that_cuts()
    {
        _connection.Stop.AtOnce();
        Assert.True(_wire.IsClosed);
        Assert.Equal(0, _closes);
        Assert.True(_world.RunUntil(() => _connection.End.Ended.IsCompleted, 1));
        Assert.Equal(1, _closes);
    }

    [Fact]
    public void For_want_of_memory_a_peer_that_reads_is_told_and_one_that_takes_nothing_is_cut()
    {
        _wire.Read(int.MaxValue);
        _connection.Stop.ForMemory();
        _world.RunUntil(static () => false, 1);
        Assert.False(_wire.IsClosed);
        Assert.True(_wire.HasOutput);
    }

    [Fact]
    public void For_want_of_memory_a_peer_that_takes_nothing_is_cut_at_once()
    {
        // answers to questions fill what there is room for
        for (var i = 0; i < 20; i++)
            _wire.Send(Requests.Frame(6, 0, 0, new byte[8]));
        Assert.True(_world.RunUntil(() => _connection.Output.IsSending, 1));
        _connection.Stop.ForMemory();
        Assert.True(_world.RunUntil(() => _connection.End.Ended.IsCompleted, 1));
        Assert.True(_wire.IsClosed);
        Assert.Equal(1, _closes);
    }
}
