using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Peers that are too slow: bodies that trickle, readers that stall their windows, frames that never end. What is slow on this side, somebody
/// who does not read or has nothing to send, is never held against them; nor is what the network has not delivered yet. Belongs to the
/// connection's owner.
/// </summary>
/// <param name="core">The core, which knows what the windows allow.</param>
/// <param name="input">Where the frame is that is not whole.</param>
/// <param name="output">What sends.</param>
/// <param name="sends">What knows how far the octets have come that were sent.</param>
/// <param name="limits">What is asked of peers.</param>
/// <param name="onTooSlow">Is told of a stream that is to be reset, and why.</param>
internal sealed class SlowPeers(
    CoreSession core, InputBuffer input, OutputWriter output, SendWatch sends, EngineLimits limits, Action<PacedBody> onTooSlow)
{
    // "going on" in ASCII
    private const ulong PacePing = 0x676f696e67206f6e;

    // What an octet of an unfinished frame is worth where bodies owe no pace.
    private const int DefaultFrameRate = 240;

    private List<PacedBody>? _paced;
    private long _paceDue = long.MaxValue;

    /// <summary>How many bodies are on their way, in either direction.</summary>
    public int Watched => _paced?.Count ?? 0;

    /// <summary>When to judge next.</summary>
    public long Due => Math.Min(_paceDue, PartialDue);

    /// <summary>Whether the frame that is not whole takes too long.</summary>
    public bool IsFrameTooSlow => core.Now >= PartialDue;

    // A frame may be long and the line slow, so what has come of it earns time for the rest; its length alone earns none.
    private long PartialDue => input.PartialSince < 0 ? long.MaxValue
        : input.PartialSince + (long)limits.Connection.FrameTimeout.TotalMilliseconds
            + input.Length * 1000L / (limits.IncomingPace.Rate > 0 ? limits.IncomingPace.Rate : DefaultFrameRate);

    /// <summary>Watches a body that comes, if its stream owes a pace now.</summary>
    public void WatchReceiving(Http2Stream stream)
    {
        if (stream.ReceivingPace is null && stream.OwesBody)
            stream.ReceivingPace = Watch(stream, sending: false);
    }

    /// <summary>The stream was given a pace of its own.</summary>
    public void ChangePace(Http2Stream stream)
    {
        if (stream.ReceivingPace is { } watched)
            Unwatch(watched);
        WatchReceiving(stream);
    }

    /// <summary>Watches a body that waits for the peer.</summary>
    public void WatchSending(Http2Stream stream)
    {
        if (stream.SendingPace is null && limits.OutgoingPace.Rate > 0 && !stream.IsTunnel)
            stream.SendingPace = Watch(stream, sending: true);
    }

    /// <summary>A body that is through is forgotten at once: kept until its time it would keep its stream, and there may be many a second.</summary>
    public void Unwatch(PacedBody watched)
    {
        var last = _paced![^1];
        _paced[watched.Place] = last;
        last.Place = watched.Place;
        _paced.RemoveAt(_paced.Count - 1);
        if (watched.Sending)
            watched.Stream.SendingPace = null;
        else
            watched.Stream.ReceivingPace = null;
    }

    /// <summary>Judges all bodies whose time has come.</summary>
    public void Judge()
    {
        if (core.Now < _paceDue || _paced is null)
            return;
        _paceDue = long.MaxValue;
        // Backwards: a reset swaps in the last element, which was judged already.
        for (var i = _paced.Count - 1; i >= 0; i--)
        {
            var stream = _paced[i];
            Judge(stream, LimitOf(stream));
            _paceDue = Math.Min(_paceDue, stream.Due(LimitOf(stream), core.Now));
        }
    }

    private void Judge(PacedBody stream, PaceLimit limit)
    {
        if (!IsPeersTurn(stream))
        {
            stream.Forgive(core.Now);
            return;
        }
        // A long frame over a slow line holds up all bodies behind it, its own and others.
        var partial = stream.Sending ? 0 : PartialData();
        if (stream.MustAsk(limit, core.Now, partial))
            AskWhetherItIsThere();
        if (stream.IsTooSlow(limit, core.Now, partial) && !IsAway(stream))
            onTooSlow(stream);
    }

    private PacedBody Watch(Http2Stream stream, bool sending)
    {
        _paced ??= [];
        // A body that is sent comes in parts, and what was taken of the parts before counts.
        var watched = sending
            ? stream.PastPace ??= new PacedBody(stream, sending, core.Now)
            : new PacedBody(stream, sending, core.Now);
        watched.Forgive(core.Now);
        watched.Place = _paced.Count;
        _paced.Add(watched);
        _paceDue = Math.Min(_paceDue, watched.Due(LimitOf(watched), core.Now));
        return watched;
    }

    // The stream's may be taken away on another thread, whose task is still to come: nothing is asked for then.
    private PaceLimit LimitOf(PacedBody stream) => stream.Sending
        ? limits.OutgoingPace
        : stream.Stream.IncomingPace ?? limits.IncomingPace with { Rate = 0 };

    // Its TCP acknowledges the question, whatever the peer does with it; a host that is asleep or out of reach acknowledges nothing.
    private void AskWhetherItIsThere()
    {
        if (sends.Report().KnowsAcknowledged)
            core.SubmitPing(PacePing);
    }

    // Whether the network keeps the peer from moving: then the deadline for what is sent sees to it.
    private bool IsAway(PacedBody stream) =>
        stream.Sending ? sends.IsOnItsWay() : sends.Report().IsUnreachable && sends.IsOnItsWay();

    // A body that comes waits for its reader as long as octets are not consumed, and for other readers while what they have not read holds
    // the connection's window back: the peer may have no credit left. One that waits for the transport and not for a window is the send
    // deadline's business.
    private bool IsPeersTurn(PacedBody stream) =>
        stream.Sending ? !output.IsSending : core.MayPeerSend(stream.Stream.StreamId, stream.Stream.CreditHeldBack);

    private int PartialData()
    {
        var frame = input.PartialSince < 0 ? default : input.Octets.Span;
        return frame.Length > FrameHeader.Size && FrameHeader.Parse(frame).Type == FrameType.Data ? frame.Length - FrameHeader.Size : 0;
    }
}
