using System.Diagnostics;
using Http2.Pure;

namespace Http2.Shell;

/// <content>From the core's events to the handlers' callbacks.</content>
internal sealed partial class Http2Connection
{
    private readonly ClosingCause _closing = new();

    // Which event is being delivered, and how many of its callbacks were called: an owner who is left behind in one of them leaves the rest.
    private int _event;
    private int _part;

    // What resets have left behind; most connections never have any.
    private WaitingRequests? _waiting;

    // The request that waited last and waits no longer.
    private StreamId _waited;

    /// <summary>
    /// Delivers what the last transition told, and what the handlers' own commands add meanwhile. Commands given inside a callback only
    /// append, so callbacks never nest.
    /// </summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool DeliverEvents()
    {
        var events = Core.Events;
        while (events.Count > 0 || _work is { Count: > 0 })
        {
            for (; _event < events.Count; _event++, _part = 0)
            {
                if (!Deliver(events[_event]))
                    return false;
            }
            events.Clear();
            _event = 0;
            if (!RunWork())
                return false;
        }
        return true;
    }

    /// <summary>
    /// Delivers an event, or the rest of it: <see cref="_part"/> is moved on before each callback, so that none is called twice.
    /// </summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool Deliver(ConnectionEvent happened)
    {
        if (_births is { IsEmpty: false } births && births.TryKeep(happened))
            return true;
        switch (happened)
        {
            case ConnectionEvent.RequestReceived request:
                return OnRequest(request);
            case ConnectionEvent.DataReceived data:
                return OnData(data);
            case ConnectionEvent.DataSent sent:
                return OnDataSent(sent);
            case ConnectionEvent.TrailersReceived trailers:
                return OnTrailers(trailers);
            case ConnectionEvent.StreamClosed closed:
                return OnStreamClosed(closed);
            default:
                Note(happened);
                return true;
        }
    }

    private void Note(ConnectionEvent happened)
    {
        switch (happened)
        {
            case ConnectionEvent.SettingsReceived settings:
                Info.Apply(settings.Settings);
                break;
            case ConnectionEvent.GoAwayReceived goAway:
                Log.GoAway(_host.Logger, Info.Id, goAway.Code, goAway.Debug.ToString());
                break;
            case ConnectionEvent.StreamFaulted stream:
                Log.StreamFault(_host.Logger, Info.Id, stream.Fault.Id, stream.Fault.Code, stream.Fault.Rule);
                break;
            case ConnectionEvent.ConnectionFaulted connection:
                _closing.Note(connection.Fault);
                Log.ConnectionFault(_host.Logger, Info.Id, connection.Fault.Code, connection.Fault.Rule);
                break;
            case ConnectionEvent.SettingsAcknowledged or ConnectionEvent.PingAcknowledged:
                break;
            case ConnectionEvent.InformationalReceived or ConnectionEvent.ResponseReceived or ConnectionEvent.PushPromised:
                throw new UnreachableException("A server got what only clients get.");
            default:
                throw new UnreachableException($"A server got {happened.GetType().Name}.");
        }
    }

    /// <summary>Begins the requests that need wait no longer: each is delivered now, with what has come for it since.</summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool BeginWaiting()
    {
        while (_phase == Phase.Open && _waiting is { Count: > 0 } && _waiting.TryTake(Exchanges.Count, out var entry))
        {
            _waited = entry.Request.Id;
            Core.Events.Add(entry.Request);
            Core.Events.AddRange(entry.Later);
            if (!DeliverEvents())
                return false;
        }
        return true;
    }

    private bool OnRequest(ConnectionEvent.RequestReceived request)
    {
        if (_part == 0 && IsMemoryShort && Exchanges.Find(request.Id) is null && Shed(request))
            return true;
        // A handler whose constructor was left behind has been admitted before the event is delivered again.
        if (_part == 0 && (_births is null || Exchanges.Find(request.Id) is null))
        {
            if (_waiting is { } waiting && request.Id != _waited && waiting.MustWait(Exchanges.Count))
            {
                waiting.Add(request);
                return true;
            }
            _part = 1;
            if (!Make(request))
                return false;
        }
        if (_part > 2 || Exchanges.Find(request.Id) is not { } exchange)
            return true;
        if (_part < 2)
        {
            _part = 2;
            if (!TellHeaders(exchange, request.EndStream))
                return false;
        }
        if (!request.EndStream)
            return true;
        _part = 3;
        return EndRequest(exchange);
    }

    /// <summary>Makes what handles a request.</summary>
    /// <returns>False when the constructor was left behind.</returns>
    private bool Make(ConnectionEvent.RequestReceived request)
    {
        Info.CountStream();
        if (RefusalOf(request) is { } refused)
        {
            Admit(refused, request);
            return true;
        }
        if (_host.HasDelegate)
        {
            // For a delegate that is an object of ours.
            Admit(_host.Exchanges(), request);
            return true;
        }
        Http2Exchange? exchange = null;
        Exception? failure = null;
        var call = BeginCall(request);
        try
        {
            exchange = Unused(_host.Exchanges());
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
        if (!EndCall(call))
        {
            PostQuietly(new BirthMail(request, exchange, failure));
            return false;
        }
        if (exchange is not null)
            Admit(exchange, request);
        else
            FailMaking(request, failure!);
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

    /// <summary>Nothing could be made that handles a request; a stand-in takes its place until the failure is answered.</summary>
    private void FailMaking(ConnectionEvent.RequestReceived request, Exception failure)
    {
        var standIn = new RefusedExchange();
        Admit(standIn, request);
        Fault(standIn, "the making", failure);
    }

    private void Admit(Http2Exchange exchange, ConnectionEvent.RequestReceived request)
    {
        exchange.Attach(this, request);
        Exchanges.Add(exchange);
        if (request.EndStream)
            return;
        exchange.ExpectsBody = true;
        if (DefaultBodyLimit(exchange) is { } most)
            exchange.LimitBody(most);
        Exchanges.BodyBegins();
        if (Expectation.IsContinue(request.Head))
            exchange.Gate = new ContinueGate(exchange);
        WatchReceiving(exchange);
    }

    private bool OnData(ConnectionEvent.DataReceived data)
    {
        if (_part == 0)
        {
            _part = 1;
            if (Exchanges.Find(data.Id) is not { } exchange)
            {
                _part = 2;
                if (_waiting?.TryKeep(data.Id, data) == true)
                    return true;
                // Nobody will consume it; the other streams need the credit.
                Consume(data.Id, data.Data.Length);
                return true;
            }
            OpenGate(exchange);
            exchange.ReceivingPace?.Count(data.Data.Length);
            CountUnread(exchange, data.Data.Length);
            if (exchange.Silenced)
                Consume(data.Id, data.Data.Length);
            else if (!data.Data.IsEmpty && !TellData(exchange, data.Data))
                return false;
        }
        if (_part > 1 || !data.EndStream || Exchanges.Find(data.Id) is not { } ended)
            return true;
        _part = 2;
        return EndRequest(ended);
    }

    private bool OnTrailers(ConnectionEvent.TrailersReceived trailers)
    {
        if (_part > 0)
            return true;
        _part = 1;
        if (Exchanges.Find(trailers.Id) is not { } exchange)
        {
            _waiting?.TryKeep(trailers.Id, trailers);
            return true;
        }
        exchange.TakeTrailers(new Http2Headers(trailers.Fields, 0));
        return EndRequest(exchange);
    }

    private bool EndRequest(Http2Exchange exchange)
    {
        EndUpload(exchange);
        return exchange.Silenced || TellDone(exchange);
    }

    private bool OnDataSent(ConnectionEvent.DataSent sent)
    {
        if (Exchanges.Find(sent.Id) is not { } exchange)
            return true;
        if (_part == 0)
        {
            _part = 1;
            Memory.Move(sent.Octets);
            exchange.SendingPace?.Count(sent.Octets);
            if (exchange.Pump is { } pump && !pump.OnSent(sent.Octets))
                return false;
        }
        if (sent.Queued > 0)
            return true;
        // the pump may have queued more meanwhile
        if (Core.Queued(sent.Id) == 0)
            Unwatch(exchange.SendingPace);
        EndUnreadRequest(exchange);
        return true;
    }

    private bool OnStreamClosed(ConnectionEvent.StreamClosed closed)
    {
        if (_part > 0)
            return true;
        _part = 1;
        if (Exchanges.Remove(closed.Id) is not { } exchange)
        {
            _waiting?.Remove(closed.Id);
            if (closed.Abnormal)
                Core.Retire(closed.Id);
            return true;
        }
        if (closed.Abnormal)
            Outlive(exchange);
        return CloseExchange(exchange, closed.Code, _closing.Of(exchange, closed, Core.Events));
    }

    /// <summary>Tells an exchange that its stream is closed: the one place where OnClose comes from.</summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool CloseExchange(Http2Exchange exchange, ErrorCode code, Http2CloseReason? reason)
    {
        EndUpload(exchange);
        Unwatch(exchange.SendingPace);
        exchange.MarkClosed(reason, aborted: exchange.MustRetire && !exchange.IsSent);
        exchange.Pump?.Stop();
        if (exchange.LentOctets > 0)
            Memory.Release(exchange.LentOctets);
        if (reason is not null)
            Log.StreamEnded(_host.Logger, Info.Id, exchange.StreamId, code, reason);
        // The end of a handler class's stream is told when its OnClose has come back.
        if (exchange is not Http2RequestHandler)
            exchange.TellClosed();
        if (!TellClose(exchange, code))
            return false;
        RetireWhenIdle(exchange);
        if (_host.IsStopping)
            _host.Drain.Look();
        return true;
    }

    private bool CloseExchanges(ErrorCode code)
    {
        _waiting?.Clear();
        while (Exchanges.Any is { } exchange)
        {
            Exchanges.Remove(exchange.StreamId);
            Outlive(exchange);
            if (!CloseExchange(exchange, code, _closing.OfLost(code)))
                return false;
        }
        return true;
    }

    /// <summary>A stream closes early: whoever works for it counts as work in flight until <see cref="RetireWhenIdle"/>.</summary>
    private void Outlive(Http2Exchange exchange)
    {
        if (exchange.MustRetire)
            return;
        exchange.MustRetire = true;
        (_waiting ??= new(_host.Options.Connection.MaxConcurrentStreams)).WorkAbandoned();
    }

    /// <summary>
    /// Once nobody works any more for a stream that closed early, the core forgets it, and a request that waits for that may begin.
    /// </summary>
    internal void RetireWhenIdle(Http2Exchange exchange)
    {
        if (!exchange.MustRetire || exchange.WorkInProgress != 0)
            return;
        exchange.MustRetire = false;
        _waiting!.WorkEnded();
        if (_phase == Phase.Open)
            Core.Retire(exchange.StreamId);
    }

    private void EndUpload(Http2Exchange exchange)
    {
        if (!exchange.ExpectsBody)
            return;
        exchange.ExpectsBody = false;
        OpenGate(exchange);
        Unwatch(exchange.ReceivingPace);
        Exchanges.BodyEnded();
    }
}
