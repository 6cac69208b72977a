using Http2.Pure;

namespace Http2.Shell;

/// <content>What the connection holds in memory, and what it does without when the server's memory is short.</content>
internal sealed partial class Http2Connection
{
    // A client that is told to come back later is told so in seconds (RFC 9110 §10.2.3).
    private static readonly Http2Headers Later = Http2Headers.Of([("retry-after", "1")]);

    private const int ClosingTries = 3;
    private int _closingFailed;

    /// <summary>What this connection holds. Any thread may read it.</summary>
    internal ConnectionMemory Memory { get; }

    /// <summary>Whether three quarters of what connections may hold are held.</summary>
    internal bool IsMemoryShort => _host.Memory.IsShort;

    /// <summary>Ends the connection because it holds much memory and moves little. Any thread.</summary>
    internal void EndForMemory() => Post(new EndForMemoryMail());

    /// <summary>
    /// Turns a request away while memory is short. On a connection that holds more than its share it is refused, as beyond the limit of
    /// streams: the client may send it again once others of its own have ended (RFC 9113 §8.7). Others are served on, since they are not
    /// what memory is spent on, until there is none left for anybody; then they are told when to come back.
    /// </summary>
    /// <returns>Whether it was turned away.</returns>
    private bool Shed(ConnectionEvent.RequestReceived request)
    {
        if (Memory.Held > _host.Relief.FairShare)
            Core.SubmitReset(request.Id, ErrorCode.RefusedStream);
        else if (_host.Memory.TurnsAway)
            AnswerBusy(request.Id, request.EndStream);
        else
            return false;
        return true;
    }

    /// <summary>503, and nothing more is taken of the request.</summary>
    private void AnswerBusy(StreamId id, bool endStream)
    {
        Core.SubmitResponse(id, BusyHead(), default, endStream: true);
        // RFC 9113 §8.1: the answer is complete, so the rest of the request is not wanted
        if (!endStream)
            Core.SubmitReset(id, ErrorCode.NoError);
    }

    /// <summary>503 in the place of an answer whose body would need buffers that are not there.</summary>
    private Misuse RespondBusy(Http2Exchange exchange, ResponseBody body)
    {
        Discard(exchange, body);
        return Core.SubmitResponse(exchange.StreamId, BusyHead(), default, endStream: true);
    }

    private OutboundHead BusyHead() =>
        new(503, Later.Plan(_host.Server).Fields, 0, _host.Options.SendDate ? _host.Clock.Date(Core.Now) : null);

    // Between looks at whether there is memory again, for a connection whose client may be waiting for that.
    private const int UnreadLook = 500;
    private bool _isUnreadBound;

    private long UnreadLookDeadline => _isUnreadBound ? Core.Now + UnreadLook : long.MaxValue;

    /// <summary>
    /// While memory is near its end the client gets no credit of the connection's window for bodies that nobody has read: only what fits into
    /// one window may be unread then (RFC 9113 §5.2.2).
    /// </summary>
    private void BoundUnreadByMemory()
    {
        var mustBind = _host.Memory.IsNear && (Exchanges.Incoming > 0 || _isUnreadBound);
        if (mustBind == _isUnreadBound || _phase != Phase.Open)
            return;
        _isUnreadBound = mustBind;
        var connection = _host.Options.Connection;
        Core.BoundUnread(mustBind ? connection.InitialConnectionWindow : connection.MaxUnreadPerConnection);
    }

    /// <summary>At the end of a run: counts what nobody has read, and sees to it that the server's budget is kept.</summary>
    private void SettleMemory()
    {
        Memory.Settle(_phase == Phase.Closed ? 0 : UnreadOctets + (Info.IsTls ? MemoryBudget.Tls : 0));
        if (_host.Memory.IsFull)
            _host.Relief.Relieve(Core.Now);
    }

    /// <summary>
    /// Even <see cref="Collapse"/> has failed, most likely for want of memory: this connection must not take the process with it. Closing it
    /// is tried again when what was under way has given its memory back.
    /// </summary>
    private void GiveUp()
    {
        CloseTransport();
        Core.Detach();
        if (_ownership.Thread == Environment.CurrentManagedThreadId)
            _ownership.Leave();
        if (_isGone)
            return;
        if (++_closingFailed < ClosingTries)
        {
            Interlocked.Or(ref _wake, (int)Signal.Again);
            return;
        }
        _phase = Phase.Closed;
        _isGone = true;
        _host.Connections.Remove(this);
        _host.Connections.Release();
        _ended.TrySetResult();
    }

    private sealed class EndForMemoryMail : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (connection._phase != Phase.Open)
                return;
            connection.AbortNow(ErrorCode.EnhanceYourCalm);
            // To a client that takes nothing no GOAWAY can be told.
            if (connection._output.IsSending)
                connection.Close(Http2CloseCause.ServerEnded);
        }
    }
}
