using Http2.Pure;
using Xunit;
using static Http2.Shell.Tests.ScriptedBody;

namespace Http2.Shell.Tests;

/// <summary>How a body moves from its source to the core.</summary>
public sealed class BodyPumpTests
{
    private readonly PumpKit _kit = new();

    [Fact]
    public void Nothing_is_asked_for_before_what_was_put_off_is_done()
    {
        var body = new ScriptedBody(Last(5));
        var pump = _kit.Begin(body);
        Assert.Empty(body.Rooms);
        Assert.False(pump.HasEnded);
        _kit.Deliver();
        Assert.True(pump.HasEnded);
        Assert.Equal(["DATA 1 5 end"], _kit.Drain());
        Assert.Empty(_kit.Failures);
    }

    [Fact]
    public void The_source_is_asked_as_long_as_it_has_something()
    {
        var body = new ScriptedBody(Data(5), Data(3), Last(2), Last(0));
        _kit.Send(body);
        Assert.Equal([PumpKit.BufferSize, PumpKit.BufferSize - 5, PumpKit.BufferSize - 8], body.Rooms);
        Assert.Equal(["DATA 1 10 end"], _kit.Drain());
    }

    [Fact]
    public void A_body_ends_with_an_empty_frame_when_its_last_octets_are_out()
    {
        var body = new ScriptedBody(Data(5), Deferred, End);
        _kit.Send(body);
        Assert.Equal(["DATA 1 5"], _kit.Drain());
        body.Wake();
        _kit.RunTasks();
        _kit.Deliver();
        Assert.Equal(["DATA 1 0 end"], _kit.Written());
    }

    [Fact]
    public void A_source_that_has_nothing_is_asked_again_when_it_says_so_and_not_before()
    {
        var body = new ScriptedBody(Deferred, Last(5));
        _kit.Send(body);
        _kit.Deliver();
        Assert.Single(body.Rooms);
        // neither is it asked when octets that it brought before have gone out
        Assert.True(_kit.Stream.Pump!.OnSent(0));
        Assert.Single(body.Rooms);
        body.Wake();
        Assert.Single(body.Rooms);
        // a task calls no user code
        _kit.RunTasks();
        Assert.Single(body.Rooms);
        _kit.Deliver();
        Assert.Equal(["DATA 1 5 end"], _kit.Drain());
    }

    [Fact]
    public void A_fill_that_completes_later_counts_as_work_and_is_the_only_one()
    {
        var later = new Later<BodyRead>();
        var body = new ScriptedBody(_ => later.Task, Last(1));
        _kit.Send(body);
        Assert.Equal((1, 1), (_kit.Stream.WorkInProgress, body.Rooms.Count));
        _kit.Stream.Pump!.OnSent(0);
        body.Wake();
        _kit.RunTasks();
        _kit.Deliver();
        Assert.Equal((1, 1, 0), (_kit.Stream.WorkInProgress, body.Rooms.Count, _kit.Queued));
        later.Complete(BodyRead.Data(5));
        Assert.Equal((1, 0), (_kit.Stream.WorkInProgress, _kit.Queued));
        _kit.RunTasks();
        Assert.Equal((0, 1, 5), (_kit.Stream.WorkInProgress, body.Rooms.Count, _kit.Queued));
        _kit.Deliver();
        Assert.Equal(["DATA 1 6 end"], _kit.Drain());
    }

    [Fact]
    public void While_both_buffers_wait_to_be_sent_nothing_is_asked_for()
    {
        var body = new ScriptedBody(Full, Full, Full, Deferred);
        var pump = _kit.Send(body);
        Assert.Equal([PumpKit.BufferSize, PumpKit.BufferSize], body.Rooms);
        Assert.True(pump.OnSent(PumpKit.BufferSize - 1));
        Assert.Equal(2, body.Rooms.Count);
        Assert.True(pump.OnSent(1));
        Assert.Equal([PumpKit.BufferSize, PumpKit.BufferSize, PumpKit.BufferSize], body.Rooms);
    }

    [Fact]
    public void A_fill_is_told_when_nobody_wants_it_any_more()
    {
        var body = new ScriptedBody(Deferred);
        _kit.Send(body);
        Assert.Equal(_kit.Stream.Aborted, body.Token);
    }

    [Fact]
    public void A_measured_body_ends_with_its_last_octet_and_the_source_is_not_asked_beyond_it()
    {
        var body = new ScriptedBody(Data(2), Data(3)) { EndsByLength = true };
        var pump = _kit.Send(body, length: 5);
        Assert.Equal([5, 3], body.Rooms);
        Assert.True(pump.HasEnded);
        Assert.Equal(["DATA 1 5 end"], _kit.Drain());
        Assert.Empty(_kit.Failures);
    }

    [Fact]
    public void Of_a_measured_body_without_octets_nothing_is_asked()
    {
        var body = new ScriptedBody { EndsByLength = true };
        _kit.Send(body, length: 0);
        Assert.Empty(body.Rooms);
        Assert.Equal(["DATA 1 0 end"], _kit.Written());
    }

    [Fact]
    public void What_a_declared_length_says_is_the_last_piece_waits_for_the_source_to_say_so_too()
    {
        var body = new ScriptedBody(Data(2), Data(3), Deferred, End);
        var pump = _kit.Send(body, length: 5);
        Assert.Equal((2, false), (_kit.Queued, pump.HasEnded));
        body.Wake();
        _kit.RunTasks();
        _kit.Deliver();
        Assert.True(pump.HasEnded);
        Assert.Equal(["DATA 1 5 end"], _kit.Drain());
    }

    [Fact]
    public void A_body_that_goes_on_beyond_its_declared_length_fails_before_its_last_octet_is_out()
    {
        var body = new ScriptedBody(Data(5), Data(1));
        var pump = _kit.Send(body, length: 5);
        Assert.Contains("goes on to 6", Assert.Single(_kit.Failures), StringComparison.Ordinal);
        Assert.Equal((0, false), (_kit.Queued, pump.HasEnded));
        AsksNoMore(body);
    }

    [Fact]
    public void A_body_that_ends_before_its_declared_length_fails()
    {
        var body = new ScriptedBody(Data(1), Last(3));
        var pump = _kit.Send(body, length: 5);
        Assert.Contains("ended after 4", Assert.Single(_kit.Failures), StringComparison.Ordinal);
        Assert.Equal((1, false), (_kit.Queued, pump.HasEnded));
        AsksNoMore(body);
    }

    [Fact]
    public void A_source_that_throws_is_not_asked_again()
    {
        var body = new ScriptedBody(Data(1), static _ => throw new InvalidTimeZoneException("torn"));
        _kit.Send(body);
        Assert.Equal(["failed torn"], _kit.Failures);
        AsksNoMore(body);
    }

    [Fact]
    public void A_fill_that_fails_later_is_told_by_the_owner()
    {
        var later = new Later<BodyRead>();
        var body = new ScriptedBody(_ => later.Task);
        _kit.Send(body);
        later.Fail(new InvalidTimeZoneException("torn"));
        Assert.Empty(_kit.Failures);
        _kit.RunTasks();
        Assert.Equal(["failed torn"], _kit.Failures);
        Assert.Equal(0, _kit.Stream.WorkInProgress);
        AsksNoMore(body);
    }

    [Fact]
    public void What_the_core_refuses_fails_the_body()
    {
        var kit = new PumpKit(answers: false);
        kit.Send(new ScriptedBody(Last(5)));
        Assert.Contains("must be sent before its data", Assert.Single(kit.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_is_closed_already_is_no_failure_and_ends_the_reading()
    {
        var body = new ScriptedBody(Data(1));
        _kit.Begin(body);
        _kit.Core.SubmitReset(_kit.Stream.StreamId, ErrorCode.Cancel);
        // the pump is heard before the news that the stream is closed
        _kit.Core.Events.Clear();
        _kit.Deliver();
        Assert.Empty(_kit.Failures);
        AsksNoMore(body);
    }

    [Fact]
    public void What_waits_for_the_peer_is_watched()
    {
        _kit.Send(new ScriptedBody(Last(5)));
        Assert.Equal(1, _kit.Connection.WatchedBodies);
        Assert.NotNull(_kit.Stream.SendingPace);
    }

    [Fact]
    public void The_end_of_an_answer_is_noted_while_the_request_still_has_a_body_to_come()
    {
        var kit = new PumpKit(expectsBody: true);
        var body = new ScriptedBody(Data(5), Deferred, End);
        kit.Send(body);
        kit.Drain();
        Assert.False(kit.Stream.IsSent);
        body.Wake();
        kit.RunTasks();
        kit.Deliver();
        Assert.True(kit.Stream.IsSent);
    }

    // Whatever happens from here on, the source is left alone.
    private void AsksNoMore(ScriptedBody body)
    {
        var asked = body.Rooms.Count;
        body.Wake();
        _kit.RunTasks();
        _kit.Deliver();
        _kit.Stream.Pump!.OnSent(0);
        Assert.Equal(asked, body.Rooms.Count);
    }
}
