using Http2.Pure;

namespace Http2.Shell;

/// <content>
/// Peers that are too slow: bodies that trickle, readers that stall their windows, frames that never end. What is slow on our side, a handler
/// that does not read or has nothing to send, is never held against them; nor is what the network has not delivered yet.
/// </content>
internal sealed partial class Http2Connection
{
    // "going on" in ASCII
    private const ulong PacePing = 0x676f696e67206f6e;

    // What an octet of an unfinished frame is worth where requests owe no pace.
    private const int DefaultFrameRate = 240;

    private List<PacedStream>? _paced;
    private long _paceDue = long.MaxValue;

    /// <summary>How many bodies are on their way, in either direction.</summary>
    internal int WatchedBodies => _paced?.Count ?? 0;

    /// <summary>Octets that have come of a frame that is not whole; from another thread a value of a moment ago.</summary>
    internal int Incomplete => _input.Length;

    private long PaceDeadline => Math.Min(_paceDue, PartialDeadline);

    private long PartialDeadline => _input.PartialSince < 0 || _phase != Phase.Open ? long.MaxValue : _input.PartialSince + PartialAllowance();

    /// <summary>What a request's body owes unless its exchange says otherwise; null for nothing.</summary>
    internal PaceLimit? RequestBodyPace => Asked(_host.Options.Connection.RequestBodyPace);

    /// <summary>The time of the clock that deadlines are judged by, in milliseconds. Any thread.</summary>
    internal long Now => _host.Clock.At(_host.Clock.Timestamp);

    /// <summary>The exchange was given a pace of its own. Any thread.</summary>
    internal void ChangePace(Http2Exchange exchange)
    {
        var turn = _ownership.TryTurn();
        if (!turn.IsTaken)
        {
            if (!exchange.IsClosed)
                Post(new PaceMail(exchange));
            return;
        }
        try
        {
            ChangePaceNow(exchange);
        }
        finally
        {
            _ownership.End(turn);
        }
    }

    // A request that is answered owes nothing: what is said in both directions at once is said when there is something to say. Nor does one
    // whose client waits for 100 (Continue).
    private void WatchReceiving(Http2Exchange exchange)
    {
        if (exchange is { ExpectsBody: true, IsAnswered: false, IsClosed: false, ReceivingPace: null, Gate: null or { IsPassed: true } }
            && exchange.BodyPace is not null && exchange.Method != "CONNECT")
            exchange.ReceivingPace = Watch(exchange, sending: false);
    }

    private void ChangePaceNow(Http2Exchange exchange)
    {
        Unwatch(exchange.ReceivingPace);
        WatchReceiving(exchange);
    }

    internal void WatchSending(Http2Exchange exchange)
    {
        if (exchange.SendingPace is null && _host.Options.Connection.ResponseBodyPace.Rate > 0
            && Core.Queued(exchange.StreamId) > 0 && exchange.Method != "CONNECT")
            exchange.SendingPace = Watch(exchange, sending: true);
    }

    private PacedStream Watch(Http2Exchange exchange, bool sending)
    {
        _paced ??= [];
        // A response's body comes in parts, and what was taken of the parts before counts.
        var watched = sending ? exchange.PastPace ??= new PacedStream(exchange, sending, Core.Now) : new PacedStream(exchange, sending, Core.Now);
        watched.Forgive(Core.Now);
        watched.Place = _paced.Count;
        _paced.Add(watched);
        _paceDue = Math.Min(_paceDue, watched.Due(LimitOf(watched), Core.Now));
        return watched;
    }

    private static PaceLimit? Asked(PaceLimit limit) => limit.Rate > 0 ? limit : null;

    // The exchange's may be taken away on another thread, whose mail is still to come: nothing is asked for then.
    private PaceLimit LimitOf(PacedStream stream) => stream.Sending
        ? _host.Options.Connection.ResponseBodyPace
        : stream.Exchange.BodyPace ?? _host.Options.Connection.RequestBodyPace with { Rate = 0 };

    private void JudgePace()
    {
        if (Core.Now >= PartialDeadline)
        {
            Log.FrameTooSlow(_host.Logger, Info.Id);
            _closing.Note(Http2CloseCause.ClientTooSlow);
            AbortNow(ErrorCode.EnhanceYourCalm);
        }
        if (Core.Now < _paceDue || _paced is null)
            return;
        _paceDue = long.MaxValue;
        // Backwards: a stream that is reset takes itself out, and one that was judged comes to its place.
        for (var i = _paced.Count - 1; i >= 0; i--)
        {
            var stream = _paced[i];
            Judge(stream, LimitOf(stream));
            _paceDue = Math.Min(_paceDue, stream.Due(LimitOf(stream), Core.Now));
        }
    }

    private void Judge(PacedStream stream, PaceLimit limit)
    {
        if (!IsPeersTurn(stream))
        {
            stream.Forgive(Core.Now);
            return;
        }
        // A long frame over a slow line holds up all bodies behind it, its own and others.
        var partial = stream.Sending ? 0 : PartialData();
        if (stream.MustAsk(limit, Core.Now, partial))
            AskWhetherItIsThere();
        if (!stream.IsTooSlow(limit, Core.Now, partial) || IsAway(stream))
            return;
        Log.BodyTooSlow(_host.Logger, Info.Id, stream.Exchange.StreamId, stream.Sending ? "takes" : "sends");
        ResetNow(stream.Exchange, stream.Sending ? ErrorCode.Cancel : ErrorCode.EnhanceYourCalm, Http2CloseCause.ClientTooSlow);
    }

    // Its TCP acknowledges the question, whatever the client does with it; a host that is asleep or out of reach acknowledges nothing.
    private void AskWhetherItIsThere()
    {
        if (_transport.Report().KnowsAcknowledged)
            Core.SubmitPing(PacePing);
    }

    /// <summary>Whether the network keeps the peer from moving: then the deadline for what is sent sees to it.</summary>
    private bool IsAway(PacedStream stream) => stream.Sending ? IsOnItsWay() : _transport.Report().IsUnreachable && IsOnItsWay();

    // A body that is through is forgotten at once: kept until its time it would keep its request, and there may be many a second.
    private void Unwatch(PacedStream? watched)
    {
        if (watched is null)
            return;
        var last = _paced![^1];
        _paced[watched.Place] = last;
        last.Place = watched.Place;
        _paced.RemoveAt(_paced.Count - 1);
        if (watched.Sending)
            watched.Exchange.SendingPace = null;
        else
            watched.Exchange.ReceivingPace = null;
    }

    // A request's body waits for the handler as long as octets are not consumed, and for other handlers while what they have not read holds
    // the connection's window back: the peer may have no credit left. A response that waits for the transport and not for a window is the
    // send deadline's business.
    private bool IsPeersTurn(PacedStream stream) =>
        stream.Sending ? !_output.IsSending : Core.MayPeerSend(stream.Exchange.StreamId);

    private int PartialData()
    {
        var frame = _input.PartialSince < 0 ? default : _input.Octets.Span;
        return frame.Length > FrameHeader.Size && FrameHeader.Parse(frame).Type == FrameType.Data ? frame.Length - FrameHeader.Size : 0;
    }

    // A frame may be long and the line slow, so what has come of it earns time for the rest; its length alone earns none.
    private long PartialAllowance()
    {
        var rate = RequestBodyPace?.Rate ?? DefaultFrameRate;
        return _host.Options.Connection.FrameTimeout + _input.Length * 1000L / rate;
    }

    private sealed class PaceMail(Http2Exchange exchange) : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (!exchange.IsClosed)
                connection.ChangePaceNow(exchange);
        }
    }
}
