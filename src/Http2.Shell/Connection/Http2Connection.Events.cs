using System.Diagnostics;
using Http2.Pure;

namespace Http2.Shell;

/// <content>From the core's events to the handlers' callbacks.</content>
internal sealed partial class Http2Connection
{
    private bool _delivering;

    // What resets have left behind; most connections never have any.
    private WaitingRequests? _waiting;

    // Streams that are open and whose requests have begun.
    private int Begun => _exchanges.Count + (_youngest is null ? 0 : 1);

    /// <summary>
    /// Delivers what the last transition told, and what the handlers' own commands add meanwhile. Commands given inside a callback only
    /// append, so callbacks never nest.
    /// </summary>
    private void DeliverEvents()
    {
        var events = Effects.Events;
        if (_delivering || events.Count == 0)
            return;
        _delivering = true;
        for (var i = 0; i < events.Count; i++)
            Deliver(events[i]);
        events.Clear();
        _delivering = false;
    }

    private void Deliver(ConnectionEvent happened)
    {
        switch (happened)
        {
            case ConnectionEvent.RequestReceived request:
                OnRequest(request);
                break;
            case ConnectionEvent.DataReceived data:
                OnData(data);
                break;
            case ConnectionEvent.DataSent sent:
                OnDataSent(sent);
                break;
            case ConnectionEvent.TrailersReceived trailers:
                OnTrailers(trailers);
                break;
            case ConnectionEvent.StreamClosed closed:
                OnStreamClosed(closed);
                break;
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

    private void OnRequest(ConnectionEvent.RequestReceived request)
    {
        if (IsMemoryShort && Shed(request))
            return;
        if (_waiting is { } waiting && waiting.MustWait(Begun))
            waiting.Add(request);
        else
            Begin(request);
    }

    /// <summary>Begins the requests that need wait no longer, each with what has come for it since.</summary>
    private void BeginWaiting()
    {
        while (_phase == Phase.Open && _waiting!.TryTake(Begun, out var entry))
        {
            Begin(entry.Request);
            foreach (var happened in entry.Later)
                Deliver(happened);
            DeliverEvents();
        }
    }

    private void Begin(ConnectionEvent.RequestReceived request)
    {
        Info.CountStream();
        Http2Exchange exchange;
        try
        {
            exchange = _host.Exchanges();
            exchange.Attach(this, request);
        }
        catch (Exception failure)
        {
            // There is nobody to tell: the stream is reset, and retired when its end is told.
            Log.HandlerFailed(_host.Logger, Info.Id, request.Id, "the making", failure);
            SubmitReset(request.Id, ErrorCode.InternalError);
            return;
        }
        Enrol(exchange);
        if (!request.EndStream)
        {
            exchange.ExpectsBody = true;
            _uploads++;
            WatchReceiving(exchange);
        }
        try
        {
            exchange.DeliverHeaders(request.EndStream);
        }
        catch (Exception failure)
        {
            Fault(exchange, "OnHeaders", failure);
        }
        if (request.EndStream)
            EndRequest(exchange);
    }

    private void OnData(ConnectionEvent.DataReceived data)
    {
        if (Find(data.Id) is not { Silenced: false } exchange)
        {
            if (_waiting?.TryKeep(data.Id, data) == true)
                return;
            // Nobody will consume it; the other streams need the credit.
            ConsumeNow(data.Id, data.Data.Length);
            return;
        }
        try
        {
            if (!data.Data.IsEmpty)
                exchange.DeliverData(data.Data);
        }
        catch (Exception failure)
        {
            Fault(exchange, "OnData", failure);
        }
        exchange.ReceivingPace?.Count(data.Data.Length);
        CountUnread(exchange, data.Data.Length);
        if (data.EndStream)
            EndRequest(exchange);
    }

    private void OnTrailers(ConnectionEvent.TrailersReceived trailers)
    {
        if (Find(trailers.Id) is not { } exchange)
        {
            _waiting?.TryKeep(trailers.Id, trailers);
            return;
        }
        exchange.TakeTrailers(new Http2Headers(trailers.Fields, 0));
        EndRequest(exchange);
    }

    private void EndRequest(Http2Exchange exchange)
    {
        EndUpload(exchange);
        if (exchange.Silenced)
            return;
        try
        {
            exchange.DeliverRequestDone();
        }
        catch (Exception failure)
        {
            Fault(exchange, "OnRequestDone", failure);
        }
    }

    private void OnDataSent(ConnectionEvent.DataSent sent)
    {
        if (Find(sent.Id) is not { } exchange)
            return;
        Memory.Move(sent.Octets);
        exchange.SendingPace?.Count(sent.Octets);
        exchange.Pump?.OnSent(sent.Octets);
        if (sent.Queued > 0)
            return;
        // the pump may have queued more meanwhile
        if (Connection.Queued(in _state, sent.Id) == 0)
            Unwatch(exchange.SendingPace);
        EndUnreadRequest(exchange);
    }

    private void OnStreamClosed(ConnectionEvent.StreamClosed closed)
    {
        if (Withdraw(closed.Id) is not { } exchange)
        {
            _waiting?.Remove(closed.Id);
            if (closed.Abnormal)
                RetireNow(closed.Id);
            return;
        }
        if (closed.Abnormal)
        {
            exchange.MustRetire = true;
            (_waiting ??= new(_host.Options.Connection.MaxConcurrentStreams)).WorkAbandoned();
        }
        CloseExchange(exchange, closed.Code);
    }

    /// <summary>Tells an exchange that its stream is closed: the one place where OnClose comes from.</summary>
    private void CloseExchange(Http2Exchange exchange, ErrorCode code)
    {
        EndUpload(exchange);
        Unwatch(exchange.SendingPace);
        exchange.MarkClosed();
        exchange.Pump?.Stop();
        if (exchange.LentOctets > 0)
            Memory.Release(exchange.LentOctets);
        try
        {
            exchange.DeliverClose(code);
        }
        catch (Exception failure)
        {
            Log.HandlerFailed(_host.Logger, Info.Id, exchange.StreamId, "OnClose", failure);
        }
        RetireWhenIdle(exchange);
    }

    private void CloseExchanges(ErrorCode code)
    {
        _waiting?.Clear();
        while (_youngest is not null || _exchanges.Count > 0)
        {
            if (Withdraw(_youngest?.StreamId ?? new StreamId(_exchanges.Keys.First())) is { } exchange)
                CloseExchange(exchange, code);
        }
    }

    /// <summary>An exception of a callback: this stream is reset, nothing else is harmed.</summary>
    private void Fault(Http2Exchange exchange, string where, Exception failure)
    {
        Log.HandlerFailed(_host.Logger, Info.Id, exchange.StreamId, where, failure);
        ResetNow(exchange, ErrorCode.InternalError);
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
            RetireNow(exchange.StreamId);
    }

    private void Enrol(Http2Exchange exchange)
    {
        if (_youngest is { } before)
        {
            _exchanges.Add(before.StreamId.Value, before);
            Memory.Hold(before.Weight);
        }
        _youngest = exchange;
    }

    private Http2Exchange? Find(StreamId id) =>
        _youngest?.StreamId == id ? _youngest : _exchanges.GetValueOrDefault(id.Value);

    private Http2Exchange? Withdraw(StreamId id)
    {
        if (_youngest?.StreamId == id)
        {
            var youngest = _youngest;
            _youngest = null;
            return youngest;
        }
        if (!_exchanges.Remove(id.Value, out var exchange))
            return null;
        Memory.Release(exchange.Weight);
        return exchange;
    }

    private void EndUpload(Http2Exchange exchange)
    {
        if (!exchange.ExpectsBody)
            return;
        exchange.ExpectsBody = false;
        Unwatch(exchange.ReceivingPace);
        _uploads--;
    }
}
