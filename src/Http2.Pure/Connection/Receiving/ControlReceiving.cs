using Hpack.Pure;

namespace Http2.Pure;

/// <summary>PING, RST_STREAM and GOAWAY.</summary>
internal static class ControlReceiving
{
    private const int MostDebugOctets = 256;

    public static Fault? OnPing(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        if (PingFrame.Parse(header, payload, out var ping) is { } fault)
            return fault;
        if (header.Has(FrameFlags.Ack))
            return OnPingAck(ref core, ping.Opaque, turn);
        if (core.Allowances.ChargeControl(turn.Now, Rules.PingFlood) is { } flood)
            return flood;
        // §6.7: the same octets back, and ahead of everything that is queued
        PingFrame.Write(turn.Output, ping.Opaque, ack: true);
        return null;
    }

    public static Fault? OnRstStream(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        if (RstStreamFrame.Parse(header, payload, out var reset) is { } fault)
            return fault;
        var id = header.StreamId;
        if (GoingAway.IsPastGoAway(core, id))
            return null;
        var move = Lifecycle.Move(core.Streams.StateOf(id, out _), StreamInput.ReceiveReset);
        if (FaultAnswering.FaultOf(move, id, Rules.Idle) is { } wrong)
            return wrong;
        if (move.Verdict != StreamVerdict.Accept)
            return core.Role == Role.Server ? ResetCosts.ChargeClosed(ref core, id, turn.Now) : null;
        var stream = core.Streams.RecordOf(id)!;
        if (core.Role == Role.Server && ResetCosts.ChargeLive(ref core, stream, turn.Now) is { } flood)
            return flood;
        StreamClosing.Close(ref core, stream, move.State, reset.Code, turn.Effects);
        return null;
    }

    public static Fault? OnGoAway(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        if (GoAwayFrame.Parse(header, payload, out var goAway) is { } fault)
            return fault;
        var before = core.Closing.ReceivedLast;
        if (before is not null && core.Allowances.ChargeGlitch(turn.Now, Rules.GoAwayFlood) is { } flood)
            return flood;
        // §6.8: the last stream may only go down; a peer that raises it is held to what it said first
        var last = new StreamId(Math.Min(goAway.LastStreamId.Value, before?.Value ?? WireConstants.MaxStreamId));
        core.Closing = core.Closing with { ReceivedLast = last };
        var debug = Octets.Copy(goAway.Debug.Span[..Math.Min(goAway.Debug.Length, MostDebugOctets)]);
        turn.Tell(new ConnectionEvent.GoAwayReceived(last, goAway.Code, debug));
        // §6.8: the peer never looked at the streams behind that one, so their requests may be sent again elsewhere
        var streams = core.Streams.Set;
        for (var record = streams.After(last); record is not null; record = streams.After(record.Id))
        {
            if (record is StreamRecord.Live stream && core.Streams.IsOwn(stream.Id))
                StreamClosing.Close(ref core, stream, StreamState.ResetByPeer, ErrorCode.RefusedStream, turn.Effects);
        }
        GoingAway.FinishWhenDone(ref core);
        return null;
    }

    private static Fault.OfConnection? OnPingAck(ref Core core, ulong opaque, Turn turn)
    {
        if (opaque == GoingAway.ShutdownPing && core.Closing.IsWarned)
        {
            GoingAway.SendFinalGoAway(ref core, turn.Effects);
            return null;
        }
        if (core.Liveness.TryAnswer(opaque, turn.Now))
            return null;
        // §6.7: an answer to a PING that was never sent is ignored
        if (!core.Liveness.TryTakePing(opaque))
            return core.Allowances.ChargeGlitch(turn.Now, Rules.PingFlood);
        if (ResetBehindAnswer.TryEnd(opaque, turn.Effects))
            return null;
        turn.Tell(new ConnectionEvent.PingAcknowledged(opaque));
        return null;
    }
}
