namespace Http2.Pure;

/// <summary>DATA: bodies, their length, and the windows they spend (RFC 9113 §6.1).</summary>
internal static class DataReceiving
{
    public static Fault? OnData(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        if (DataFrame.Parse(header, payload, out var data) is { } fault)
            return fault;
        // §6.1, §6.9.1: all of the payload counts, padding and its length included, whatever becomes of the stream
        if (!core.Flow.TrySpendReceive(payload.Length))
            return new Fault.OfConnection(ErrorCode.FlowControlError, Rules.WindowOverrun);
        var id = header.StreamId;
        if (GoingAway.IsPastGoAway(core, id))
        {
            Crediting.Refill(ref core, turn.Effects);
            return null;
        }
        var state = core.Streams.StateOf(id, out var stream);
        var move = Lifecycle.Move(state, StreamInput.ReceiveData);
        var end = header.Has(FrameFlags.EndStream);
        var left = DeclaredLength.None;
        var wrong = move.Verdict == StreamVerdict.Accept
            ? Judge(core, stream!, payload.Length, data.Data.Length, end, out left)
            : FaultAnswering.FaultOf(move, id, RuleAgainst(state));
        if (wrong is not null || move.Verdict != StreamVerdict.Accept)
        {
            // §5.1: what nobody will read is given back at once; otherwise dead streams would use up the window of the connection
            Crediting.Refill(ref core, turn.Effects);
            return wrong;
        }
        if (!data.Data.IsEmpty || end)
            turn.Tell(new ConnectionEvent.DataReceived(id, data.Data.Memory, end));
        if (end && Lifecycle.Move(state, StreamInput.ReceiveEndStream).State == StreamState.Ended)
        {
            // The last frame of most responses: what nobody can consume any more is never owed, and no value of the stream is made that nobody sees.
            StreamClosing.Close(ref core, stream!, StreamState.Ended, ErrorCode.NoError, turn.Effects);
            return null;
        }
        core.Flow.Deliver(data.Data.Length);
        Crediting.Refill(ref core, turn.Effects);
        var after = stream! with { Incoming = stream.Incoming.Deliver(payload.Length, data.Data.Length, left) };
        // Padding is given back at once: the application never sees it.
        if (end)
            StreamClosing.EndReceiving(ref core, stream, after, turn.Effects);
        else
            core.Streams.Put(stream, Crediting.GiveBack(core, after, payload.Length - data.Data.Length, turn.Effects));
        // An empty frame that ends nothing costs its sender nine octets, and the receiver a turn.
        return data.Data.IsEmpty && !end ? core.Allowances.ChargeGlitch(turn.Now, Rules.UselessFrames) : null;
    }

    /// <summary>The rule that says why a stream in <paramref name="state"/> takes no DATA and no HEADERS.</summary>
    public static Rule RuleAgainst(StreamState state) => state switch
    {
        StreamState.Idle or StreamState.ReservedLocal or StreamState.ReservedRemote => Rules.Idle,
        StreamState.HalfClosedRemote => Rules.HalfClosedRemote,
        _ => Rules.ClosedStream,
    };

    private static Fault? Judge(in Core core, StreamRecord.Live stream, int spent, int octets, bool end, out DeclaredLength left)
    {
        left = default;
        // §6.9.1: to overrun the window of a stream is a fault of the connection here, since the bookkeeping of the peer is broken. A frame
        // that spends nothing may come even when SETTINGS have made the window negative
        if (spent > 0 && stream.Incoming.Offset.Grow(core.Ours.ReceiveWindow).Spend(spent).Octets < 0)
            return new Fault.OfConnection(ErrorCode.FlowControlError, Rules.WindowOverrun);
        // §8.1: a client gets the head of the response before its body
        if (core.Role == Role.Client && stream.Response == ResponseStage.Awaited)
            return new Fault.OfStream(stream.Id, ErrorCode.ProtocolError, Rules.DataBeforeHead);
        if (core.Role == Role.Client && octets > 0 && stream.Response == ResponseStage.WithoutBody)
            return new Fault.OfStream(stream.Id, ErrorCode.ProtocolError, Rules.BodilessResponse);
        // §8.1.1: neither more than was declared, nor less at the end
        return stream.Incoming.Left.TryTake(octets, end, out left)
            ? null
            : new Fault.OfStream(stream.Id, ErrorCode.ProtocolError, Rules.ContentLength);
    }
}
