using Http2.Pure;

namespace Http2.Shell;

/// <content>Deadlines, and the ways a connection ends.</content>
internal sealed partial class Http2Connection
{
    private Phase _phase;
    private ITimer? _timer;
    private long _armedFor = long.MaxValue;
    private long _lingerUntil = long.MaxValue;

    private enum Phase
    {
        /// <summary>Frames are taken and sent.</summary>
        Open,

        /// <summary>Our side is ended; what comes is thrown away until the peer ends too, or for a moment.</summary>
        Lingering,

        /// <summary>The transport is closed.</summary>
        Closed,
    }

    /// <summary>Begins the two-step GOAWAY (RFC 9113 §6.8). Any thread.</summary>
    public void BeginShutdown() => Post(new ShutdownMail());

    /// <summary>Ends the connection at once with GOAWAY. Any thread.</summary>
    public void Abort(ErrorCode code) => Post(new AbortMail(code));

    /// <summary>Cuts the connection: the transport goes at once, even while a handler holds the owner. Any thread.</summary>
    public void Cut()
    {
        _closing.NoteCut();
        CloseTransport();
        Post(new CutMail());
    }

    private long SendDeadline => !_sending
        ? long.MaxValue
        : _sendingSince + (long)(IsInputAllowed ? _host.Options.SendTimeout : _host.Options.UnreadTimeout).TotalMilliseconds;

    private void ArmTimer()
    {
        if (_phase == Phase.Closed)
            return;
        var due = _phase == Phase.Open
            ? Math.Min(Math.Min(UnreadDeadline, PaceDeadline), Connection.NextDeadline(in _state))
            : _lingerUntil;
        due = Math.Min(due, SendDeadline);
        // A deadline that moved away leaves the timer as it is: it will find nothing to do and be armed again. That is cheaper than moving
        // it with every batch.
        if (due >= _armedFor)
            return;
        _armedFor = due;
        // From now, not from when this run began: a handler may have taken long.
        var wait = TimeSpan.FromMilliseconds(Math.Max(due - _host.Clock.At(_host.Clock.Timestamp), 0));
        if (_timer is null)
        {
            _host.Holdings.TimerMade();
            _timer = _host.Time.CreateTimer(
                static state => ((Http2Connection)state!).Wake(Signal.Timer, inline: true), this, wait, Timeout.InfiniteTimeSpan);
        }
        else
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void CheckDeadlines()
    {
        _armedFor = long.MaxValue;
        if (_phase == Phase.Closed)
            return;
        if (_now >= SendDeadline)
        {
            Log.NotReading(_host.Logger, Info.Id);
            Close(Http2CloseCause.ClientTooSlow);
        }
        else if (_phase == Phase.Lingering && _now >= _lingerUntil)
            Close(Http2CloseCause.Completed);
        else if (_phase == Phase.Open)
        {
            if (IsRecorded)
                Record(new Input.Tick(_now));
            _state = Connection.Tick(in _state, _now, Effects);
            if (Connection.IsFinished(in _state))
                _closing.NoteFinished();
            JudgePace();
            EndUnreadRequests();
        }
    }

    /// <summary>When the core has finished and everything is sent: half-close, and read on for a moment.</summary>
    private void Conclude()
    {
        if (_phase != Phase.Open || _sending || Effects.Output.Length > 0 || !Connection.IsFinished(in _state))
        {
            if (_phase == Phase.Lingering && _inputEnded)
                Close(Http2CloseCause.Completed);
            return;
        }
        // Closing with octets unread makes TCP send a reset, which would destroy the GOAWAY on its way (RFC 9113 §5.4.1).
        _phase = Phase.Lingering;
        _lingerUntil = _now + (long)_host.Options.LingerTimeout.TotalMilliseconds;
        _ = FinishSendingAsync();
        if (_inputEnded)
            Close(Http2CloseCause.Completed);
    }

    private async Task FinishSendingAsync()
    {
        try
        {
            await _transport.FinishSendingAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.TransportFailed(_host.Logger, Info.Id, failure);
            CloseTransport();
        }
    }

    /// <summary>The transport failed: the streams are closed, and so is the connection.</summary>
    private void Fail(Exception failure)
    {
        if (_phase == Phase.Closed)
        {
            ReleaseBuffer();
            return;
        }
        if (_phase == Phase.Open)
            Log.TransportFailed(_host.Logger, Info.Id, failure);
        Close(Http2CloseCause.ConnectionLost);
    }

    private void Close(Http2CloseCause why)
    {
        if (_phase == Phase.Closed)
            return;
        var wasOpen = _phase == Phase.Open;
        _phase = Phase.Closed;
        _closing.Note(why);
        try
        {
            GiveUp(wasOpen);
        }
        finally
        {
            // Last, and whatever failed: whoever waits for the server to stop finds everything done.
            _host.Connections.Remove(this);
            _host.Connections.Release();
            _ended.TrySetResult();
            if (_host.IsStopping)
                _host.Drain.Look();
        }
    }

    private void GiveUp(bool wasOpen)
    {
        CloseTransport();
        if (_timer is not null)
        {
            _timer.Dispose();
            _host.Holdings.TimerGone();
        }
        if (wasOpen)
        {
            if (IsRecorded)
                Record(new Input.EndOfInput());
            _state = Connection.EndOfInput(in _state, Effects);
            DeliverEvents();
        }
        CloseExchanges(ErrorCode.InternalError);
        Effects.Output.Truncate(0);
        ReleaseBuffer();
        _tap?.Closed();
        Log.Closed(_host.Logger, Info.Id, Info.StreamsServed, _closing);
    }

    // A transport of the user's may throw; that must not keep the rest from being given back.
    private void CloseTransport()
    {
        try
        {
            _transport.Close();
        }
        catch (Exception failure)
        {
            Log.TransportFailed(_host.Logger, Info.Id, failure);
        }
    }

    /// <summary>An exception where none can be: this connection is lost, the process is not.</summary>
    private void Collapse(Exception failure)
    {
        Log.InternalError(_host.Logger, Info.Id, failure);
        try
        {
            Effects.Events.Clear();
            _delivering = false;
            CloseExchanges(ErrorCode.InternalError);
            Close(Http2CloseCause.ServerEnded);
        }
        catch (Exception second)
        {
            Log.InternalError(_host.Logger, Info.Id, second);
            CloseTransport();
        }
    }

    private void AbortNow(ErrorCode code)
    {
        _closing.Note(Http2CloseCause.ServerEnded);
        if (IsRecorded)
            Record(new Input.Abort(code));
        _state = Connection.Abort(in _state, code, Effects);
    }

    private sealed class ShutdownMail : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (connection._phase != Phase.Open)
                return;
            connection._closing.NoteStopping();
            if (connection.IsRecorded)
                connection.Record(new Input.Shutdown(connection._now));
            connection._state = Connection.Shutdown(in connection._state, connection._now, connection.Effects);
        }
    }

    private sealed class AbortMail(ErrorCode code) : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (connection._phase == Phase.Open)
                connection.AbortNow(code);
        }
    }

    private sealed class CutMail : Mail
    {
        public override void Run(Http2Connection connection) => connection.Close(Http2CloseCause.ServerStopped);
    }
}
