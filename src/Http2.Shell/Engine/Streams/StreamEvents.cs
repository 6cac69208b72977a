using System.Diagnostics;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Carries out what the core tells of streams, in either role: bodies that come, bodies that go out, ends. Each event may be delivered in parts,
/// see <see cref="EventDelivery.Part"/>. Belongs to the connection's owner.
/// </summary>
/// <param name="connection">The connection, whose rooms know of the streams.</param>
internal readonly struct StreamEvents(Http2Connection connection)
{
    /// <summary>Delivers an event, or the rest of it.</summary>
    /// <returns>False when a callback was left behind.</returns>
    public bool Deliver(ConnectionEvent happened)
    {
        if (connection.Role.TryKeep(happened))
            return true;
        switch (happened)
        {
            case ConnectionEvent.RequestReceived:
                return connection.Role.OnHead(happened);
            case ConnectionEvent.DataReceived data:
                return OnData(data);
            case ConnectionEvent.DataSent sent:
                return OnDataSent(sent);
            case ConnectionEvent.TrailersReceived trailers:
                return OnTrailers(trailers);
            case ConnectionEvent.StreamClosed closed:
                return OnStreamClosed(closed);
            case ConnectionEvent.ResponseReceived or ConnectionEvent.InformationalReceived or ConnectionEvent.PushPromised:
                return connection.Role.OnHead(happened);
            default:
                Note(happened);
                return true;
        }
    }

    /// <summary>The peer's message is complete.</summary>
    /// <returns>False when a callback was left behind.</returns>
    public bool EndBody(Http2Stream stream)
    {
        EndIncoming(stream);
        // A server that has sent its response is in no need of being woken.
        if (stream.IsSent && connection.Role.Role == Role.Server)
            connection.Unread.Ended(stream);
        return stream.Silenced || connection.Role.TellDone(stream);
    }

    /// <summary>A stream's body is on its way to this end.</summary>
    public void BeginIncoming(Http2Stream stream)
    {
        stream.ExpectsBody = true;
        connection.Exchanges.BodyBegins();
    }

    /// <summary>Closes all streams: the connection has ended.</summary>
    /// <returns>False when a callback was left behind.</returns>
    public bool CloseAll(ErrorCode code)
    {
        connection.Role.OnClosing();
        while (connection.Exchanges.Any is { } stream)
        {
            connection.Exchanges.Remove(stream.StreamId);
            connection.Exchanges.Outlive(stream);
            if (!Close(stream, code, connection.End.Cause.OfLost(code)))
                return false;
        }
        return true;
    }

    /// <summary>
    /// Once nobody works any more for a stream that closed early, the core forgets it.
    /// </summary>
    public void RetireWhenIdle(Http2Stream stream)
    {
        if (connection.Exchanges.TryRetire(stream) && connection.End.IsOpen)
            connection.Core.Retire(stream.StreamId);
    }

    /// <summary>A call of user code does not come back. Its caller has the state to itself.</summary>
    public void LeaveBehind(object callee)
    {
        if (callee is BodyPump pump)
            pump.LeaveBehind();
        else
            connection.Role.LeaveBehind(callee);
    }

    /// <summary>Looks whether all that is sent on a stream is out, while the peer still sends what nobody reads.</summary>
    public void LookUnread(Http2Stream stream)
    {
        if (!stream.ExpectsBody)
            return;
        connection.Unread.Look(stream);
        // Behind a whole answer there is nothing else that the peer may be waiting for.
        if (stream is { IsSent: true, IsUnread: false })
            connection.SlowPeers.WatchReceiving(stream);
    }

    /// <summary>Watches a body that waits for the peer, if it does.</summary>
    public void WatchSending(Http2Stream stream)
    {
        if (stream.SendingPace is null && connection.Core.Queued(stream.StreamId) > 0)
            connection.SlowPeers.WatchSending(stream);
    }

    private void Note(ConnectionEvent happened)
    {
        var (logger, id) = (connection.Host.Logger, connection.Info.Id);
        if (happened is ConnectionEvent.SettingsReceived announced)
            connection.Info.Apply(announced.Settings);
        connection.Role.OnNotice(happened);
        switch (happened)
        {
            case ConnectionEvent.GoAwayReceived goAway:
                Log.GoAway(logger, id, goAway.Code, goAway.Debug.ToString());
                break;
            case ConnectionEvent.StreamFaulted stream:
                Log.StreamFault(logger, id, stream.Fault.Id, stream.Fault.Code, stream.Fault.Rule);
                break;
            case ConnectionEvent.ConnectionFaulted connectionFault:
                connection.End.Cause.Note(connectionFault.Fault);
                Log.ConnectionFault(logger, id, connectionFault.Fault.Code, connectionFault.Fault.Rule);
                break;
            case ConnectionEvent.PingAcknowledged { Opaque: UnreadBodies.Question }:
                connection.Unread.OnAcknowledged();
                break;
            case ConnectionEvent.SettingsReceived or ConnectionEvent.SettingsAcknowledged or ConnectionEvent.PingAcknowledged:
                break;
            default:
                throw new UnreachableException($"The core told {happened.GetType().Name}.");
        }
    }

    private bool OnData(ConnectionEvent.DataReceived data)
    {
        var events = connection.Events;
        if (events.Part == 0)
        {
            events.Part = 1;
            if (connection.Exchanges.Find(data.Id) is not { } stream)
            {
                events.Part = 2;
                // Nobody will consume it; the other streams need the credit.
                if (!connection.Role.TryKeepForLater(data.Id, data))
                    connection.Commands.ConsumeAsOwner(data.Id, data.Data.Length);
                return true;
            }
            connection.Role.OnBodyBegins(stream);
            stream.ReceivingPace?.Count(data.Data.Length);
            var isCredited = !stream.IsUnread || connection.Unread.Count(stream, data.Data.Length);
            if (stream.Silenced)
            {
                if (isCredited)
                    connection.Commands.ConsumeAsOwner(data.Id, data.Data.Length);
            }
            else if (!data.Data.IsEmpty && !connection.Role.TellData(stream, data.Data, data.EndStream))
                return false;
        }
        if (events.Part > 1 || !data.EndStream || connection.Exchanges.Find(data.Id) is not { } ended)
            return true;
        events.Part = 2;
        return EndBody(ended);
    }

    private bool OnTrailers(ConnectionEvent.TrailersReceived trailers)
    {
        if (connection.Events.Part > 0)
            return true;
        connection.Events.Part = 1;
        if (connection.Exchanges.Find(trailers.Id) is not { } stream)
        {
            connection.Role.TryKeepForLater(trailers.Id, trailers);
            return true;
        }
        stream.TakeTrailers(new Http2Headers(trailers.Fields, 0));
        return EndBody(stream);
    }

    private bool OnDataSent(ConnectionEvent.DataSent sent)
    {
        if (connection.Exchanges.Find(sent.Id) is not { } stream)
            return true;
        if (connection.Events.Part == 0)
        {
            connection.Events.Part = 1;
            connection.Memory.Move(sent.Octets);
            stream.SendingPace?.Count(sent.Octets);
            if (stream.Pump is { } pump && !pump.OnSent(sent.Octets))
                return false;
        }
        if (sent.Queued > 0)
            return true;
        // the pump may have queued more meanwhile
        if (stream.SendingPace is { } pace && connection.Core.Queued(sent.Id) == 0)
            connection.SlowPeers.Unwatch(pace);
        LookUnread(stream);
        return true;
    }

    private bool OnStreamClosed(ConnectionEvent.StreamClosed closed)
    {
        if (connection.Events.Part > 0)
            return true;
        connection.Events.Part = 1;
        if (connection.Exchanges.Remove(closed.Id) is not { } stream)
        {
            connection.Role.OnClosedUntold(closed.Id);
            if (closed.Abnormal)
                connection.Core.Retire(closed.Id);
            return true;
        }
        if (closed.Abnormal)
            connection.Exchanges.Outlive(stream);
        return Close(stream, closed.Code, connection.End.Cause.Of(stream, closed, connection.Core.Events));
    }

    /// <summary>Tells a stream that it is closed: the one place where that comes from.</summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool Close(Http2Stream stream, ErrorCode code, Http2CloseReason? reason)
    {
        EndIncoming(stream);
        if (stream.SendingPace is { } pace)
            connection.SlowPeers.Unwatch(pace);
        stream.MarkClosed(reason, aborted: stream.MustRetire && !stream.IsSent);
        stream.Pump?.Stop();
        if (stream.LentOctets > 0)
            connection.Memory.Release(stream.LentOctets);
        if (reason is not null)
            Log.StreamEnded(connection.Host.Logger, connection.Info.Id, stream.StreamId, code, reason);
        if (!connection.Role.TellClosed(stream, code))
            return false;
        RetireWhenIdle(stream);
        connection.Role.OnEnded();
        return true;
    }

    private void EndIncoming(Http2Stream stream)
    {
        if (!stream.ExpectsBody)
            return;
        stream.ExpectsBody = false;
        connection.Role.OnBodyBegins(stream);
        if (stream.ReceivingPace is { } pace)
            connection.SlowPeers.Unwatch(pace);
        connection.Exchanges.BodyEnded();
    }
}
