using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// What must happen in time. A deadline that is over is no verdict yet: what has come meanwhile is read first, and a peer that nobody can
/// reach, or that takes what is sent to it however slowly, is left its time. Belongs to the connection's owner.
/// </summary>
/// <param name="connection">The connection, whose rooms have the deadlines.</param>
internal sealed class ConnectionDeadlines(Http2Connection connection)
{
    private DeadlineTimer _timer = new();
    private InputPatience _patience;

    // What the peer has to send in time.
    private long InputDue =>
        _patience.Due(Math.Min(Math.Min(connection.BodiesDue, connection.Role.Due), connection.Core.NextDeadline));

    /// <summary>Octets have come.</summary>
    public void InputCame() => _patience.InputCame();

    /// <summary>Has the connection woken in time.</summary>
    public void Arm()
    {
        if (connection.End.IsClosed)
            return;
        var due = connection.End.IsOpen
            ? Math.Min(InputDue, connection.PeerEndDue)
            : connection.End.LingerDue;
        _timer.Arm(Math.Min(due, Math.Min(connection.Sends.Due, connection.Share.Due)), connection);
    }

    /// <summary>Looks which of them are over.</summary>
    public void Check()
    {
        _timer.Fired();
        var (core, end) = (connection.Core, connection.End);
        if (end.IsClosed)
            return;
        if (core.Now >= connection.Sends.Due && !connection.Sends.IsPeerAlive())
        {
            Log.NotReading(connection.Host.Logger, connection.Info.Id);
            end.Close(Http2CloseCause.PeerTooSlow);
        }
        if (core.Now >= end.LingerDue)
            CheckLinger();
        if (end.IsOpen && core.Now >= connection.HalfClosedDue)
            CheckHalfClosed();
        if (end.IsOpen && core.Now >= InputDue && _patience.MayJudge(connection))
            JudgeInput();
    }

    /// <summary>The connection is closed: nothing must happen any more.</summary>
    public void Stop() => _timer.Stop(connection.Host);

    // Closing while the last octets are on their way may destroy them: what the peer still sends would be answered with a reset, and a reset has the
    // peer's kernel throw away what its application has not read.
    private void CheckLinger()
    {
        if (connection.Sends.HasUnacknowledged())
            connection.End.LingerOn();
        else
            connection.End.Close(Http2CloseCause.Completed);
    }

    private void CheckHalfClosed()
    {
        switch (connection.HalfClosed.Look())
        {
            case HalfClosed.Finding.Gone:
                connection.End.Fail(new IOException("The peer is gone."));
                break;
            case HalfClosed.Finding.Silent:
                Log.HalfClosed(connection.Host.Logger, connection.Info.Id);
                connection.End.Close(Http2CloseCause.PeerTooSlow);
                break;
        }
    }

    private void JudgeInput()
    {
        connection.Core.Tick();
        if (connection.Core.IsFinished)
            connection.End.Cause.NoteFinished();
        if (connection.SlowPeers.IsFrameTooSlow)
        {
            Log.FrameTooSlow(connection.Host.Logger, connection.Info.Id);
            connection.End.Abort(ErrorCode.EnhanceYourCalm, Http2CloseCause.PeerTooSlow);
        }
        connection.SlowPeers.Judge();
        connection.Unread.ResetLate();
        connection.Role.Judge();
    }
}
