using Http2.Pure;

namespace Http2.Shell;

/// <content>The ways a connection ends.</content>
internal sealed partial class Http2Connection
{
    private Phase _phase;
    private long _lingerUntil = long.MaxValue;
    private bool _isGone;

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

    /// <summary>The same for a connection that is about to be started.</summary>
    public void AbortAtStart(ErrorCode code) => PostQuietly(new AbortMail(code));

    /// <summary>Cuts the connection: the transport goes at once, even while a handler holds the owner. Any thread.</summary>
    public void Cut()
    {
        _closing.NoteCut();
        // What this ends wakes the connection, whose handlers must not run here: the caller may have more connections to cut.
        var begun = InlineRuns.Begin();
        CloseTransport();
        InlineRuns.End(begun, here: false);
        Post(new CutMail());
    }

    /// <summary>When the core has finished and everything is sent: half-close, and read on for a moment.</summary>
    private void Conclude()
    {
        if (_phase != Phase.Open || _output.IsSending || Core.Output.Length > 0 || !Core.IsFinished)
        {
            if (_phase == Phase.Lingering && _input.HasEnded)
                Close(Http2CloseCause.Completed);
            return;
        }
        // Closing with octets unread makes TCP send a reset, which would destroy the GOAWAY on its way (RFC 9113 §5.4.1).
        _phase = Phase.Lingering;
        _lingerUntil = Core.Now + (long)_host.Options.LingerTimeout.TotalMilliseconds;
        _ = FinishSendingAsync();
        if (_input.HasEnded)
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
            _input.Release();
            return;
        }
        if (failure is TlsFloodException)
            Log.TlsFlood(_host.Logger, Info.Id);
        else if (_phase == Phase.Open)
            Log.TransportFailed(_host.Logger, Info.Id, failure);
        Close(failure is TlsFloodException ? Http2CloseCause.ServerEnded : Http2CloseCause.ConnectionLost);
    }

    private void Close(Http2CloseCause why)
    {
        if (_phase == Phase.Closed)
            return;
        var wasOpen = _phase == Phase.Open;
        _phase = Phase.Closed;
        _closing.Note(why);
        CloseTransport();
        if (_timer is not null)
        {
            _timer.Dispose();
            _host.Holdings.TimerGone();
        }
        if (!wasOpen)
            return;
        Core.Disconnect();
    }

    /// <summary>Tells everybody that the connection is closed, and gives everything back once all have been told.</summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool FinishClosing()
    {
        if (!DeliverEvents() || !CloseExchanges(ErrorCode.InternalError) || !DeliverEvents())
            return false;
        Core.Output.Truncate(0);
        // A handler that was left behind still has to see its OnClose.
        if (_isGone || _absences > 0 || _births is { IsEmpty: false })
            return true;
        _isGone = true;
        _input.Release();
        _tap?.Closed();
        Log.Closed(_host.Logger, Info.Id, Info.StreamsServed, _closing);
        // Last: whoever waits for the server to stop finds everything done.
        _host.Connections.Remove(this);
        _host.Connections.Release();
        _ended.TrySetResult();
        if (_host.IsStopping)
            _host.Drain.Look();
        return true;
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
    private bool Collapse(Exception failure)
    {
        Log.InternalError(_host.Logger, Info.Id, failure);
        try
        {
            Core.Events.Clear();
            _event = _part = 0;
            Close(Http2CloseCause.ServerEnded);
            return FinishClosing();
        }
        catch (Exception second)
        {
            Log.InternalError(_host.Logger, Info.Id, second);
            CloseTransport();
            return true;
        }
    }

    private void AbortNow(ErrorCode code)
    {
        _closing.Note(Http2CloseCause.ServerEnded);
        Core.Abort(code);
    }

    private sealed class ShutdownMail : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (connection._phase != Phase.Open)
                return;
            connection._closing.NoteStopping();
            connection.Core.Shutdown();
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
