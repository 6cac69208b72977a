using Http2.Pure;

namespace Http2.Exploration;

/// <summary>What holds in every state: counts are those of the streams, and all credit is somewhere. Answers what is wrong, or null.</summary>
internal static class StateRules
{
    /// <summary>Judges a state.</summary>
    public static string? Judge(ConnectionFold fold)
    {
        var core = fold.State.Core;
        if (core.Phase == Phase.Finished)
        {
            return Connection.NextDeadline(fold.State) == long.MaxValue && !Connection.CanDrain(fold.State) && fold.Incomplete == 0
                && core.Streams.LiveCount == 0
                ? null
                : "the connection is over, and something is still due";
        }
        foreach (var record in core.Streams.Set)
        {
            var wrong = record is StreamRecord.Live stream ? OfStream(core, stream) : OfLingering(record);
            if (wrong is not null)
                return wrong;
        }
        return Counts(core) ?? Credit(core);
    }

    private static string? OfStream(in Core core, StreamRecord.Live stream)
    {
        var (incoming, outgoing, id) = (stream.Incoming, stream.Outgoing, stream.Id);
        if (stream.State.IsClosed() || core.Streams.IsFresh(id))
            return $"stream {id} lives and is {stream.State}";
        if (id.Value > (core.Streams.IsOwn(id) ? core.Streams.HighestOwn : core.Streams.HighestPeer).Value)
            return $"stream {id} is above the highest";
        if (incoming.Unconsumed < 0 || incoming.Owed < 0)
            return $"stream {id} has negative credit";
        if (outgoing.Offset.Octets > core.Streams.SendOffsetBound.Octets || outgoing.Offset.Grow(core.Peer.InitialWindow).Overflows)
            return $"the send window of stream {id} is above its bound";
        if (outgoing.End is not null && outgoing.Queue.IsEmpty)
            return $"stream {id} waits with its end, and with nothing before it";
        if (!stream.State.CanReceive())
            return null;
        if (-incoming.Offset.Octets != incoming.Unconsumed + incoming.Owed)
            return $"credit of stream {id} is lost";
        var window = core.Ours.Latest.InitialWindow;
        return incoming.Offset.Grow(window).IsWorthAFrame(incoming.Owed, window) ? $"credit of stream {id} is kept back" : null;
    }

    private static string? OfLingering(StreamRecord record) => record.State.IsClosed() ? null : $"stream {record.Id} lingers and is {record.State}";

    private static string? Counts(in Core core)
    {
        var (own, peer, lingering, waiting) = (0, core.Streams.Fresh is null ? 0 : 1, 0, 0);
        foreach (var record in core.Streams.Set)
        {
            lingering += record is StreamRecord.Lingering ? 1 : 0;
            if (record is not StreamRecord.Live stream)
                continue;
            waiting += stream.Outgoing.IsWaiting ? 1 : 0;
            own += core.Streams.IsOwn(stream.Id) ? 1 : 0;
            peer += core.Streams.IsOwn(stream.Id) ? 0 : 1;
        }
        var counted = (core.Streams.OwnCount, core.Streams.PeerCount, core.Streams.LingeringCount, core.Streams.WaitingCount);
        return counted == (own, peer, lingering, waiting) ? null : $"streams are counted {counted}, and are {(own, peer, lingering, waiting)}";
    }

    private static string? Credit(in Core core)
    {
        var whole = Math.Max(core.Options.InitialConnectionWindow, WireConstants.InitialWindow);
        var unread = core.Streams.Set.OfType<StreamRecord.Live>().Sum(stream => stream.Incoming.Unconsumed);
        if (core.Flow.Unread != unread)
            return $"{unread} octets are unread, and {core.Flow.Unread} are counted";
        if (core.Flow.Send.Octets < 0 || core.Flow.Send.Overflows || core.Flow.Receive.Octets < 0 || core.Flow.Receive.Octets > whole)
            return "a window of the connection is out of its range";
        var owed = whole - core.Flow.HeldBack - core.Flow.Receive.Octets;
        return core.Flow.Receive.IsWorthAFrame(owed, whole) ? "credit of the connection is kept back" : null;
    }
}
