namespace Http2.Pure;

/// <content>Credit in both directions (RFC 9113 §5.2, §6.9).</content>
public static partial class Connection
{
    // what is normal before any DATA was sent: clients widen their windows at the start and for each request
    private const int InitialUpdateCredit = 100;
    private const int UpdateCreditPerFrame = 10;
    private const int UpdateCreditPerStream = 4;
    private const int MaxUpdateCredit = 1 << 20;

    private static void EarnUpdateCredit(ref Core core, int credit) =>
        core.UpdateCredit = Math.Min(core.UpdateCredit + credit, MaxUpdateCredit);

    /// <summary>A frame that is normal in proportion to streams and DATA; what goes beyond it is a glitch.</summary>
    private static Fault.OfConnection? SpendUpdate(ref Core core, long now, Rule rule)
    {
        if (core.UpdateCredit <= 0)
            return SpendGlitch(ref core, now, rule);
        core.UpdateCredit--;
        return null;
    }

    private static Fault? OnWindowUpdate(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now)
    {
        if (WindowUpdateFrame.Parse(header, payload, out var update) is { } fault)
            return fault;
        if (SpendUpdate(ref core, now, Rules.WindowUpdateFlood) is { } flood)
            return flood;
        return header.StreamId.IsConnection
            ? GrowConnectionWindow(ref core, update.Increment)
            : GrowStreamWindow(ref core, header.StreamId, update.Increment);
    }

    private static Fault.OfConnection? GrowConnectionWindow(ref Core core, uint increment)
    {
        core.SendWindow = core.SendWindow.Grow(increment);
        // §6.9.1: the connection's window may not pass 2^31-1
        return core.SendWindow.Overflows ? new Fault.OfConnection(ErrorCode.FlowControlError, Rules.WindowOverflow) : null;
    }

    private static Fault? GrowStreamWindow(ref Core core, StreamId id, uint increment)
    {
        if (IsPastGoAway(core, id))
            return null;
        var move = Lifecycle.Move(StateOf(core, id, out _), StreamInput.ReceiveWindowUpdate);
        if (move.Verdict != StreamVerdict.Accept)
            return FaultOf(move, id, Rules.Idle);
        var stream = LiveRecord(ref core, id)!;
        var offset = stream.SendOffset.Grow(increment);
        // §6.9.1: a stream's window may not pass 2^31-1 either, which ends the stream only
        if (offset.Grow(core.Peer.InitialWindow).Overflows)
            return new Fault.OfStream(id, ErrorCode.FlowControlError, Rules.WindowOverflow);
        Put(ref core, stream, stream with { SendOffset = offset });
        return null;
    }

    /// <summary>
    /// Judges a new initial window against the widest stream (RFC 9113 §6.9.2). The bound on offsets makes this one comparison; only when
    /// it says there may be an overflow are the streams looked at, and the bound is made exact.
    /// </summary>
    private static Fault.OfConnection? JudgeInitialWindow(ref Core core, uint initial)
    {
        if (!core.SendOffsetBound.Grow(initial).Overflows)
            return null;
        var bound = default(Window);
        foreach (var stream in core.Streams)
            bound = new Window(Math.Max(bound.Octets, stream.SendOffset.Octets));
        core.SendOffsetBound = bound;
        return bound.Grow(initial).Overflows ? new Fault.OfConnection(ErrorCode.FlowControlError, Rules.InitialWindowOverflow) : null;
    }

    /// <summary>
    /// Fills the connection's window up again. What streams have received and the application has not read is among it: each stream's own
    /// window bounds that already, and a body that nobody reads must not keep others from coming (RFC 9113 §5.2.2). Only a bound on what is
    /// unread (<see cref="Core.UnreadBound"/>) holds credit back.
    /// </summary>
    private static void Replenish(ref Core core, EffectBuffer effects)
    {
        var owed = WholeWindow(core) - HeldBack(core) - core.ReceiveWindow.Octets;
        if (core.Phase == Phase.Finished || !IsWorthAFrame(owed, WholeWindow(core), core.ReceiveWindow.Octets))
            return;
        WindowUpdateFrame.Write(effects.Output, StreamId.Connection, (uint)owed);
        core.ReceiveWindow = core.ReceiveWindow.Grow(owed);
    }

    private static long WholeWindow(in Core core) => Math.Max(core.Options.InitialConnectionWindow, WireConstants.InitialWindow);

    /// <summary>
    /// What the connection's window is short of while the application has so much unread: what is unread and what may still come are within
    /// the bound together, as long as that leaves a window at all.
    /// </summary>
    private static long HeldBack(in Core core)
    {
        var whole = WholeWindow(core);
        return core.UnreadBound == 0 ? 0 : Math.Clamp(core.Unread - Math.Max(core.UnreadBound - whole, 0), 0, whole);
    }

    /// <summary>
    /// Whether credit is announced now: half a window is worth a frame, and so is anything that is as much as the peer has left. The peer's
    /// credit at least doubles with each such frame, so there are few of them, and it never comes to its end while anything is owed.
    /// </summary>
    private static bool IsWorthAFrame(long owed, long window, long left) => owed > 0 && (owed >= window / 2 || owed >= left);

    /// <summary>Gives the peer back what it spent of a stream's window; of no use once the peer has ended the stream.</summary>
    private static StreamRecord GiveBack(in Core core, StreamRecord stream, long octets, EffectBuffer effects)
    {
        if (!stream.State.CanReceive())
            return stream;
        var (owed, window) = (stream.Owed + octets, core.Ours.Latest.InitialWindow);
        if (!IsWorthAFrame(owed, window, stream.ReceiveOffset.Grow(window).Octets))
            return octets == 0 ? stream : stream with { Owed = owed };
        WindowUpdateFrame.Write(effects.Output, stream.Id, (uint)owed);
        return stream with { Owed = 0, ReceiveOffset = stream.ReceiveOffset.Grow(owed) };
    }

    /// <summary>
    /// Announces what is owed on streams when their windows shrink: what was too little to be worth a frame may now be more than all
    /// that the peer has left, and a peer that cannot send gives no occasion to announce it later.
    /// </summary>
    private static void AnnounceOwed(ref Core core, EffectBuffer effects)
    {
        foreach (var stream in core.Streams)
            Put(ref core, stream, GiveBack(core, stream with { Owed = 0 }, stream.Owed, effects));
    }

    private static void ConsumeOctets(ref Core core, StreamId id, int octets, EffectBuffer effects)
    {
        // what a stream that is gone held was given back when it closed
        // Stryker disable once Equality : to give nothing back changes nothing
        if (octets <= 0 || core.Streams.Find(id) is not { } stream || stream.State.IsClosed())
            return;
        var taken = Math.Min(octets, stream.Unconsumed);
        core.Unread -= taken;
        Replenish(ref core, effects);
        Put(ref core, stream, GiveBack(core, stream with { Unconsumed = stream.Unconsumed - taken }, taken, effects));
    }

    private static void BoundUnreadOctets(ref Core core, long octets, EffectBuffer effects)
    {
        core.UnreadBound = Math.Max(octets, 0);
        Replenish(ref core, effects);
    }

    /// <summary>
    /// Whether the peer can go on with a stream's body: what it sent was read, it has credit on the stream, and what others have not read
    /// does not hold the connection's window back.
    /// </summary>
    private static bool IsPeerFree(in Core core, StreamId id) =>
        core.Streams.Find(id) is { Unconsumed: 0 } stream && HeldBack(core) == 0 && core.ReceiveWindow.Octets > 0
        && stream.ReceiveOffset.Grow(core.Ours.Latest.InitialWindow).Octets > 0;
}
