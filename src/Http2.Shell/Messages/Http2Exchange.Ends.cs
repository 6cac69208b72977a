using Http2.Pure;

namespace Http2.Shell;

/// <content>How an exchange is answered once, and how its end is told: to the token, to the task, and in words.</content>
public abstract partial class Http2Exchange
{
    private byte _answeredBy;
    private volatile End _end;

    private enum Answerer : byte
    {
        Nobody,
        Handler,
        Server,
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

    /// <summary>
    /// Is cancelled when the stream ends before the whole response has gone out, whoever ended it: the client, a reset of ours, or the end
    /// of the connection. It is this stream's own and is never cancelled later. What was registered with it runs on the thread pool.
    /// Thread-safe.
    /// </summary>
    public CancellationToken Aborted
    {
        get
        {
            if (Stop is { } there)
                return there.Token;
            var stop = MakeStop();
            // Whoever closes the stream now must see the source, or be seen here.
            if ((_end & End.Aborted) != 0)
                _ = CancelAsync(stop);
            return stop.Token;
        }
    }

    /// <summary>
    /// Whether the stream is closed, so that nothing can be sent on it any more: sending is then without effect. Thread-safe; false may be
    /// out of date at once.
    /// </summary>
    public bool IsClosed => (_end & End.Closed) != 0;

    /// <summary>
    /// Completes when the stream is closed and <c>OnClose</c> has returned, with NO_ERROR when both sides ended it as they should; else with
    /// the code of the RST_STREAM or GOAWAY. Never fails. Thread-safe.
    /// </summary>
    public Task<ErrorCode> Closed
    {
        get
        {
            var rare = Rare;
            var told = Volatile.Read(ref rare.Told);
            if (told is null)
            {
                var fresh = new TaskCompletionSource<ErrorCode>(TaskCreationOptions.RunContinuationsAsynchronously);
                told = Interlocked.CompareExchange(ref rare.Told, fresh, null) ?? fresh;
            }
            // Whoever tells the end now must see the task, or be seen here.
            if ((_end & End.Told) != 0)
                told.TrySetResult(CloseReason!.Code);
            return told.Task;
        }
    }

    /// <summary>Why the stream was closed; null as long as it is open. Thread-safe.</summary>
    public Http2CloseReason? CloseReason => IsClosed ? RareOrNone?.CloseReason ?? Http2CloseReason.Completed : null;

    /// <summary>Whether a final response was given, by the handler or for it. Any thread.</summary>
    internal bool IsAnswered => Volatile.Read(ref _answeredBy) != (byte)Answerer.Nobody;

    /// <summary>Whether the server answered in the handler's place, so that what the handler sends comes too late. Any thread.</summary>
    internal bool IsAnsweredByServer => Volatile.Read(ref _answeredBy) == (byte)Answerer.Server;

    /// <summary>A reset that is on its way says here why, before the stream closes. Owner only.</summary>
    internal Http2CloseReason? ResetReason => RareOrNone?.CloseReason;

    private CancellationTokenSource? Stop
    {
        get
        {
            var there = Volatile.Read(ref _rare);
            return there is RareState rare ? Volatile.Read(ref rare.Stop) : (CancellationTokenSource?)there;
        }
    }

    /// <summary>Takes the one answer that there is for the handler. Any thread.</summary>
    internal bool TryAnswer() => TryAnswer(Answerer.Handler);

    /// <summary>The same where nobody but the owner of the connection answers. Owner only.</summary>
    internal bool TryAnswerAsOwner()
    {
        if (_answeredBy != (byte)Answerer.Nobody)
            return false;
        Volatile.Write(ref _answeredBy, (byte)Answerer.Handler);
        return true;
    }

    /// <summary>Takes it for the server, which answers in the handler's place. Any thread.</summary>
    internal bool TryAnswerForHandler() => TryAnswer(Answerer.Server);

    /// <summary>The answer was refused, so there may be another.</summary>
    internal void TakeBackAnswer() => Volatile.Write(ref _answeredBy, (byte)Answerer.Nobody);

    /// <summary>Notes why this end is about to reset the stream; the first reason counts. Owner only.</summary>
    internal void NoteReset(Http2CloseReason reason) => Rare.CloseReason ??= reason;

    /// <summary>Nothing can be sent any more, and whoever works for the response is told to stop. Owner only.</summary>
    /// <param name="reason">Why, or null when both sides ended it as they should.</param>
    /// <param name="aborted">Whether the response had not gone out.</param>
    internal void MarkClosed(Http2CloseReason? reason, bool aborted)
    {
        Silence();
        if (reason is not null)
            Rare.CloseReason = reason;
        else if (RareOrNone is { } rare)
            rare.CloseReason = null;
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
        if (RareOrNone is { } rare && Volatile.Read(ref rare.Told) is { } told)
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
            Engine.OnRegistrationFailed(this, failure);
        }
    }

    private CancellationTokenSource MakeStop()
    {
        var fresh = new CancellationTokenSource();
        return Interlocked.CompareExchange(ref _rare, fresh, null) switch
        {
            null => fresh,
            CancellationTokenSource there => there,
            var rare => Interlocked.CompareExchange(ref ((RareState)rare).Stop, fresh, null) ?? fresh,
        };
    }

    private bool TryAnswer(Answerer by) => Interlocked.CompareExchange(ref _answeredBy, (byte)by, (byte)Answerer.Nobody) == 0;
}
