using Http2.Pure;
using Xunit;
using static Http2.Shell.Tests.ScriptedBody;

namespace Http2.Shell.Tests;

/// <summary>How a pump ends: it gives back what it holds when nobody reads or fills its buffers any more, and disposes of its source once.</summary>
public sealed class BodyPumpEndTests
{
    private readonly PumpKit _kit = new();

    [Fact]
    public void It_holds_its_buffers_and_what_the_source_keeps_ready_until_it_is_stopped()
    {
        var body = new ScriptedBody(Full, Full) { KeptAhead = 1_000 };
        var pump = _kit.Send(body);
        Assert.Equal(2 * PumpKit.BufferSize, body.AskedAhead);
        Assert.Equal(2 * PumpKit.BufferSize + 1_000, _kit.Held);
        Assert.True(_kit.Connection.Share.HasBuffers);
        pump.Stop();
        Assert.Equal(0, _kit.Held);
        Assert.False(_kit.Connection.Share.HasBuffers);
        // nothing is read into them any more
        Assert.True(pump.OnSent(PumpKit.BufferSize));
        Assert.Equal(2, body.Rooms.Count);
    }

    [Fact]
    public void Its_buffers_are_no_larger_than_the_body_needs()
    {
        var kit = new PumpKit(bufferSize: 32 * 1024);
        var body = new ScriptedBody(Deferred);
        kit.Send(body, length: 10_000);
        Assert.Equal(2 * 10_000, body.AskedAhead);
    }

    [Fact]
    public void The_source_is_disposed_of_once_and_when_nothing_else_is_in_hand()
    {
        var body = new ScriptedBody(Deferred) { KeptAhead = 1_000 };
        var pump = _kit.Send(body);
        // it is to be asked again when it is stopped
        body.Wake();
        _kit.RunTasks();
        pump.Stop();
        Assert.Equal(0, body.Disposals);
        _kit.Deliver();
        Assert.Equal(1, body.Disposals);
        pump.Stop();
        body.Wake();
        _kit.RunTasks();
        _kit.Deliver();
        Assert.Equal((1, 1), (body.Disposals, body.Rooms.Count));
        Assert.Equal(0, _kit.Held);
    }

    [Fact]
    public void A_source_that_cannot_be_disposed_of_is_logged_and_nothing_else()
    {
        var body = new ScriptedBody(Deferred) { OnDispose = static () => throw new InvalidTimeZoneException("torn") };
        _kit.Send(body).Stop();
        _kit.Deliver();
        Assert.Equal(1, body.Disposals);
        Assert.Contains("torn", Assert.Single(_kit.Played.Log.Errors), StringComparison.Ordinal);
        Assert.Empty(_kit.Failures);
    }

    [Fact]
    public void A_stream_that_closed_early_is_forgotten_with_it()
    {
        var pump = _kit.Send(new ScriptedBody(Deferred));
        _kit.Connection.Exchanges.Outlive(_kit.Stream);
        pump.Stop();
        Assert.Equal(0, _kit.Connection.Exchanges.Outliving);
    }

    [Fact]
    public void Nothing_is_given_back_while_the_source_still_writes_to_a_buffer()
    {
        var later = new Later<BodyRead>();
        var body = new ScriptedBody(_ => later.Task);
        var pump = _kit.Send(body);
        _kit.Connection.Exchanges.Outlive(_kit.Stream);
        pump.Stop();
        _kit.Deliver();
        Assert.Equal((PumpKit.BufferSize, 0, 1), (_kit.Held, body.Disposals, _kit.Connection.Exchanges.Outliving));
        later.Complete(BodyRead.Data(5));
        _kit.RunTasks();
        Assert.Equal((0, 0), (_kit.Held, _kit.Connection.Exchanges.Outliving));
        Assert.Equal((0L, 0), (_kit.Queued, _kit.Stream.WorkInProgress));
        _kit.Deliver();
        Assert.Equal((1, 1), (body.Disposals, body.Rooms.Count));
    }

    [Fact]
    public void What_the_last_fill_fails_with_is_of_no_use_to_anybody()
    {
        var later = new Later<BodyRead>();
        var pump = _kit.Send(new ScriptedBody(_ => later.Task));
        pump.Stop();
        later.Fail(new OperationCanceledException());
        _kit.RunTasks();
        Assert.Empty(_kit.Failures);
        Assert.Equal(0, _kit.Held);
    }

    [Fact]
    public void A_source_that_does_not_come_back_counts_as_a_fill_that_is_on_its_way()
    {
        ScriptedBody body = null!;
        var later = new Later<BodyRead>();
        body = new ScriptedBody(
            room =>
            {
                _kit.LeaveBehind();
                // the next owner goes on meanwhile, and nothing makes it ask the source or take anything of it
                body.Wake();
                _kit.RunTasks();
                _kit.Deliver();
                _kit.Stream.Pump!.OnSent(0);
                Assert.Equal((1, 1, 0), (_kit.Stream.WorkInProgress, body.Rooms.Count, _kit.Queued));
                return Data(5)(room);
            },
            _ => later.Task);
        _kit.Begin(body);
        Assert.False(_kit.Connection.Events.DeliverAll());
        Assert.Equal((1, 0), (_kit.Stream.WorkInProgress, _kit.Queued));
        _kit.RunTasks();
        Assert.Equal((0, 5), (_kit.Stream.WorkInProgress, _kit.Queued));
        // from then on it is a source like any other
        _kit.Deliver();
        body.Wake();
        _kit.RunTasks();
        later.Complete(BodyRead.Last(1));
        _kit.RunTasks();
        Assert.Equal(["DATA 1 6 end"], _kit.Drain());
        Assert.Empty(_kit.Failures);
    }

    [Fact]
    public void One_that_comes_back_with_a_fill_that_completes_later_is_waited_for()
    {
        var later = new Later<BodyRead>();
        var body = new ScriptedBody(_ =>
        {
            _kit.LeaveBehind();
            return later.Task;
        });
        _kit.Begin(body);
        Assert.False(_kit.Connection.Events.DeliverAll());
        _kit.RunTasks();
        Assert.Equal((1, 0), (_kit.Stream.WorkInProgress, _kit.Queued));
        later.Complete(BodyRead.Last(5));
        _kit.RunTasks();
        Assert.Equal(0, _kit.Stream.WorkInProgress);
        Assert.Equal(["DATA 1 5 end"], _kit.Drain());
    }

    [Fact]
    public void A_pump_that_is_stopped_while_its_source_is_away_ends_when_it_comes_back()
    {
        var body = new ScriptedBody(room =>
        {
            _kit.LeaveBehind();
            _kit.Stream.Pump!.Stop();
            _kit.Deliver();
            return Data(5)(room);
        });
        _kit.Begin(body);
        Assert.False(_kit.Connection.Events.DeliverAll());
        Assert.Equal((PumpKit.BufferSize, 0), (_kit.Held, body.Disposals));
        _kit.RunTasks();
        _kit.Deliver();
        Assert.Equal((0, 1), (_kit.Held, body.Disposals));
        Assert.Equal((0L, 0), (_kit.Queued, _kit.Stream.WorkInProgress));
    }

    [Fact]
    public void A_source_that_is_left_behind_while_it_is_disposed_of_counts_as_work_until_it_comes_back()
    {
        var body = new ScriptedBody(Deferred)
        {
            OnDispose = () =>
            {
                _kit.LeaveBehind();
                return default;
            },
        };
        _kit.Send(body).Stop();
        Assert.False(_kit.Connection.Events.DeliverAll());
        Assert.Equal(1, _kit.Stream.WorkInProgress);
        _kit.RunTasks();
        _kit.Deliver();
        Assert.Equal((0, 1), (_kit.Stream.WorkInProgress, body.Disposals));
    }
}
