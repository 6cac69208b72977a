namespace Http2.Pure;

/// <summary>Takes octets from the peer, and hands each frame to the function for its type.</summary>
internal static class FrameReceiving
{
    /// <summary>Takes the preface or one frame.</summary>
    /// <param name="core">The state.</param>
    /// <param name="octets">What can be read.</param>
    /// <param name="turn">Where effects go, and the time.</param>
    /// <returns>How many octets were used up; 0 when a whole frame is not there yet, or nothing is taken any more.</returns>
    public static int Receive(ref Core core, ReadOnlyMemory<byte> octets, Turn turn)
    {
        // A connection that is over takes nothing more, whatever comes; nor does one whose input has ended.
        if (core.Phase == Phase.Finished || core.Closing.InputEnded)
            return 0;
        var fault = core.Phase == Phase.AwaitingPreface
            ? ReceivePreface(ref core, octets.Span, out var consumed)
            : ReceiveFrame(ref core, octets, turn, out consumed);
        if (fault is not null)
            FaultAnswering.AnswerFault(ref core, fault, turn);
        return consumed;
    }

    private static Fault? ReceivePreface(ref Core core, ReadOnlySpan<byte> octets, out int consumed)
    {
        consumed = 0;
        var preface = WireConstants.Preface;
        var length = Math.Min(octets.Length, preface.Length);
        // Judged as soon as one octet differs, so that a client that speaks another protocol is not left waiting.
        if (!octets[..length].SequenceEqual(preface[..length]))
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.Preface);
        if (length < preface.Length)
            return null;
        core.Phase = Phase.AwaitingSettings;
        consumed = preface.Length;
        return null;
    }

    private static Fault? ReceiveFrame(ref Core core, ReadOnlyMemory<byte> octets, Turn turn, out int consumed)
    {
        consumed = 0;
        if (octets.Length < FrameHeader.Size)
            return null;
        var header = FrameHeader.Parse(octets.Span);
        // §4.2: judged before the payload comes. Not every frame that is too large has to end the connection, but its payload would have to
        // be skipped
        if (header.Length > core.Ours.MaxFrameSize)
            return new Fault.OfConnection(ErrorCode.FrameSizeError, FrameRules.FrameTooLarge);
        if (octets.Length < FrameHeader.Size + header.Length)
            return null;
        consumed = FrameHeader.Size + header.Length;
        // The answer to a PING of this end shows that the peer is there, not that it wants something.
        if (header.Type != FrameType.Ping || !header.Has(FrameFlags.Ack))
            core.Liveness.Hear(turn.Now);
        return Dispatch(ref core, header, octets.Slice(FrameHeader.Size, header.Length), turn);
    }

    private static Fault? Dispatch(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        // §6.10, §4.3: a field block is one unit; nothing may come between its frames
        if (core.Block?.Block.CheckNext(header) is { } interrupted)
            return interrupted;
        // §3.4: SETTINGS comes first, and it is no acknowledgement
        if (core.Phase == Phase.AwaitingSettings && (header.Type != FrameType.Settings || header.Has(FrameFlags.Ack)))
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.FirstSettings);
        return header.Type switch
        {
            FrameType.Data => DataReceiving.OnData(ref core, header, payload, turn),
            FrameType.Headers => BlockReceiving.OnHeaders(ref core, header, payload, turn),
            FrameType.Priority => PriorityReceiving.OnPriority(ref core, header, payload, turn),
            FrameType.RstStream => ControlReceiving.OnRstStream(ref core, header, payload, turn),
            FrameType.Settings => SettingsReceiving.OnSettings(ref core, header, payload, turn),
            FrameType.PushPromise => BlockReceiving.OnPushPromise(ref core, header, payload, turn),
            FrameType.Ping => ControlReceiving.OnPing(ref core, header, payload, turn),
            FrameType.GoAway => ControlReceiving.OnGoAway(ref core, header, payload, turn),
            FrameType.WindowUpdate => WindowReceiving.OnWindowUpdate(ref core, header, payload, turn),
            FrameType.Continuation => BlockReceiving.OnContinuation(ref core, header, payload, turn),
            FrameType.PriorityUpdate => PriorityReceiving.OnPriorityUpdate(ref core, header, payload, turn),
            // §4.1, §5.5: a frame of a type that is unknown, or of no use to this end, is ignored; a flood of them is not
            _ => core.Allowances.ChargeGlitch(turn.Now, Rules.UselessFrames),
        };
    }
}
