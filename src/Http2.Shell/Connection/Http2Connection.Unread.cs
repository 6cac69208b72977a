using Http2.Pure;

namespace Http2.Shell;

/// <content>
/// Requests that were answered completely before their body came, and whose body nobody will read. What is on its way is still judged and
/// thrown away for a moment, since a reset would hide the answer from some clients and the client's faults from its author; a client that
/// goes on sending is then told to stop, without blame (RFC 9113 §8.1).
/// </content>
internal sealed partial class Http2Connection
{
    // In the order of their deadlines, as the delay is the same for all.
    private Queue<(long At, Http2Exchange Exchange)>? _unread;

    private long UnreadDeadline => _unread is not null && _unread.TryPeek(out var first) ? first.At : long.MaxValue;

    /// <summary>Notes when all of a response is out before its request has ended, and gives the rest of an unread one its time.</summary>
    internal void EndUnreadRequest(Http2Exchange exchange)
    {
        if (!exchange.ExpectsBody || exchange.IsUnread || exchange.IsClosed || !exchange.IsAnswered
            || exchange.Pump is { HasEnded: false } || Core.Queued(exchange.StreamId) > 0)
            return;
        exchange.IsSent = true;
        if (!exchange.IsAbandoned)
            return;
        exchange.IsUnread = true;
        (_unread ??= new()).Enqueue((Core.Now + (long)_host.Options.UnreadBodyTimeout.TotalMilliseconds, exchange));
    }

    /// <summary>Counts what came for an unread request; one that goes on for too long is stopped before its time.</summary>
    private void CountUnread(Http2Exchange exchange, int octets)
    {
        if (!exchange.IsUnread)
            return;
        exchange.UnreadOctets += octets;
        if (exchange.UnreadOctets > _host.Options.MaxUnreadBody)
            ResetNow(exchange, ErrorCode.NoError, Http2CloseCause.RequestUnread);
    }

    private void EndUnreadRequests()
    {
        while (UnreadDeadline <= Core.Now)
        {
            var (_, exchange) = _unread!.Dequeue();
            if (!exchange.IsClosed)
                ResetNow(exchange, ErrorCode.NoError, Http2CloseCause.RequestUnread);
        }
    }
}
