using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Streams whose sending side is complete before the peer's body came, and whose body nobody will read. What is on its way is still judged and
/// thrown away for a moment, since a reset would hide the answer from some peers and the peer's faults from its author; a peer that
/// goes on sending is then told to stop, without blame (RFC 9113 §8.1). Belongs to the connection's owner.
/// </summary>
/// <param name="core">The core, which resets.</param>
/// <param name="limits">How much, and how long.</param>
internal sealed class UnreadBodies(CoreSession core, EngineLimits limits)
{
    // In the order of their deadlines, as the delay is the same for all.
    private Queue<(long At, Http2Stream Stream)>? _waiting;

    /// <summary>When <see cref="ResetLate"/> has something to do.</summary>
    public long Due => _waiting is not null && _waiting.TryPeek(out var first) ? first.At : long.MaxValue;

    /// <summary>Notes when all of a stream's answer is out before its body has come, and gives the rest of an unread one its time.</summary>
    public void Look(Http2Stream stream)
    {
        if (!stream.ExpectsBody || stream.IsUnread || stream.IsClosed || !stream.IsAnswered
            || stream.Pump is { HasEnded: false } || core.Queued(stream.StreamId) > 0)
            return;
        stream.IsSent = true;
        if (!stream.IsAbandoned)
            return;
        stream.IsUnread = true;
        (_waiting ??= new()).Enqueue((core.Now + limits.UnreadBodyTimeout, stream));
    }

    /// <summary>Counts what came for an unread body of <see cref="Look"/>; one that goes on for too long is stopped before its time.</summary>
    public void Count(Http2Stream stream, int octets)
    {
        stream.UnreadOctets += octets;
        if (stream.UnreadOctets > limits.MaxUnreadBody)
            stream.ResetAsOwner(core, ErrorCode.NoError, Http2CloseCause.RequestUnread);
    }

    /// <summary>Stops those whose time is over.</summary>
    public void ResetLate()
    {
        while (Due <= core.Now)
        {
            var (_, stream) = _waiting!.Dequeue();
            if (!stream.IsClosed)
                stream.ResetAsOwner(core, ErrorCode.NoError, Http2CloseCause.RequestUnread);
        }
    }
}
