using Hpack.Pure;

namespace Http2.Pure;

/// <content>PING, RST_STREAM, GOAWAY and the frames about priority.</content>
public static partial class Connection
{
    private const int MaxDebugOctets = 256;

    private static Fault? OnPing(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now, EffectBuffer effects)
    {
        if (PingFrame.Parse(header, payload, out var ping) is { } fault)
            return fault;
        if (!header.Has(FrameFlags.Ack))
        {
            if (SpendControl(ref core, now, Rules.PingFlood) is { } flood)
                return flood;
            // §6.7: the same octets back, and ahead of everything that is queued
            PingFrame.Write(effects.Output, ping.Opaque, ack: true);
            return null;
        }
        if (ping.Opaque == ShutdownPing && IsWarned(core))
        {
            SendFinalGoAway(ref core, ErrorCode.NoError, effects);
            return null;
        }
        if (IsKeepAliveAnswer(core, ping.Opaque))
        {
            core.KeepAlive = new(now, IsOpen: false);
            return null;
        }
        var at = core.Pings.Items.IndexOf(ping.Opaque);
        // §6.7: an answer to a question nobody asked is ignored
        if (at < 0)
            return SpendGlitch(ref core, now, Rules.PingFlood);
        core.Pings = new(core.Pings.Items.RemoveAt(at));
        effects.Events.Add(new ConnectionEvent.PingAcknowledged(ping.Opaque));
        return null;
    }

    private static Fault? OnRstStream(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now, EffectBuffer effects)
    {
        if (RstStreamFrame.Parse(header, payload, out var reset) is { } fault)
            return fault;
        var id = header.StreamId;
        if (IsPastGoAway(core, id))
            return null;
        var move = Lifecycle.Move(StateOf(core, id, out _), StreamInput.ReceiveReset);
        if (FaultOf(move, id, Rules.Idle) is { } wrong)
            return wrong;
        if (move.Verdict != StreamVerdict.Accept)
            return core.Role == Role.Server ? SpendLateReset(ref core, id, now) : null;
        var stream = LiveRecord(ref core, id)!;
        if (core.Role == Role.Server && SpendPeerReset(ref core, stream, now) is { } flood)
            return flood;
        Close(ref core, stream, move.State, reset.Code, effects);
        return null;
    }

    private static Fault? OnGoAway(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now, EffectBuffer effects)
    {
        if (GoAwayFrame.Parse(header, payload, out var goAway) is { } fault)
            return fault;
        if (core.Closing.ReceivedLast is not null && SpendGlitch(ref core, now, Rules.GoAwayFlood) is { } flood)
            return flood;
        // §6.8: it may only shrink; a peer that grows it is held to what it said first
        var last = new StreamId(Math.Min(goAway.LastStreamId.Value, core.Closing.ReceivedLast?.Value ?? WireConstants.MaxStreamId));
        core.Closing = core.Closing with { ReceivedLast = last };
        effects.Events.Add(new ConnectionEvent.GoAwayReceived(
            last, goAway.Code, Octets.Copy(goAway.Debug.Span[..Math.Min(goAway.Debug.Length, MaxDebugOctets)])));
        // §6.8: the peer never looked at these, so they may be sent again elsewhere
        for (var stream = core.Streams.After(last); stream is not null; stream = core.Streams.After(stream.Id))
        {
            if (core.IsOwn(stream.Id) && !stream.State.IsClosed())
                Close(ref core, stream, StreamState.ResetByPeer, ErrorCode.RefusedStream, effects);
        }
        FinishWhenDone(ref core);
        return null;
    }

    private static Fault? OnPriority(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now) =>
        // §5.3.2: the scheme is deprecated; its form is judged, its content is not used
        PriorityFrame.Parse(header, payload, out _) ?? SpendGlitch(ref core, now, Rules.PriorityFlood);

    private static Fault? OnPriorityUpdate(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now)
    {
        if (PriorityUpdateFrame.Parse(header, payload, out var update) is { } fault)
            return fault;
        // RFC 9218 §7.1: only clients send it
        if (core.Role == Role.Client)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PriorityUpdateByServer);
        var id = update.Prioritized;
        if (id.IsServerInitiated && id.Value > core.HighestOwn.Value)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PriorityUpdatePush);
        // RFC 9218 §7.1: identifiers rise by two, so how far an idle one is ahead says how many streams would have to be open
        // Stryker disable once Equality : of the highest itself it says 0 either way
        var ahead = id.IsClientInitiated && id.Value > core.HighestPeer.Value ? (id.Value - core.HighestPeer.Value + 1) / 2 : 0;
        if (ahead > 0 && ahead + core.PeerStreams > core.Ours.Latest.MaxConcurrentStreams)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PriorityUpdateIdle);
        return SpendGlitch(ref core, now, Rules.PriorityFlood);
    }
}
