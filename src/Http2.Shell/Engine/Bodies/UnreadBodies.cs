using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Streams whose sending side is complete before the peer's body came. The rest of a body that nobody will read is thrown away; a peer that
/// goes on sending is told to stop, without blame (RFC 9113 §8.1). Belongs to the connection's owner.
/// </summary>
/// <remarks>
/// Clients differ in how they take an early answer, and curl 7.88 decides what works for all. When it finds an answer and RST_STREAM in one
/// read, it loses the answer: so a PING follows the answer, and the stream is reset when the PING is acknowledged. When it stops sending over an
/// error status, or has sent all behind an answer that it has read, it waits for octets before it sees that the stream is complete: so there is
/// always something sent behind the end of its body. When it is reset behind a successful status, it fails: so the rest is then received as
/// long as it comes.
/// </remarks>
/// <param name="core">The core, which asks and resets.</param>
/// <param name="limits">How much, and how long.</param>
internal sealed class UnreadBodies(CoreSession core, EngineLimits limits)
{
    /// <summary>The octets of the PING that follows an answer: "answered" in ASCII.</summary>
    public const ulong Question = 0x616e737765726564;

    // Answered since the last write: most of their bodies are there before the answer is sent.
    private readonly List<Entry> _fresh = [];

    // Each in the order of their deadlines, as the delay is the same for all.
    private readonly Queue<Entry> _asked = [];
    private readonly Queue<Entry> _received = [];

    // One PING at a time: a peer that acknowledges none must not make us keep many. Streams wait for the PING of their round or a later one.
    private int _round;
    private bool _isAsked;
    private bool _mustAsk;
    private bool _mustWake;

    /// <summary>When <see cref="ResetLate"/> has something to do.</summary>
    public long Due => Math.Min(DueOf(_asked), DueOf(_received));

    /// <summary>Notes when all of a stream's answer is out before its body has come, and gives the rest of an unread one its time.</summary>
    public void Look(Http2Stream stream)
    {
        if (!stream.ExpectsBody || stream.IsUnread || stream.IsClosed || !stream.IsAnswered
            || stream.Pump is { HasEnded: false } || core.Queued(stream.StreamId) > 0)
            return;
        stream.IsSent = true;
        // whoever may still read it does not ask for it any more
        if (!stream.IsAbandoned && !stream.IsBodyHeldBack)
            return;
        stream.IsUnread = true;
        if (stream.Succeeds)
            stream.LeaveBody();
        _fresh.Add(new(stream.StreamId, stream));
    }

    /// <summary>Gives the rest of a body its time whose request was answered with an error although nothing handles it.</summary>
    public void Leave(StreamId id) => _fresh.Add(new(id, Stream: null));

    /// <summary>Counts what came for an unread body of <see cref="Look"/>.</summary>
    /// <returns>Whether credit may be given for it: beyond the limit a peer that was told of an error is left to its window.</returns>
    public bool Count(Http2Stream stream, int octets)
    {
        stream.UnreadOctets += octets;
        return stream.Succeeds || stream.UnreadOctets <= limits.MaxUnreadBody;
    }

    /// <summary>The peer has ended a body behind an answer that may be out.</summary>
    public void Ended(Http2Stream stream) => _mustWake |= stream.IsSent && (!stream.IsUnread || stream.Succeeds);

    /// <summary>The output is about to be sent: asks whether the answers have arrived whose bodies have not.</summary>
    public void BeforeWrite()
    {
        foreach (var entry in _fresh)
            Wait(entry);
        _fresh.Clear();
        if (_isAsked)
            return;
        // whatever is sent wakes the peer
        var asks = _mustAsk || (_mustWake && core.Output.Length == 0);
        _mustAsk = _mustWake = false;
        if (!asks)
            return;
        core.SubmitPing(Question);
        _isAsked = true;
        _round++;
    }

    /// <summary>The PING was acknowledged: what was sent before it has been read.</summary>
    public void OnAcknowledged()
    {
        _isAsked = false;
        while (_asked.TryPeek(out var first) && first.Round < _round)
            Reset(_asked.Dequeue());
    }

    /// <summary>Stops those whose time is over.</summary>
    public void ResetLate()
    {
        while (DueOf(_asked) <= core.Now)
            Reset(_asked.Dequeue());
        while (DueOf(_received) <= core.Now)
        {
            var entry = _received.Dequeue();
            if (entry.Stream!.UnreadOctets > entry.Octets)
                Wait(entry);
            else
                Reset(entry);
        }
    }

    private static long DueOf(Queue<Entry> waiting) => waiting.TryPeek(out var first) ? first.At : long.MaxValue;

    private void Wait(Entry entry)
    {
        if (entry.Stream is { IsClosed: true })
            return;
        entry = entry with { At = core.Now + limits.UnreadBodyTimeout, Round = _round, Octets = entry.Stream?.UnreadOctets ?? 0 };
        if (entry.Stream is { Succeeds: true })
        {
            _received.Enqueue(entry);
            return;
        }
        _asked.Enqueue(entry);
        _mustAsk = true;
    }

    private void Reset(Entry entry)
    {
        if (entry.Stream is not { } stream)
            core.SubmitReset(entry.Id, ErrorCode.NoError);
        else if (!stream.IsClosed)
            stream.ResetAsOwner(core, ErrorCode.NoError, Http2CloseCause.BodyUnread);
    }

    private readonly record struct Entry(StreamId Id, Http2Stream? Stream)
    {
        public long At { get; init; }

        public int Round { get; init; }

        public long Octets { get; init; }
    }
}
