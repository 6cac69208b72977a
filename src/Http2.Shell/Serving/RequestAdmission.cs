using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// From requests to the exchanges that handle them: some must wait, some are turned away, some are refused, and some are being made by a
/// constructor that does not come back. Belongs to the connection's owner.
/// </summary>
/// <param name="role">The server's end of the connection.</param>
/// <param name="origins">What requests may be for; null where nothing is known of that, or where it does not matter.</param>
internal sealed class RequestAdmission(ServingRole role, OriginCheck? origins)
{
    // A client that is told to come back later is told so in seconds (RFC 9110 §10.2.3).
    private static readonly Http2Headers RetryLater = Http2Headers.Of([("retry-after", "1")]);

    private readonly Http2Connection _connection = role.Connection;
    private PendingHandlers? _pendingHandlers;

    // Requests that wait since handlers of streams that were reset still work; most connections never have any.
    private WaitingRequests? _waiting;

    // The request that was taken last from those that wait: when its event is delivered again it must not wait once more.
    private StreamId _waited;

    /// <summary>Whether constructors have not come back.</summary>
    public bool HasPendingHandlers => _pendingHandlers is { IsEmpty: false };

    /// <summary>How many requests wait. Any thread.</summary>
    public int Waiting => Volatile.Read(ref _waiting)?.Count ?? 0;

    /// <summary>Delivers a request, or the rest of it.</summary>
    /// <returns>False when a callback was left behind.</returns>
    public bool OnRequest(ConnectionEvent.RequestReceived request)
    {
        var events = _connection.Events;
        if (events.Part == 0)
        {
            // A handler whose constructor was left behind has been admitted before the event is delivered again.
            if (_pendingHandlers is null || _connection.Exchanges.Find(request.Id) is null)
            {
                if (TurnAway(request) || MustWait(request))
                    return true;
                if (!Make(request))
                    return false;
            }
        }
        if (events.Part > 2 || _connection.Exchanges.Find(request.Id) is not Http2Exchange exchange)
            return true;
        if (events.Part < 2)
        {
            events.Part = 2;
            if (!role.Calls.TellHeaders(exchange, request.EndStream))
                return false;
        }
        if (!request.EndStream)
            return true;
        events.Part = 3;
        return _connection.Streams.EndBody(exchange);
    }

    /// <summary>Begins the requests that need wait no longer: each is delivered now, with what has come for it since.</summary>
    /// <returns>False when a callback was left behind.</returns>
    public bool BeginWaiting()
    {
        var exchanges = _connection.Exchanges;
        while (_waiting is { Count: > 0 } && _connection.End.IsOpen
            && _waiting.TryTake(exchanges.Count, exchanges.Outliving, out var entry))
        {
            _waited = entry.Request.Id;
            _connection.Core.Events.Add(entry.Request);
            _connection.Core.Events.AddRange(entry.Later);
            if (!_connection.Events.DeliverAll())
                return false;
        }
        return true;
    }

    /// <summary>Keeps what comes for a request that waits.</summary>
    /// <returns>Whether the request waits.</returns>
    public bool TryKeep(StreamId id, ConnectionEvent happened) => _waiting?.TryKeep(id, happened) == true;

    /// <summary>Keeps an event of a stream whose handler is being made by a constructor that was left behind.</summary>
    /// <returns>Whether it was kept; false when no handler of its stream is being made.</returns>
    public bool TryKeepForPendingHandler(ConnectionEvent happened) =>
        _pendingHandlers is { IsEmpty: false } pending && pending.TryKeep(happened);

    /// <summary>A stream was closed while its request waited: no handler will hear of it.</summary>
    public void Forget(StreamId id) => _waiting?.Remove(id);

    /// <summary>All streams were closed: no handler will hear of the requests that waited.</summary>
    public void ForgetAll() => _waiting?.Clear();

    /// <summary>A constructor was left behind.</summary>
    public void BeginPendingHandler(ConnectionEvent.RequestReceived request)
    {
        (_pendingHandlers ??= new PendingHandlers()).Begin(request);
        // The whole event is delivered again once the handler is there.
        _connection.Events.SkipRest();
        _connection.Host.Resources.UserWorkBegan();
    }

    private bool MustWait(ConnectionEvent.RequestReceived request)
    {
        var exchanges = _connection.Exchanges;
        if (exchanges.Outliving == 0 || request.Id == _waited)
            return false;
        _waiting ??= new WaitingRequests(_connection.Host.Limits.Connection.MaxConcurrentStreams);
        if (!_waiting.MustWait(exchanges.Count, exchanges.Outliving))
            return false;
        _waiting.Add(request);
        return true;
    }

    /// <summary>
    /// Turns a request away when there is no thread or no memory for it. While handlers hold every thread of the server, it is answered with
    /// 503. While memory is short, a connection that holds more than its share of it gets no new stream: RST_STREAM with REFUSED_STREAM tells
    /// the client that it may send the request again once others of its own have ended (RFC 9113 §8.7). Connections that hold little are not
    /// what memory is spent on, so their requests are served until no memory is left for anybody; then they are answered with 503 too.
    /// </summary>
    /// <returns>Whether the request was turned away.</returns>
    private bool TurnAway(ConnectionEvent.RequestReceived request)
    {
        if (StandbyRuns.AreHere)
        {
            ServerLog.NoThreadForRequests(role.Host);
            RefuseBusy(request);
            return true;
        }
        var host = _connection.Host;
        if (!host.Memory.IsShort)
            return false;
        if (_connection.Memory.Held > host.Relief.FairShare)
            _connection.Core.SubmitReset(request.Id, ErrorCode.RefusedStream);
        else if (host.Memory.TurnsAway)
            RefuseBusy(request);
        else
            return false;
        return true;
    }

    private void RefuseBusy(ConnectionEvent.RequestReceived request)
    {
        _connection.Core.SubmitResponse(request.Id, BusyHead(role), default, endStream: true);
        if (!request.EndStream)
            _connection.Unread.Leave(request.Id);
    }

    /// <summary>The head of a 503 that says to come back later.</summary>
    public static OutboundHead BusyHead(ServingRole role) =>
        new(503, RetryLater.Plan(role.Host.Server).Fields, 0, role.Responder.DateNow());

    /// <summary>Makes what handles a request.</summary>
    /// <returns>False when the constructor was left behind.</returns>
    private bool Make(ConnectionEvent.RequestReceived request)
    {
        _connection.Info.CountStream();
        if (RefusalOf(request) is { } refused)
        {
            Admit(refused, request);
            return true;
        }
        if (role.Host.HasDelegate)
        {
            // The exchange of a delegate is made by the server itself, so no user code is called.
            Admit(role.Host.Exchanges(), request);
            return true;
        }
        Http2Exchange? exchange = null;
        Exception? failure = null;
        var call = _connection.Owner.BeginCall(request);
        try
        {
            exchange = Unused(role.Host.Exchanges());
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
        if (!_connection.Owner.EndCall(call))
        {
            _connection.Owner.PostQuietly(new PendingHandlerTask(this, request, exchange, failure));
            return false;
        }
        Admit(exchange, request, failure);
        return true;
    }

    private static Http2Exchange Unused(Http2Exchange? made)
    {
        if (made is null)
            throw new InvalidOperationException("The factory of handlers returned null; it must make a handler for each stream.");
        return !made.IsAttached
            ? made
            : throw new InvalidOperationException("The factory of handlers returned one that has a stream already; each serves one.");
    }

    /// <summary>What answers a request that no handler is to hear of, or null.</summary>
    private RefusedExchange? RefusalOf(ConnectionEvent.RequestReceived request)
    {
        var head = request.Head;
        // RFC 9113 §8.5: only CONNECT has no scheme. Handlers that look at the path alone would answer it with 200, which opens a tunnel.
        if (!head.HasScheme)
            return role.Host.Options.AllowConnect ? null : new RefusedExchange(RefusedExchange.NoTunnels);
        if (origins is null || origins.Accepts(head.Scheme, in head))
            return null;
        ServerLog.Misdirected(_connection.Host.Logger, _connection.Info.Id, request.Id);
        return new RefusedExchange(RefusedExchange.Misdirected);
    }

    private void Admit(Http2Exchange? exchange, ConnectionEvent.RequestReceived request, Exception? failure)
    {
        if (exchange is not null)
        {
            Admit(exchange, request);
            return;
        }
        // Nothing could be made that handles the request; a stand-in takes its place until the failure is answered.
        var standIn = new RefusedExchange();
        Admit(standIn, request);
        role.Failures.Fault(standIn, "the making", failure!);
    }

    private void Admit(Http2Exchange exchange, ConnectionEvent.RequestReceived request)
    {
        exchange.Attach(_connection, request);
        _connection.Exchanges.Add(exchange);
        if (request.EndStream)
            return;
        _connection.Streams.BeginIncoming(exchange);
        if (role.DefaultBodyLimit(exchange) is { } most)
            exchange.LimitBody(most);
        if (Expectation.IsContinue(request.Head))
            exchange.Gate = new ContinueGate(exchange);
        _connection.SlowPeers.WatchReceiving(exchange);
    }

    /// <summary>A constructor that was left behind has returned.</summary>
    private sealed class PendingHandlerTask(
        RequestAdmission admission, ConnectionEvent.RequestReceived request, Http2Exchange? handler, Exception? failure) : OwnerTask
    {
        public override void Run()
        {
            var connection = admission._connection;
            connection.Host.Resources.UserWorkEnded();
            // Before all that is to be delivered: the end of the stream may be among that already.
            connection.Events.DeliverNext(admission._pendingHandlers!.End(request.Id));
            admission.Admit(handler, request, failure);
        }
    }
}
