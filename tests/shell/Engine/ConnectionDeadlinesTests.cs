using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What is done when a deadline of a connection is over, in virtual time.</summary>
public sealed class ConnectionDeadlinesTests
{
    private readonly PlayedConnection _played = new PlayedConnection().Start();

    private Http2Connection Connection => _played.Connection;

    private StatedTime.StatedTimer Timer => Assert.Single(_played.Time.Timers);

    [Fact]
    public void The_timer_is_set_to_the_first_of_them()
    {
        var due = _played.Core.NextDeadline;
        Assert.Equal(due, Timer.Waits[^1]);
        Connection.Deadlines.Check();
        _played.Transport.HoldsWrites = true;
        _played.Core.SubmitPing(1);
        Connection.Output.Send();
        Connection.Sends.Begin();
        Connection.Deadlines.Arm();
        Assert.Equal(Math.Min(due, Connection.Sends.Due), Timer.Waits[^1]);
    }

    [Fact]
    public void A_deadline_of_the_protocol_ends_the_connection_and_not_before_it_is_over()
    {
        var due = _played.Core.NextDeadline;
        At(due - 1);
        Assert.False(_played.Core.IsFinished);
        At(due);
        Assert.True(_played.Core.IsFinished);
    }

    [Fact]
    public void A_deadline_is_put_off_until_what_has_come_is_read()
    {
        var due = _played.Core.NextDeadline;
        _played.Transport.Report = new TransportReport(0, Readable: 5);
        At(due);
        At(due + InputFirst.Pause - 1);
        _played.Transport.Report = new TransportReport(0, Received: 5);
        At(due + InputFirst.Pause - 1);
        Assert.False(_played.Core.IsFinished);
        Connection.Deadlines.InputCame();
        At(due + InputFirst.Pause - 1);
        Assert.True(_played.Core.IsFinished);
    }

    [Fact]
    public void A_peer_that_takes_nothing_is_given_up()
    {
        _played.Transport.HoldsWrites = true;
        _played.Core.SubmitPing(1);
        Connection.Output.Send();
        Connection.Sends.Begin();
        _played.Transport.Report = new TransportReport(17, Unacknowledged: 17);
        AtEach(static connection => connection.Sends.Due);
        Assert.InRange(_played.Core.Now, _played.Limits.Send.Send, _played.Limits.Send.Send + 2_500);
        Assert.True(_played.Transport.IsClosed);
        Assert.Equal("the peer was too slow", Connection.End.Cause.ToString());
    }

    [Fact]
    public void A_frame_that_does_not_become_whole_ends_the_connection()
    {
        _played.Acknowledge().Take(Requests.Data(1, 100)[..20]);
        At(Connection.SlowPeers.Due - 1);
        Assert.False(_played.Core.IsFinished);
        At(Connection.SlowPeers.Due);
        Assert.True(_played.Core.IsFinished);
        Assert.Equal("the peer was too slow", Connection.End.Cause.ToString());
    }

    [Fact]
    public void A_peer_that_has_ended_its_side_and_is_gone_ends_the_connection()
    {
        EndInput();
        _played.Transport.Report = new TransportReport(0) { IsLost = true };
        At(Connection.HalfClosedDue);
        Assert.True(Connection.End.IsClosed);
        Assert.Equal("the peer closed it, or it was lost", Connection.End.Cause.ToString());
    }

    [Fact]
    public void A_peer_that_has_ended_its_side_and_is_sent_nothing_for_too_long_ends_the_connection()
    {
        EndInput();
        AtEach(static connection => connection.HalfClosedDue);
        Assert.Equal(_played.Limits.HalfClosedTimeout, _played.Core.Now);
        Assert.Equal("the peer was too slow", Connection.End.Cause.ToString());
    }

    [Fact]
    public void What_lingers_is_closed_when_its_time_is_over()
    {
        Linger();
        At(_played.Limits.LingerTimeout - 1);
        Assert.False(Connection.End.IsClosed);
        At(_played.Limits.LingerTimeout);
        Assert.True(Connection.End.IsClosed);
    }

    [Fact]
    public void What_lingers_stays_while_the_last_octets_are_on_their_way()
    {
        Linger();
        _played.Transport.Report = new TransportReport(17, Unacknowledged: 17);
        At(_played.Limits.LingerTimeout);
        Assert.False(Connection.End.IsClosed);
        Assert.Equal(2 * _played.Limits.LingerTimeout, Connection.End.LingerDue);
        _played.Transport.Report = new TransportReport(17, Unacknowledged: 0);
        At(2 * _played.Limits.LingerTimeout);
        Assert.True(Connection.End.IsClosed);
    }

    [Fact]
    public void Nothing_is_due_once_the_connection_is_closed()
    {
        var waits = Timer.Waits.Count;
        Connection.End.Close(Http2CloseCause.Completed);
        Assert.True(Timer.IsDisposed);
        Connection.Deadlines.Check();
        Connection.Deadlines.Arm();
        Assert.Equal(waits, Timer.Waits.Count);
        Assert.Equal(0, _played.Host.Resources.Timers);
    }

    private void At(long milliseconds)
    {
        _played.SetTime(milliseconds);
        Connection.Deadlines.Check();
    }

    // Looks whenever it is time to, until the connection is closed.
    private void AtEach(Func<Http2Connection, long> due)
    {
        for (var looks = 0; looks < 1_000 && !Connection.End.IsClosed; looks++)
            At(due(Connection));
        Assert.True(Connection.End.IsClosed);
    }

    private void EndInput()
    {
        _played.Acknowledge().Upload();
        _played.Receive();
        Assert.True(Connection.HalfClosed.TryEnd());
        Connection.HalfClosed.BeginAsking();
    }

    private void Linger()
    {
        Connection.End.Abort(ErrorCode.NoError);
        new FrameLoop(Connection).Flush();
        Connection.End.Conclude();
        Assert.True(Connection.End.IsLingering);
        Assert.True(_played.Transport.HasFinishedSending);
    }
}
