namespace Http2.Pure;

/// <summary>PRIORITY and PRIORITY_UPDATE: their form is judged, what they say is not used.</summary>
internal static class PriorityReceiving
{
    public static Fault? OnPriority(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn) =>
        // §5.3.2: the scheme is deprecated
        PriorityFrame.Parse(header, payload, out _) ?? core.Allowances.ChargeGlitch(turn.Now, Rules.PriorityFlood);

    public static Fault? OnPriorityUpdate(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        if (PriorityUpdateFrame.Parse(header, payload, out var update) is { } fault)
            return fault;
        // RFC 9218 §7.1: only clients send it
        if (core.Role == Role.Client)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PriorityUpdateByServer);
        var id = update.Prioritized;
        if (id.IsServerInitiated && id.Value > core.Streams.HighestOwn.Value)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PriorityUpdatePush);
        // RFC 9218 §7.1: identifiers rise by two, so how far an idle stream is ahead says how many streams would have to be open
        var highest = core.Streams.HighestPeer.Value;
        // Stryker disable once Equality : of the highest itself it says 0 either way
        var ahead = id.IsClientInitiated && id.Value > highest ? (id.Value - highest + 1) / 2 : 0;
        if (ahead > 0 && ahead + core.Streams.PeerCount > core.Ours.Latest.MaxConcurrentStreams)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PriorityUpdateIdle);
        return core.Allowances.ChargeGlitch(turn.Now, Rules.PriorityFlood);
    }
}
