using Http2.Pure;

namespace Http2.Shell;

/// <content>
/// Peers that are too slow: bodies that trickle, readers that stall their windows, frames that never end. What is slow on our side, a handler
/// that does not read or has nothing to send, is never held against them.
/// </content>
internal sealed partial class Http2Connection
{
    private List<PacedStream>? _paced;
    private long _paceDue = long.MaxValue;

    // When the frame whose beginning is in the buffer began to come, or -1.
    private long _partialSince = -1;

    /// <summary>How many bodies are on their way, in either direction.</summary>
    internal int WatchedBodies => _paced?.Count ?? 0;

    private long PaceDeadline => Math.Min(_paceDue, PartialDeadline);

    private long PartialDeadline => _partialSince < 0 || _phase != Phase.Open ? long.MaxValue : _partialSince + PartialAllowance();

    private void WatchReceiving(Http2Exchange exchange)
    {
        if (_host.Options.Connection.RequestBodyPace.Rate > 0 && exchange.Method != "CONNECT")
            exchange.ReceivingPace = Watch(exchange, sending: false);
    }

    internal void WatchSending(Http2Exchange exchange)
    {
        if (exchange.SendingPace is null && _host.Options.Connection.ResponseBodyPace.Rate > 0
            && Connection.Queued(in _state, exchange.StreamId) > 0 && exchange.Method != "CONNECT")
            exchange.SendingPace = Watch(exchange, sending: true);
    }

    private PacedStream Watch(Http2Exchange exchange, bool sending)
    {
        _paced ??= [];
        var watched = new PacedStream(exchange, sending, _now) { Place = _paced.Count };
        _paced.Add(watched);
        _paceDue = Math.Min(_paceDue, watched.Due(LimitOf(watched)));
        return watched;
    }

    private PaceLimit LimitOf(PacedStream stream) =>
        stream.Sending ? _host.Options.Connection.ResponseBodyPace : _host.Options.Connection.RequestBodyPace;

    private void JudgePace()
    {
        if (_now >= PartialDeadline)
        {
            Log.FrameTooSlow(_host.Logger, Info.Id);
            _closing.Note(Http2CloseCause.ClientTooSlow);
            AbortNow(ErrorCode.EnhanceYourCalm);
        }
        if (_now < _paceDue || _paced is null)
            return;
        _paceDue = long.MaxValue;
        // Backwards: a stream that is reset takes itself out, and one that was judged comes to its place.
        for (var i = _paced.Count - 1; i >= 0; i--)
        {
            var stream = _paced[i];
            var limit = LimitOf(stream);
            if (!IsPeersTurn(stream))
                stream.Forgive(_now);
            else if (stream.IsTooSlow(limit, _now))
            {
                Log.BodyTooSlow(_host.Logger, Info.Id, stream.Exchange.StreamId, stream.Sending ? "takes" : "sends");
                ResetNow(
                    stream.Exchange, stream.Sending ? ErrorCode.Cancel : ErrorCode.EnhanceYourCalm, Http2CloseCause.ClientTooSlow);
            }
            _paceDue = Math.Min(_paceDue, stream.Due(limit));
        }
    }

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

    // A request's body waits for the handler as long as octets are not consumed: the peer may have no credit left. A response that waits for
    // the transport and not for a window is the send deadline's business.
    private bool IsPeersTurn(PacedStream stream) =>
        stream.Sending ? !_sending : Connection.Unconsumed(in _state, stream.Exchange.StreamId) == 0;

    private void NotePartialFrame(bool isPartial, bool hasMoved)
    {
        if (!isPartial)
            _partialSince = -1;
        else if (_partialSince < 0 || hasMoved)
            _partialSince = _now;
    }

    // DATA may be long and the line slow; every other frame is short.
    private long PartialAllowance()
    {
        var options = _host.Options.Connection;
        var frame = _buffer.AsSpan(_start, _end - _start);
        if (frame.Length < FrameHeader.Size || options.RequestBodyPace.Rate == 0)
            return options.FrameTimeout;
        var header = FrameHeader.Parse(frame);
        return header.Type == FrameType.Data ? options.FrameTimeout + header.Length * 1000L / options.RequestBodyPace.Rate : options.FrameTimeout;
    }
}
