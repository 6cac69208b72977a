using System.Diagnostics;
using Http2.Pure;

namespace Http2.Shell;

/// <content>From the core's events to the handlers' callbacks.</content>
internal sealed partial class Http2Connection
{
    private readonly ClosingCause _closing = new();
    private bool _delivering;

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

    private void OnRequest(ConnectionEvent.RequestReceived request)
    {
        Info.CountStream();
        var exchange = Make(request, out var failure);
        Enrol(exchange);
        if (!request.EndStream)
        {
            exchange.ExpectsBody = true;
            _uploads++;
            WatchReceiving(exchange);
        }
        if (failure is not null)
            Fault(exchange, "the making", failure);
        else
            DeliverHeaders(exchange, request.EndStream);
        if (request.EndStream)
            EndRequest(exchange);
    }

    private void DeliverHeaders(Http2Exchange exchange, bool endStream)
    {
        try
        {
            exchange.DeliverHeaders(endStream);
        }
        catch (Exception failure)
        {
            Fault(exchange, exchange is Http2Request ? "the delegate" : "OnHeaders", failure);
        }
    }

    private void OnData(ConnectionEvent.DataReceived data)
    {
        if (Find(data.Id) is not { } exchange)
        {
            // Nobody will consume it; the other streams need the credit.
            ConsumeNow(data.Id, data.Data.Length);
            return;
        }
        if (exchange.Silenced)
            ConsumeNow(data.Id, data.Data.Length);
        else
            DeliverData(exchange, data.Data);
        exchange.ReceivingPace?.Count(data.Data.Length);
        CountUnread(exchange, data.Data.Length);
        if (data.EndStream)
            EndRequest(exchange);
    }

    private void DeliverData(Http2Exchange exchange, ReadOnlyMemory<byte> data)
    {
        try
        {
            if (!data.IsEmpty)
                exchange.DeliverData(data);
        }
        catch (Exception failure)
        {
            Fault(exchange, "OnData", failure);
        }
    }

    private void OnTrailers(ConnectionEvent.TrailersReceived trailers)
    {
        if (Find(trailers.Id) is not { } exchange)
            return;
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
            if (closed.Abnormal)
                RetireNow(closed.Id);
            return;
        }
        exchange.MustRetire = closed.Abnormal;
        CloseExchange(exchange, closed.Code, _closing.Of(exchange, closed, Effects.Events));
    }

    /// <summary>Tells an exchange that its stream is closed: the one place where OnClose comes from.</summary>
    private void CloseExchange(Http2Exchange exchange, ErrorCode code, Http2CloseReason? reason)
    {
        EndUpload(exchange);
        Unwatch(exchange.SendingPace);
        exchange.MarkClosed(reason, aborted: exchange.MustRetire && !exchange.IsSent);
        exchange.Pump?.Stop();
        if (reason is not null)
            Log.StreamEnded(_host.Logger, Info.Id, exchange.StreamId, code, reason);
        var told = true;
        try
        {
            told = exchange.DeliverClose(code);
        }
        catch (Exception failure)
        {
            FailCallback(exchange, "OnClose", failure);
        }
        if (told)
            exchange.TellClosed();
        RetireWhenIdle(exchange);
        if (_host.IsStopping)
            _host.Drain.Look();
    }

    private void CloseExchanges(ErrorCode code)
    {
        while (_youngest is not null || _exchanges.Count > 0)
        {
            if (Withdraw(_youngest?.StreamId ?? new StreamId(_exchanges.Keys.First())) is not { } exchange)
                continue;
            exchange.MustRetire = true;
            CloseExchange(exchange, code, _closing.OfLost(code));
        }
    }

    /// <summary>The concurrency limit counts work, not streams: a reset stream's place is free once nobody works for it.</summary>
    internal void RetireWhenIdle(Http2Exchange exchange)
    {
        if (!exchange.MustRetire || exchange.WorkInProgress != 0)
            return;
        exchange.MustRetire = false;
        if (_phase == Phase.Open)
            RetireNow(exchange.StreamId);
    }

    private void Enrol(Http2Exchange exchange)
    {
        if (_youngest is { } before)
            _exchanges.Add(before.StreamId.Value, before);
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
        return _exchanges.Remove(id.Value, out var exchange) ? exchange : null;
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
