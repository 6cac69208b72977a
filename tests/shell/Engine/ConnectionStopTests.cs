using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How any thread asks for the end of a connection: what is done by the owner, and what at once.</summary>
public sealed class ConnectionStopTests
{
    private readonly PlayedConnection _played = new PlayedConnection().Start();
    private readonly FrameLines _lines = new();

    private Http2Connection Connection => _played.Connection;

    [Fact]
    public void A_graceful_end_begins_with_a_GOAWAY_that_refuses_no_stream()
    {
        Connection.Stop.Gracefully();
        Assert.Empty(Frames());
        Connection.Owner.RunTasks();
        Assert.Contains("GOAWAY 0 2147483647 NO_ERROR", Frames());
        Assert.True(Connection.End.IsOpen);
        Assert.False(_played.Core.IsFinished);
        Assert.Equal(Http2CloseCause.Stopped, Cause());
    }

    [Fact]
    public void An_end_now_finishes_the_core_with_NO_ERROR()
    {
        Connection.Stop.Now();
        Assert.Empty(Frames());
        Connection.Owner.RunTasks();
        Assert.Equal(["GOAWAY 0 0 NO_ERROR"], Frames());
        Assert.True(_played.Core.IsFinished);
        Assert.Equal(Http2CloseCause.Stopped, Cause());
        Assert.Equal("this end stopped before it had finished", Connection.End.Cause.ToString());
    }

    [Fact]
    public void A_connection_that_holds_too_much_is_told_so()
    {
        Connection.Stop.ForMemory();
        Connection.Owner.RunTasks();
        Assert.Equal(["GOAWAY 0 0 ENHANCE_YOUR_CALM"], Frames());
        Assert.False(_played.Transport.IsClosed);
        Assert.Equal(Http2CloseCause.Ended, Cause());
    }

    [Fact]
    public void One_that_holds_too_much_and_takes_nothing_is_closed()
    {
        _played.Transport.HoldsWrites = true;
        _played.Core.SubmitPing(1);
        Connection.Output.Send();
        Connection.Stop.ForMemory();
        Assert.False(_played.Transport.IsClosed);
        Connection.Owner.RunTasks();
        Assert.True(_played.Transport.IsClosed);
        Assert.True(Connection.End.IsClosed);
        Assert.Equal(Http2CloseCause.Ended, Cause());
    }

    [Fact]
    public void A_peer_that_is_gone_is_a_connection_that_was_lost()
    {
        Connection.Stop.AsLost();
        Assert.False(_played.Transport.IsClosed);
        Connection.Owner.RunTasks();
        Assert.True(_played.Transport.IsClosed);
        Assert.Equal(Http2CloseCause.ConnectionLost, Cause());
        Assert.Contains("The peer is gone.", _played.Log.Lines.Single(static line => line.Event == 12).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_of_a_connection_that_is_not_open_any_more_changes_nothing()
    {
        Connection.End.Close(Http2CloseCause.PeerTooSlow);
        Frames();
        Connection.Stop.Gracefully();
        Connection.Stop.Now();
        Connection.Stop.ForMemory();
        Connection.Stop.AsLost();
        Connection.Stop.AtStart(ErrorCode.InternalError);
        Connection.Owner.RunTasks();
        Assert.Empty(Frames());
        Assert.Equal(Http2CloseCause.PeerTooSlow, Cause());
        Assert.DoesNotContain(_played.Log.Lines, static line => line.Event == 12);
    }

    [Fact]
    public void A_connection_that_is_to_end_as_soon_as_it_begins_is_not_woken_before()
    {
        var played = new PlayedConnection();
        played.Connection.Stop.AtStart(ErrorCode.EnhanceYourCalm);
        Assert.Empty(played.Scheduler.Queue);
        played.Connection.Start(played.Role, Rooms.Preface);
        Assert.Contains("GOAWAY 0 0 ENHANCE_YOUR_CALM", new FrameLines().Of(played.Transport.Sent));
        Assert.True(played.Transport.HasFinishedSending);
    }

    [Fact]
    public void A_cut_closes_the_transport_at_once_and_leaves_the_rest_to_the_owner()
    {
        _played.Role.OnHeads = static _ => { };
        _played.Upload();
        Connection.Stop.AtOnce();
        Assert.True(_played.Transport.IsClosed);
        Assert.True(Connection.End.IsOpen);
        Connection.Owner.RunTasks();
        Assert.True(Connection.End.IsClosed);
        Assert.Equal(Http2CloseCause.Stopped, Cause());
    }

    [Fact]
    public void Whatever_a_cut_looks_like_from_inside_it_is_a_stop()
    {
        // what reads finds the transport closed before the task of the cut is there
        _played.Transport.OnClose = () => Connection.End.Fail(new IOException("The transport is closed."));
        Connection.Stop.AtOnce();
        Connection.Owner.RunTasks();
        Assert.Equal(Http2CloseCause.Stopped, Cause());
    }

    [Fact]
    public void Who_cuts_a_connection_runs_nothing_of_it()
    {
        var played = new PlayedConnection();
        played.Connection.Start(played.Role, Rooms.Preface);
        played.Transport.OnClose = () => played.Connection.Owner.Wake(Signals.Again, inline: true);
        played.Connection.Stop.AtOnce();
        Assert.True(played.Connection.End.IsOpen);
        played.Transport.OnClose = static () => { };
        played.Run();
        Assert.True(played.Connection.End.IsClosed);
        Assert.Contains("ended", played.Role.Told);
    }

    [Fact]
    public void A_transport_that_cannot_be_closed_does_not_keep_the_owner_from_the_rest()
    {
        _played.Transport.OnClose = static () => throw new InvalidTimeZoneException("torn");
        Connection.Stop.AtOnce();
        Connection.Owner.RunTasks();
        Assert.True(Connection.End.IsClosed);
        Assert.Equal(Http2CloseCause.Stopped, Cause());
    }

    private List<string> Frames() => _lines.Take(_played.Core);

    private Http2CloseCause Cause() => Connection.End.Cause.OfLost(ErrorCode.NoError).Cause;
}
