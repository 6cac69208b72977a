namespace Http2.Pure;

/// <content>DATA: bodies, their length, and the windows they spend (RFC 9113 §6.1).</content>
public static partial class Connection
{
    private static Fault? OnData(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now, EffectBuffer effects)
    {
        if (DataFrame.Parse(header, payload, out var data) is { } fault)
            return fault;
        // §6.1, §6.9.1: all of the payload counts, padding and its length included, whatever becomes of the stream
        core.ReceiveWindow = core.ReceiveWindow.Spend(payload.Length);
        if (core.ReceiveWindow.Octets < 0)
            return new Fault.OfConnection(ErrorCode.FlowControlError, Rules.WindowOverrun);
        var id = header.StreamId;
        if (IsPastGoAway(core, id))
        {
            Replenish(ref core, effects);
            return null;
        }
        var state = StateOf(core, id, out var stream);
        var move = Lifecycle.Move(state, StreamInput.ReceiveData);
        var end = header.Has(FrameFlags.EndStream);
        var refusal = move.Verdict == StreamVerdict.Accept
            ? JudgeData(core, stream!, payload.Length, data.Data.Length, end)
            : FaultOf(move, id, RuleAgainst(state));
        if (refusal is not null || move.Verdict != StreamVerdict.Accept)
        {
            // §5.1: what nobody will read is given back at once, else dead streams would use up the connection's window
            Replenish(ref core, effects);
            return refusal;
        }
        Deliver(ref core, stream!, payload.Length, data.Data.Memory, end, effects);
        // empty frames that end nothing cost the sender nine octets and the receiver a turn
        return data.Data.IsEmpty && !end ? SpendGlitch(ref core, now, Rules.UselessFrames) : null;
    }

    /// <summary>The rule that says why a stream in <paramref name="state"/> takes no DATA and no HEADERS.</summary>
    private static Rule RuleAgainst(StreamState state) => state switch
    {
        StreamState.Idle or StreamState.ReservedLocal or StreamState.ReservedRemote => Rules.Idle,
        StreamState.HalfClosedRemote => Rules.HalfClosedRemote,
        _ => Rules.ClosedStream,
    };

    private static Fault? JudgeData(in Core core, StreamRecord stream, int spent, int octets, bool end)
    {
        // §6.9.1: overrunning a stream's window is a fault of the connection here, since the peer's bookkeeping is broken. What spends
        // nothing may come even when SETTINGS have made the window negative
        if (spent > 0 && stream.ReceiveOffset.Grow(core.Ours.ReceiveWindow).Spend(spent).Octets < 0)
            return new Fault.OfConnection(ErrorCode.FlowControlError, Rules.WindowOverrun);
        // §8.1: a client gets the head of the response before its body
        if (core.Role == Role.Client && !stream.Has(StreamFlags.Responded))
            return new Fault.OfStream(stream.Id, ErrorCode.ProtocolError, Rules.DataBeforeHead);
        if (core.Role == Role.Client && octets > 0 && stream.Has(StreamFlags.Bodiless))
            return new Fault.OfStream(stream.Id, ErrorCode.ProtocolError, Rules.BodilessResponse);
        // §8.1.1: neither more than was declared, nor less at the end
        var left = stream.ReceiveLeft - octets;
        return stream.ReceiveLeft >= 0 && (left < 0 || (end && left != 0))
            ? new Fault.OfStream(stream.Id, ErrorCode.ProtocolError, Rules.ContentLength)
            : null;
    }

    private static void Deliver(ref Core core, StreamRecord stream, int spent, ReadOnlyMemory<byte> data, bool end, EffectBuffer effects)
    {
        if (!data.IsEmpty || end)
            effects.Events.Add(new ConnectionEvent.DataReceived(stream.Id, data, end));
        var padding = spent - data.Length;
        core.Unread += data.Length;
        Replenish(ref core, effects);
        var after = stream with
        {
            ReceiveOffset = stream.ReceiveOffset.Spend(spent),
            Unconsumed = stream.Unconsumed + data.Length,
            ReceiveLeft = stream.ReceiveLeft < 0 ? -1 : stream.ReceiveLeft - data.Length,
        };
        if (end)
            EndReceiving(ref core, stream, after, effects);
        else
            Put(ref core, stream, GiveBack(core, after, padding, effects));
    }
}
