namespace Http2.Pure;

/// <content>Where a stream stands, and how it enters, changes and leaves the set.</content>
public static partial class Connection
{
    /// <summary>The state of any stream, live or not; <paramref name="stream"/> is its record when it has one.</summary>
    private static StreamState StateOf(in Core core, StreamId id, out StreamRecord? stream)
    {
        stream = null;
        if (id == core.Fresh)
            return StreamState.HalfClosedRemote;
        stream = core.Streams.Find(id);
        if (stream is not null)
            return stream.State;
        var own = core.IsOwn(id);
        return id.Value > (own ? core.HighestOwn : core.HighestPeer).Value ? StreamState.Idle : core.Closed.StateOf(id, own);
    }

    /// <summary>
    /// The record of a stream that is not closed; the fresh request gets its record here. Null when it is closed or idle.
    /// </summary>
    private static StreamRecord? LiveRecord(ref Core core, StreamId id)
    {
        if (id == core.Fresh)
            SettleFresh(ref core);
        return core.Streams.Find(id) is { } stream && !stream.State.IsClosed() ? stream : null;
    }

    /// <summary>Gives the fresh request a record of its own, because another stream takes its place or because it needs one.</summary>
    private static void SettleFresh(ref Core core)
    {
        if (core.Fresh.IsConnection)
            return;
        core.Streams = core.Streams.With(
            new StreamRecord(core.Fresh, StreamState.HalfClosedRemote, core.FreshFlags) { OpenedAt = core.FreshAt });
        (core.Fresh, core.FreshFlags) = (StreamId.Connection, StreamFlags.None);
    }

    /// <summary>Enters a stream that the peer opened. Identifiers it passed over are closed by that (RFC 9113 §5.1.1).</summary>
    private static void EnterPeerStream(ref Core core, StreamId id, long now)
    {
        var expected = core.Role == Role.Server && core.HighestPeer.IsConnection ? 1 : core.HighestPeer.Value + 2;
        if (id.Value > expected)
            core.Closed = core.Closed with { Skipped = core.Closed.Skipped.Add(new(expected), new(id.Value - 2)) };
        if (now != core.NewestAt || core.NewestFrom.IsConnection)
            (core.NewestFrom, core.NewestAt) = (id, now);
        core.HighestPeer = id;
        core.PeerStreams++;
    }

    /// <summary>Puts the next value of a stream in the place of the one before.</summary>
    private static void Put(ref Core core, StreamRecord? before, StreamRecord after)
    {
        core.Pending += (after.HasOutbound ? 1 : 0) - (before is { HasOutbound: true } ? 1 : 0);
        core.Streams = core.Streams.With(after);
        core.SendOffsetBound = new Window(Math.Max(core.SendOffsetBound.Octets, after.SendOffset.Octets));
    }

    /// <summary>
    /// Ends a live stream in <paramref name="state"/>. What the application has not consumed is given back to the connection's window, and
    /// the application is told once. A closed stream frees its place (RFC 9113 §5.1.2); one of the peer's that ended early lingers beside
    /// the places until it is retired, so that the work that goes on for it can be bounded.
    /// </summary>
    private static void Close(ref Core core, StreamRecord stream, StreamState state, ErrorCode code, EffectBuffer effects)
    {
        var own = core.IsOwn(stream.Id);
        var abnormal = state != StreamState.Ended;
        core.Pending -= stream.HasOutbound ? 1 : 0;
        if (state == StreamState.ResetByUs)
            core.Closed = core.Closed.WithReset(stream.Id, own);
        if (abnormal && !own && stream.Has(StreamFlags.Known))
        {
            core.Streams = core.Streams.With(new StreamRecord(stream.Id, state, StreamFlags.Known | StreamFlags.Lingering));
            core.Lingering++;
        }
        else
        {
            core.Streams = core.Streams.Without(stream.Id);
        }
        core.Unread -= stream.Unconsumed;
        Replenish(ref core, effects);
        core.OwnStreams -= own ? 1 : 0;
        core.PeerStreams -= own ? 0 : 1;
        if (!abnormal && !own)
            EarnResetCredit(ref core);
        if (stream.Has(StreamFlags.Known))
            effects.Events.Add(new ConnectionEvent.StreamClosed(stream.Id, code, abnormal));
        FinishWhenDone(ref core);
    }

    /// <summary>Ends all streams because the connection ends.</summary>
    private static void CloseAll(ref Core core, ErrorCode code, EffectBuffer effects)
    {
        SettleFresh(ref core);
        foreach (var stream in core.Streams)
        {
            if (!stream.State.IsClosed() && stream.Has(StreamFlags.Known))
                effects.Events.Add(new ConnectionEvent.StreamClosed(stream.Id, code, Abnormal: true));
        }
        core.Streams = StreamSet.Empty;
        (core.PeerStreams, core.OwnStreams, core.Lingering, core.Pending, core.Unread) = (0, 0, 0, 0, 0);
        core.Block = null;
        core.Phase = Phase.Finished;
    }

    /// <summary>Moves a stream when the peer's END_STREAM came, and closes it when that was the last it waited for.</summary>
    private static void EndReceiving(ref Core core, StreamRecord? before, StreamRecord stream, EffectBuffer effects)
    {
        var next = Lifecycle.Move(stream.State, StreamInput.ReceiveEndStream).State;
        if (next == StreamState.Ended)
            Close(ref core, stream, next, ErrorCode.NoError, effects);
        else
            Put(ref core, before, stream with { State = next });
    }

    /// <summary>Moves a stream when our END_STREAM went out, and closes it when that was the last it waited for.</summary>
    private static void EndSending(ref Core core, StreamRecord? before, StreamRecord stream, EffectBuffer effects)
    {
        var next = Lifecycle.Move(stream.State, StreamInput.SendEndStream).State;
        var after = stream with { State = next, Flags = stream.Flags & ~StreamFlags.EndQueued };
        if (next != StreamState.Ended)
        {
            Put(ref core, before, after);
            return;
        }
        core.Pending -= before is { HasOutbound: true } ? 1 : 0;
        Close(ref core, after, next, ErrorCode.NoError, effects);
    }
}
