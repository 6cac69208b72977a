using Http2.Pure;

namespace Http2.Shell;

/// <summary>What ended a connection, or is about to, and by that its streams. Belongs to the connection's owner.</summary>
internal sealed class ClosingCause
{
    private Http2CloseCause? _cause;
    private Fault? _fault;
    private bool _isStopping;
    private volatile bool _isCut;

    /// <summary>This end is about to cut the connection, whatever that looks like from inside. Any thread.</summary>
    public void NoteCut() => _isCut = true;

    /// <summary>Something ended the connection; the first counts.</summary>
    public void Note(Http2CloseCause cause) => _cause ??= _isCut ? Http2CloseCause.Stopped : cause;

    /// <summary>The peer broke a rule of the whole connection.</summary>
    public void Note(Fault.OfConnection fault)
    {
        _fault ??= fault;
        Note(Http2CloseCause.PeerFault);
    }

    /// <summary>This end has begun to end the connection gracefully.</summary>
    public void NoteStopping() => _isStopping = true;

    /// <summary>The time for the graceful end is over.</summary>
    public void NoteFinished()
    {
        if (_isStopping)
            Note(Http2CloseCause.Stopped);
    }

    /// <summary>Why a stream was closed, or null when both sides ended it as they should.</summary>
    /// <param name="exchange">The stream.</param>
    /// <param name="closed">What the core told of it.</param>
    /// <param name="events">All that the core told.</param>
    public Http2CloseReason? Of(Http2Stream exchange, ConnectionEvent.StreamClosed closed, List<ConnectionEvent> events)
    {
        var ours = exchange.ResetReason;
        if (!closed.Abnormal)
            return ours is { Cause: Http2CloseCause.ApplicationFailed or Http2CloseCause.PeerFault, Code: ErrorCode.NoError } ? ours : null;
        if (ours is not null && ours.Code == closed.Code)
            return ours;
        if (FindFault(closed.Id, events) is { } fault)
            return new Http2CloseReason(Http2CloseCause.PeerFault, closed.Code, fault.Rule);
        return _cause is null ? new Http2CloseReason(Http2CloseCause.PeerReset, closed.Code) : OfLost(closed.Code);
    }

    /// <summary>Why the streams are closed that are still there when the connection ends.</summary>
    public Http2CloseReason OfLost(ErrorCode code) =>
        new(_cause ?? (_isStopping ? Http2CloseCause.Stopped : Http2CloseCause.Ended), code, _fault?.Rule);

    /// <summary>What ended the connection, as one line for people.</summary>
    public override string ToString() => _cause switch
    {
        Http2CloseCause.PeerFault => $"the peer broke a rule ({_fault?.Rule})",
        Http2CloseCause.PeerTooSlow => "the peer was too slow",
        Http2CloseCause.ConnectionLost => "the peer closed it, or it was lost",
        Http2CloseCause.Completed when _isStopping => "this end stops",
        Http2CloseCause.Completed => "it had nothing more to do",
        Http2CloseCause.Stopped => "this end stopped before it had finished",
        _ => "this end ended it",
    };

    private static Fault? FindFault(StreamId id, List<ConnectionEvent> events)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case ConnectionEvent.StreamFaulted stream when stream.Fault.Id == id:
                    return stream.Fault;
                case ConnectionEvent.ConnectionFaulted connection:
                    return connection.Fault;
            }
        }
        return null;
    }
}
