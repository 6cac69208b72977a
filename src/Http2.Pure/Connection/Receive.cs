namespace Http2.Pure;

/// <content>The dispatcher: one frame to the function for its type.</content>
public static partial class Connection
{
    private static ConnectionState ReceiveOne(
        in ConnectionState state, ReadOnlyMemory<byte> octets, long now, EffectBuffer effects, out int consumed)
    {
        consumed = 0;
        var core = state.Core;
        // a connection that is over takes nothing more, whatever comes; nor one whose input has ended
        if (core.Phase == Phase.Finished || core.Closing.InputEnded)
            return state;
        Fault? fault;
        if (core.Phase == Phase.AwaitingPreface)
        {
            fault = OnPreface(ref core, octets.Span, out consumed);
        }
        else
        {
            if (octets.Length < FrameHeader.Size)
                return state;
            var header = FrameHeader.Parse(octets.Span);
            // §4.2: judged before the payload comes. Only some of these must end the connection, but what follows would have to be skipped
            if (header.Length > core.Ours.MaxFrameSize)
            {
                fault = new Fault.OfConnection(ErrorCode.FrameSizeError, FrameRules.FrameTooLarge);
            }
            else
            {
                if (octets.Length < FrameHeader.Size + header.Length)
                    return state;
                consumed = FrameHeader.Size + header.Length;
                // an answer to our own question shows that the peer is there, not that it wants something
                if (header.Type != FrameType.Ping || !header.Has(FrameFlags.Ack))
                    (core.HeardAt, core.Stirred) = (now, false);
                fault = Dispatch(ref core, header, octets.Slice(FrameHeader.Size, header.Length), now, effects);
            }
        }
        if (fault is not null)
            Settle(ref core, fault, now, effects);
        return new ConnectionState(core);
    }

    private static Fault? Dispatch(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now, EffectBuffer effects)
    {
        // §6.10, §4.3: a header block is one unit; nothing may come between its frames
        if (core.Block?.CheckNext(header) is { } interrupted)
            return interrupted;
        // §3.4: SETTINGS, and no acknowledgement, comes first
        if (core.Phase == Phase.AwaitingSettings && (header.Type != FrameType.Settings || header.Has(FrameFlags.Ack)))
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.FirstSettings);
        return header.Type switch
        {
            FrameType.Data => OnData(ref core, header, payload, now, effects),
            FrameType.Headers => OnHeaders(ref core, header, payload, now, effects),
            FrameType.Priority => OnPriority(ref core, header, payload, now),
            FrameType.RstStream => OnRstStream(ref core, header, payload, now, effects),
            FrameType.Settings => OnSettings(ref core, header, payload, now, effects),
            FrameType.PushPromise => OnPushPromise(ref core, header, payload, now, effects),
            FrameType.Ping => OnPing(ref core, header, payload, now, effects),
            FrameType.GoAway => OnGoAway(ref core, header, payload, now, effects),
            FrameType.WindowUpdate => OnWindowUpdate(ref core, header, payload, now),
            FrameType.Continuation => OnContinuation(ref core, header, payload, now, effects),
            FrameType.PriorityUpdate => OnPriorityUpdate(ref core, header, payload, now),
            // §4.1, §5.5: types that are unknown, or of no use to this end, are ignored; a flood of them is not
            _ => SpendGlitch(ref core, now, Rules.UselessFrames),
        };
    }
}
