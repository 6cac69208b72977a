using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// How long responses, and 100 (Continue), may take. All open streams are looked at together, seldom, so that a request that is answered in time
/// costs nothing. Belongs to the connection's owner.
/// </summary>
/// <param name="role">The client's end of the connection.</param>
internal sealed class RequestDeadlines(RequestingRole role)
{
    // As long as a request is on its way it is looked at so many times within the timeout, since the time for the response begins with the look that
    // finds the request sent: it is never shorter than the timeout, and longer by this part of it at most.
    private const int Looks = 8;

    private readonly Http2Connection _connection = role.Connection;
    private readonly long _responseTimeout = role.Host.Options.ResponseTimeout == Timeout.InfiniteTimeSpan
        ? long.MaxValue
        : (long)role.Host.Options.ResponseTimeout.TotalMilliseconds;

    private readonly long _continueTimeout = (long)role.Host.Options.ExpectContinueTimeout.TotalMilliseconds;

    // In the order of their deadlines, as the delay is the same for all.
    private Queue<(long At, Http2ClientExchange Exchange)>? _held;
    private long _nextLook = long.MaxValue;

    /// <summary>When <see cref="Judge"/> has something to do.</summary>
    public long Due => Math.Min(_nextLook, _held is not null && _held.TryPeek(out var first) ? first.At : long.MaxValue);

    /// <summary>A stream was opened, and its response is waited for.</summary>
    public void Watch(Http2ClientExchange exchange)
    {
        if (_responseTimeout != long.MaxValue)
            LookAgain(_connection.Core.Now + (exchange.IsBeingSent ? _responseTimeout / Looks : _responseTimeout));
    }

    /// <summary>The body of a request is sent when 100 (Continue) comes, or after a while.</summary>
    public void HoldBody(Http2ClientExchange exchange)
    {
        exchange.HoldsBody = true;
        (_held ??= new()).Enqueue((_connection.Core.Now + _continueTimeout, exchange));
    }

    /// <summary>Looks which of them are over.</summary>
    public void Judge()
    {
        var now = _connection.Core.Now;
        while (_held is not null && _held.TryPeek(out var first) && first.At <= now)
        {
            _held.Dequeue();
            role.Queue.SendHeldBody(first.Exchange);
        }
        if (now >= _nextLook)
            JudgeResponses(now);
    }

    private void JudgeResponses(long now)
    {
        List<Http2ClientExchange>? late = null;
        _nextLook = long.MaxValue;
        foreach (var stream in _connection.Exchanges.All)
        {
            var exchange = (Http2ClientExchange)stream;
            if (exchange.HasResponse || exchange.IsClosed || exchange.IsPushed || exchange.IsTunnel)
                continue;
            if (exchange.IsBeingSent)
            {
                // As long as the body is on its way nothing is owed.
                exchange.Open(exchange.StreamId, now);
                exchange.IsBeingSent = exchange.HoldsBody || exchange.Pump is { HasEnded: false } || _connection.Core.Queued(exchange.StreamId) > 0;
            }
            var due = exchange.OpenedAt(now) + _responseTimeout;
            if (now >= due)
                (late ??= []).Add(exchange);
            else
                LookAgain(exchange.IsBeingSent ? now + Math.Max(_responseTimeout / Looks, 1) : due);
        }
        foreach (var exchange in late ?? [])
        {
            exchange.Failure = new TimeoutException(
                $"The server sent no response within {role.Host.Options.ResponseTimeout} ({nameof(Http2ClientOptions.ResponseTimeout)}).");
            exchange.ResetAsOwner(_connection.Core, ErrorCode.Cancel, Http2CloseCause.PeerTooSlow);
        }
    }

    private void LookAgain(long at) => _nextLook = Math.Min(_nextLook, at);
}
