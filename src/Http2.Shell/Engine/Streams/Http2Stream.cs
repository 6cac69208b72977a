using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// One stream of a connection (RFC 9113 §5): what a server's request and a client's have in common. Members are safe on any thread.
/// </summary>
public abstract partial class Http2Stream
{
    private volatile End _end;

    private protected Http2Stream()
    {
    }

    /// <summary>Written by the owner alone.</summary>
    [Flags]
    private enum End : byte
    {
        None = 0,
        Closed = 1,
        Aborted = 2,
        Told = 4,
    }

    /// <summary>The connection that the stream belongs to.</summary>
    public Http2ConnectionInfo Connection => Engine.Info;

    /// <summary>The stream's identifier (RFC 9113 §5.1.1).</summary>
    public abstract StreamId StreamId { get; }

    /// <summary>
    /// Is cancelled when the stream ends before all that this end sends has been sent, whoever ended it: the peer, a reset by this end, or the end
    /// of the connection. It belongs to this stream alone and is never cancelled later. Callbacks registered with it run on the thread pool.
    /// Thread-safe.
    /// </summary>
    public CancellationToken Aborted
    {
        get
        {
            if (Stop is { } there)
                return there.Token;
            var stop = MakeStop();
            // A full fence stands between: either the owner that closes the stream now finds the source, or this finds the stream aborted.
            if ((_end & End.Aborted) != 0)
                _ = CancelAsync(stop);
            return stop.Token;
        }
    }

    /// <summary>
    /// Whether the stream is closed, so that sending on it has no effect any more. Thread-safe; when it is false, the stream may be closed a moment
    /// later.
    /// </summary>
    public bool IsClosed => (_end & End.Closed) != 0;

    /// <summary>
    /// Completes when the stream is closed and <c>OnClose</c> has returned. Its result is NO_ERROR when both sides ended the stream as they should,
    /// otherwise the code of the RST_STREAM or GOAWAY. It never fails. Thread-safe.
    /// </summary>
    public Task<ErrorCode> Closed
    {
        get
        {
            var extras = Extras;
            var told = Volatile.Read(ref extras.Told);
            if (told is null)
            {
                var fresh = new TaskCompletionSource<ErrorCode>(TaskCreationOptions.RunContinuationsAsynchronously);
                told = Interlocked.CompareExchange(ref extras.Told, fresh, null) ?? fresh;
            }
            // A full fence stands between: either the owner that tells the end now finds the task, or this finds that the end was told.
            if ((_end & End.Told) != 0)
                told.TrySetResult(CloseReason!.Code);
            return told.Task;
        }
    }

    /// <summary>Why the stream was closed; null as long as it is open. Thread-safe.</summary>
    public Http2CloseReason? CloseReason => IsClosed ? ExtrasOrNone?.CloseReason ?? Http2CloseReason.Completed : null;

    /// <summary>Ends the stream with RST_STREAM (RFC 9113 §6.4). It has no effect when the stream is closed. Thread-safe.</summary>
    /// <param name="code">The error code that the peer gets.</param>
    public void Reset(ErrorCode code = ErrorCode.Cancel) => Engine.Commands.Reset(this, code);

    /// <summary>A reset that is on its way says here why, before the stream closes. Owner only.</summary>
    internal Http2CloseReason? ResetReason => ExtrasOrNone?.CloseReason;

    private CancellationTokenSource? Stop
    {
        get
        {
            var there = Volatile.Read(ref _extras);
            return there is StreamExtras extras ? Volatile.Read(ref extras.Stop) : (CancellationTokenSource?)there;
        }
    }

    /// <summary>Resets the stream, unless it is closed; nothing but its end is told from here on. Owner only.</summary>
    /// <param name="core">The core of its connection.</param>
    /// <param name="code">The code to send.</param>
    /// <param name="why">What for; the first reason counts.</param>
    /// <param name="rule">The rule that the peer broke, if it has.</param>
    internal virtual void ResetAsOwner(CoreSession core, ErrorCode code, Http2CloseCause why, Rule? rule = null)
    {
        Silence();
        if (IsClosed)
            return;
        NoteReset(new Http2CloseReason(why, code, rule));
        core.SubmitReset(StreamId, code);
    }

    /// <summary>Notes why this end is about to reset the stream; the first reason counts. Owner only.</summary>
    internal void NoteReset(Http2CloseReason reason) => Extras.CloseReason ??= reason;

    /// <summary>Nothing can be sent any more, and whoever works for it is told to stop. Owner only.</summary>
    /// <param name="reason">Why, or null when both sides ended it as they should.</param>
    /// <param name="aborted">Whether what this end sends had not gone out.</param>
    internal void MarkClosed(Http2CloseReason? reason, bool aborted)
    {
        Silence();
        if (reason is not null)
            Extras.CloseReason = reason;
        else if (ExtrasOrNone is { } extras)
            extras.CloseReason = null;
        _end = aborted ? End.Closed | End.Aborted : End.Closed;
        if (!aborted)
            return;
        Interlocked.MemoryBarrier();
        if (Stop is { } stop)
            _ = CancelAsync(stop);
    }

    /// <summary>The end has been told by callback. Owner only.</summary>
    internal void TellClosed()
    {
        _end |= End.Told;
        Interlocked.MemoryBarrier();
        if (ExtrasOrNone is { } extras && Volatile.Read(ref extras.Told) is { } told)
            told.TrySetResult(CloseReason!.Code);
    }

    // What was registered is code of the user's, which may block or throw: never on the connection's thread.
    private async Task CancelAsync(CancellationTokenSource stop)
    {
        try
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.RegistrationFailed(Engine.Host.Logger, Engine.Info.Id, StreamId, failure);
        }
    }

    private CancellationTokenSource MakeStop()
    {
        var fresh = new CancellationTokenSource();
        return Interlocked.CompareExchange(ref _extras, fresh, null) switch
        {
            null => fresh,
            CancellationTokenSource there => there,
            var extras => Interlocked.CompareExchange(ref ((StreamExtras)extras).Stop, fresh, null) ?? fresh,
        };
    }
}
