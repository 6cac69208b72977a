using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// The ways a connection ends: how far its end has come, what caused it, and that everybody is told and everything given back. Belongs to the
/// connection's owner.
/// </summary>
/// <param name="connection">What ends.</param>
/// <param name="transport">What is closed.</param>
internal sealed class ConnectionEnd(Http2Connection connection, ITransport transport)
{
    private const int ClosingTries = 3;

    private readonly EngineHost _host = connection.Host;
    private Stage _stage;
    private long _lingerUntil = long.MaxValue;
    private TaskCompletionSource? _ended;
    private volatile bool _isTold;
    private bool _isGone;
    private int _failedTries;

    private enum Stage : byte
    {
        /// <summary>Frames are taken and sent.</summary>
        Open,

        /// <summary>Our side is ended; what comes is thrown away until the peer ends too, or for a moment.</summary>
        Lingering,

        /// <summary>The transport is closed.</summary>
        Closed,
    }

    /// <summary>Completes when the transport is closed and everybody has been told. Any thread.</summary>
    public Task Ended
    {
        get
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var ended = Interlocked.CompareExchange(ref _ended, fresh, null) ?? fresh;
            // A full fence stands between: either the thread that ends the connection now finds the task, or this finds that it has told the end.
            if (_isTold)
                ended.TrySetResult();
            return ended.Task;
        }
    }

    /// <summary>What ended the connection, or is about to.</summary>
    public ClosingCause Cause { get; } = new();

    /// <summary>Frames are taken and sent.</summary>
    public bool IsOpen => _stage == Stage.Open;

    /// <summary>Our side is ended; what comes is thrown away.</summary>
    public bool IsLingering => _stage == Stage.Lingering;

    /// <summary>The transport is closed.</summary>
    public bool IsClosed => _stage == Stage.Closed;

    /// <summary>When the time is over in which what comes is thrown away.</summary>
    public long LingerDue => IsLingering ? _lingerUntil : long.MaxValue;

    /// <summary>The transport failed: the streams are closed, and so is the connection.</summary>
    public void Fail(Exception failure)
    {
        if (IsClosed)
        {
            connection.Input.Release();
            return;
        }
        if (failure is TlsFloodException)
            Log.TlsFlood(_host.Logger, connection.Info.Id);
        else if (IsOpen)
            Log.TransportFailed(_host.Logger, connection.Info.Id, failure);
        Close(failure is TlsFloodException ? Http2CloseCause.Ended : Http2CloseCause.ConnectionLost);
    }

    /// <summary>Closes the transport at once; the streams end with it.</summary>
    public void Close(Http2CloseCause why)
    {
        if (IsClosed)
            return;
        var wasOpen = IsOpen;
        _stage = Stage.Closed;
        Cause.Note(why);
        CloseTransport();
        connection.Deadlines.Stop();
        if (wasOpen)
            connection.Core.Disconnect();
    }

    /// <summary>Ends the connection with GOAWAY; it closes once that is sent.</summary>
    public void Abort(ErrorCode code, Http2CloseCause why = Http2CloseCause.Ended)
    {
        Cause.Note(why);
        connection.Core.Abort(code);
    }

    /// <summary>When the core has finished and everything is sent: ends our side, and reads on for a moment.</summary>
    public void Conclude()
    {
        var core = connection.Core;
        if (IsOpen && !connection.Output.IsSending && core.Output.Length == 0 && core.IsFinished)
        {
            // Closing with octets unread makes TCP send a reset, which would destroy the GOAWAY on its way (RFC 9113 §5.4.1).
            _stage = Stage.Lingering;
            LingerOn();
            _ = FinishSendingAsync();
        }
        if (IsLingering && connection.Input.HasEnded)
            Close(Http2CloseCause.Completed);
    }

    /// <summary>Gives the last octets time, once more.</summary>
    public void LingerOn() => _lingerUntil = connection.Core.Now + _host.Limits.LingerTimeout;

    /// <summary>Tells everybody that the connection is closed, and gives everything back once all have been told.</summary>
    /// <returns>False when a callback was left behind.</returns>
    public bool Finish()
    {
        if (!connection.Events.DeliverAll() || !connection.Streams.CloseAll(ErrorCode.InternalError) || !connection.Events.DeliverAll())
            return false;
        connection.Core.Output.Truncate(0);
        // Somebody who was left behind still has to be told.
        if (_isGone || connection.Role.HoldsEnd)
            return true;
        _isGone = true;
        connection.Input.Release();
        connection.Tap?.Closed();
        Log.Closed(_host.Logger, connection.Info.Id, connection.Info.StreamsServed, Cause);
        // Last: whoever waits for the end finds everything done.
        _host.Connections.Remove(connection);
        _host.Connections.Release();
        TellEnded();
        connection.Role.OnEnded();
        return true;
    }

    /// <summary>An exception where none can be: this connection is lost, the process is not.</summary>
    /// <returns>False when a callback was left behind.</returns>
    public bool Collapse(Exception failure)
    {
        Log.InternalError(_host.Logger, connection.Info.Id, failure);
        try
        {
            connection.Events.Forget();
            Close(Http2CloseCause.Ended);
            return Finish();
        }
        catch (Exception second)
        {
            Log.InternalError(_host.Logger, connection.Info.Id, second);
            CloseTransport();
            return true;
        }
    }

    /// <summary>
    /// Even <see cref="Collapse"/> has failed, most likely for want of memory: this connection must not take the process with it. Closing it
    /// is tried again when what was under way has given its memory back.
    /// </summary>
    /// <returns>Whether to try again.</returns>
    public bool GiveUp()
    {
        CloseTransport();
        connection.Core.Detach();
        if (_isGone)
            return false;
        if (++_failedTries < ClosingTries)
            return true;
        _stage = Stage.Closed;
        _isGone = true;
        _host.Connections.Remove(connection);
        _host.Connections.Release();
        TellEnded();
        return false;
    }

    /// <summary>Closes again what <see cref="GiveUp"/> could not.</summary>
    public void CloseAgain()
    {
        if (_failedTries > 0)
            Close(Http2CloseCause.Ended);
    }

    /// <summary>A transport of the user's may throw; that must not keep the rest from being given back. Any thread.</summary>
    public void CloseTransport()
    {
        try
        {
            transport.Close();
        }
        catch (Exception failure)
        {
            Log.TransportFailed(_host.Logger, connection.Info.Id, failure);
        }
    }

    private void TellEnded()
    {
        _isTold = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _ended)?.TrySetResult();
    }

    private async Task FinishSendingAsync()
    {
        try
        {
            await transport.FinishSendingAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.TransportFailed(_host.Logger, connection.Info.Id, failure);
            CloseTransport();
        }
    }
}
