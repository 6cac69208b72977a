namespace Http2.Pure;

/// <summary>WINDOW_UPDATE: credit that the peer gives (RFC 9113 §6.9).</summary>
internal static class WindowReceiving
{
    public static Fault? OnWindowUpdate(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        if (WindowUpdateFrame.Parse(header, payload, out var update) is { } fault)
            return fault;
        if (core.Allowances.ChargeUpdate(turn.Now, Rules.WindowUpdateFlood) is { } flood)
            return flood;
        if (!header.StreamId.IsConnection)
            return GrowStreamWindow(ref core, header.StreamId, update.Increment);
        // §6.9.1: the window of the connection may not pass 2^31-1
        return core.Flow.TryGrowSend(update.Increment)
            ? null
            : new Fault.OfConnection(ErrorCode.FlowControlError, Rules.WindowOverflow);
    }

    private static Fault? GrowStreamWindow(ref Core core, StreamId id, uint increment)
    {
        if (GoingAway.IsPastGoAway(core, id))
            return null;
        var move = Lifecycle.Move(core.Streams.StateOf(id, out _), StreamInput.ReceiveWindowUpdate);
        if (move.Verdict != StreamVerdict.Accept)
            return FaultAnswering.FaultOf(move, id, Rules.Idle);
        var stream = core.Streams.RecordOf(id)!;
        var offset = stream.Outgoing.Offset.Grow(increment);
        // §6.9.1: the window of a stream may not pass 2^31-1 either, which ends the stream only
        if (offset.Grow(core.Peer.InitialWindow).Overflows)
            return new Fault.OfStream(id, ErrorCode.FlowControlError, Rules.WindowOverflow);
        core.Streams.Put(stream, stream with { Outgoing = stream.Outgoing with { Offset = offset } });
        return null;
    }
}
