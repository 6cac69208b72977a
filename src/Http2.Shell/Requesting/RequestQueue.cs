using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Opens streams for requests, in the order in which they were given. When the server allows no more streams (RFC 9113 §5.1.2) they wait here for
/// others to end. Belongs to the connection's owner.
/// </summary>
/// <param name="role">The client's end of the connection.</param>
internal sealed class RequestQueue(RequestingRole role)
{
    // As long as the server's SETTINGS have not come, more than this many might be refused.
    private const int StreamsAtFirst = 100;

    private readonly Http2Connection _connection = role.Connection;

    // Made when a request has to wait; those that were given up are left in it until their turn.
    private Queue<Http2ClientExchange>? _waiting;
    private int _waitingCount;
    private bool _knowsLimit;
    private int _announced;

    /// <summary>How many requests wait. Any thread.</summary>
    public int Waiting => Volatile.Read(ref _waitingCount);

    /// <summary>How many requests have streams that are open. Any thread; from another one a value of a moment ago.</summary>
    public int Open { get; private set; }

    /// <summary>Requests that have streams, that wait for one, and that are on their way here. Any thread; a value of a moment ago.</summary>
    public int Load => Open + Waiting + Volatile.Read(ref _announced);

    /// <summary>A request is on its way here. Any thread.</summary>
    public void Announce() => Interlocked.Increment(ref _announced);

    /// <summary>A request that was announced is here.</summary>
    public void Arrive() => Interlocked.Decrement(ref _announced);

    /// <summary>Opens a stream for a request, or has it wait.</summary>
    public void Add(Http2ClientExchange exchange)
    {
        // It was given up before it came here.
        if (exchange.IsClosed || (Waiting == 0 && TryOpen(exchange)))
            return;
        (_waiting ??= new()).Enqueue(exchange);
        exchange.IsQueued = true;
        Volatile.Write(ref _waitingCount, _waitingCount + 1);
    }

    /// <summary>How many streams the server allows as far as is known. Any thread.</summary>
    public long Limit { get; private set; } = StreamsAtFirst;

    /// <summary>The server has said how many streams it takes (RFC 9113 §6.5.2).</summary>
    public void LearnLimit()
    {
        _knowsLimit = true;
        Limit = uint.MaxValue;
        foreach (var setting in _connection.Info.PeerSettings)
        {
            if (setting.Id == SettingId.MaxConcurrentStreams)
                Limit = setting.Value;
        }
    }

    /// <summary>Opens streams for requests that wait, as far as there are places.</summary>
    public void OpenWaiting()
    {
        while (_waiting is not null && _waiting.TryPeek(out var first))
        {
            if (first.IsQueued && !TryOpen(first))
                return;
            _waiting.Dequeue();
            Leave(first);
        }
    }

    /// <summary>A stream that this end opened is closed.</summary>
    public void OnClosed() => Open--;

    /// <summary>A request that has no stream is not wanted any more.</summary>
    public void GiveUp(Http2ClientExchange exchange, Http2CloseReason reason)
    {
        if (exchange.IsClosed)
            return;
        Leave(exchange);
        Fail(exchange, exchange.Failure ?? StreamFailure.Of(reason));
    }

    /// <summary>No stream is opened any more: whoever waits is told that its request was not sent.</summary>
    public void FailAll(string why)
    {
        var waiting = _waiting;
        _waiting = null;
        Volatile.Write(ref _waitingCount, 0);
        foreach (var exchange in waiting ?? [])
        {
            if (exchange.IsQueued)
                Fail(exchange, StreamFailure.NotSent(why));
        }
    }

    private void Leave(Http2ClientExchange exchange)
    {
        if (!exchange.IsQueued)
            return;
        exchange.IsQueued = false;
        Volatile.Write(ref _waitingCount, _waitingCount - 1);
    }

    // False when there is no place.
    private bool TryOpen(Http2ClientExchange exchange)
    {
        if (!_knowsLimit && Open >= StreamsAtFirst)
            return false;
        try
        {
            var refusal = Submit(exchange);
            if (refusal == Refusal.TooManyStreams)
                return false;
            if (refusal == Refusal.GoingAway)
                Fail(exchange, StreamFailure.NotSent("the connection is going away"));
            else if (refusal != Refusal.None)
                Fail(exchange, RefusalText.Exception(refusal));
        }
        catch (Exception failure)
        {
            // Its body cannot be opened, or does not have the length that its fields declare.
            Fail(exchange, failure);
        }
        return true;
    }

    private Refusal Submit(Http2ClientExchange exchange)
    {
        var request = exchange.Request;
        var (core, body) = (_connection.Core, request.Body);
        if (_connection.End is { IsOpen: false })
            return Refusal.GoingAway;
        var endStream = !request.IsTunnel && body is null or FixedBody { Length: 0 } && request is { TrailersBeforeBody: null, TrailersAfterBody: null };
        var length = BodyLengthOf(request);
        var refusal = core.SubmitRequest(request.FieldsFor(role.Origin), endStream, out var id);
        if (refusal != Refusal.None)
            return refusal;
        exchange.Open(id, core.Now);
        exchange.IsSent = endStream;
        exchange.IsBeingSent = !endStream;
        Open++;
        _connection.Info.CountStream();
        _connection.Exchanges.Add(exchange);
        role.Deadlines.Watch(exchange);
        exchange.DeliverOpened();
        if (endStream)
            return refusal;
        if (body is not null && request.ExpectsContinue)
            role.Deadlines.HoldBody(exchange);
        else
            SendBody(exchange, length);
        return refusal;
    }

    /// <summary>Sends the body that waited for 100 (Continue), unless it was sent or the stream is closed.</summary>
    public void SendHeldBody(Http2ClientExchange exchange)
    {
        if (!exchange.HoldsBody || exchange.IsClosed)
            return;
        exchange.HoldsBody = false;
        SendBody(exchange, BodyLengthOf(exchange.Request));
    }

    private void SendBody(Http2ClientExchange exchange, BodyLength length)
    {
        var request = exchange.Request;
        try
        {
            if (request.Body is not (null or FixedBody))
            {
                _connection.Bodies.SendPumped(
                    exchange, new BodyPump(_connection, exchange, request.Body, length, request.TrailersBeforeBody, request.TrailersAfterBody));
            }
            else if (!request.IsTunnel || request.Body is not null)
            {
                var octets = (request.Body as FixedBody)?.Octets ?? default;
                var refusal = _connection.Bodies.SendFixed(exchange, octets, request.TrailersBeforeBody);
                if (refusal is not (Refusal.None or Refusal.StreamClosed))
                    throw RefusalText.Exception(refusal);
                _connection.Streams.WatchSending(exchange);
            }
        }
        catch (Exception failure)
        {
            // The head is out, so the request must not look complete.
            exchange.Failure = failure;
            exchange.ResetAsOwner(_connection.Core, ErrorCode.Cancel, Http2CloseCause.ApplicationFailed);
        }
    }

    private static BodyLength BodyLengthOf(Http2ClientRequest request)
    {
        var plan = request.Headers.Plan(null);
        if (plan.HasContentLength && request.Body is { Length: >= 0 and var length } && length != plan.ContentLength)
            throw BodyLength.Mismatch(plan.ContentLength, $"the body has {length}");
        return new BodyLength(plan.HasContentLength ? plan.ContentLength : request.Body?.Length ?? 0);
    }

    // It never had a stream, so nobody but this tells it.
    private void Fail(Http2ClientExchange exchange, Exception failure)
    {
        exchange.Failure = failure;
        exchange.MarkClosed(new Http2CloseReason(Http2CloseCause.Ended, ErrorCode.Cancel), aborted: true);
        try
        {
            exchange.Request.Body?.Discard();
        }
        catch (Exception second)
        {
            Log.BodyFailed(_connection.Host.Logger, _connection.Info.Id, exchange.StreamId, second);
        }
        _connection.Events.AddWork(new FailedWork(exchange, failure));
    }

    /// <summary>Tells a request that got no stream, which may call user code.</summary>
    private sealed class FailedWork(Http2ClientExchange exchange, Exception failure) : IUserWork
    {
        public bool Run() => exchange.DeliverClosed(ErrorCode.Cancel, failure);
    }
}
