using System.Text;

namespace Http2.Pure;

/// <content>The only place where faults become frames (RFC 9113 §5.4).</content>
public static partial class Connection
{
    /// <summary>The fault that a transition's verdict stands for, or null when it is none.</summary>
    private static Fault? FaultOf(Transition move, StreamId id, Rule rule) => move.Verdict switch
    {
        StreamVerdict.ConnectionError => new Fault.OfConnection(move.Code, rule),
        StreamVerdict.StreamError => new Fault.OfStream(id, move.Code, rule),
        _ => null,
    };

    private static void Settle(ref Core core, Fault fault, long now, EffectBuffer effects)
    {
        if (fault is Fault.OfConnection ofConnection)
            SettleConnection(ref core, ofConnection, effects);
        else if (fault is Fault.OfStream ofStream)
            SettleStream(ref core, ofStream, now, effects);
    }

    private static void SettleConnection(ref Core core, Fault.OfConnection fault, EffectBuffer effects)
    {
        // §5.4.1: GOAWAY says how far this end got, then the connection closes. The debug data name the rule, for whoever reads a trace
        var debug = Encoding.UTF8.GetBytes($"{fault.Rule.Document} {fault.Rule.Section}: {fault.Rule.Requirement}");
        SendGoAway(ref core, LastTaken(core), fault.Code, isFinal: true, effects, debug);
        CloseAll(ref core, fault.Code, effects);
        effects.Events.Add(new ConnectionEvent.ConnectionFaulted(fault));
    }

    private static void SettleStream(ref Core core, Fault.OfStream fault, long now, EffectBuffer effects)
    {
        if (IsPastGoAway(core, fault.Id))
            return;
        var state = StateOf(core, fault.Id, out var stream);
        // §5.4.2: a stream that this end reset is not reset twice
        if (state == StreamState.ResetByUs)
            return;
        // §5.1: an idle stream must not be reset; what else can be done about a closed one is the same
        if (state == StreamState.Idle || state.IsClosed() || IsProvoked(core, state, stream))
        {
            SettleConnection(ref core, new Fault.OfConnection(fault.Code, fault.Rule), effects);
            return;
        }
        if (core.Role == Role.Server && SpendReset(ref core, fault, now) is { } flood)
        {
            SettleConnection(ref core, flood, effects);
            return;
        }
        RstStreamFrame.Write(effects.Output, fault.Id, fault.Code);
        effects.Events.Add(new ConnectionEvent.StreamFaulted(fault));
        Close(ref core, LiveRecord(ref core, fault.Id)!, StreamState.ResetByUs, fault.Code, effects);
    }

    /// <summary>
    /// CVE-2025-8671: a client whose request is complete has no reason left to err on its stream. To make the server reset what it works on
    /// would free the client's place while the work goes on, at no cost by <see cref="SpendPeerReset"/>, so such faults end the connection.
    /// </summary>
    private static bool IsProvoked(in Core core, StreamState state, StreamRecord? stream) =>
        core.Role == Role.Server && state == StreamState.HalfClosedRemote && (stream is null || stream.Has(StreamFlags.Known));

    // refusing is this end's wish: before the limit is acknowledged, or while much work goes on for closed streams, honest clients meet it too
    private static Fault.OfConnection? SpendReset(ref Core core, Fault.OfStream fault, long now) =>
        fault.Code == ErrorCode.RefusedStream
            ? SpendGlitch(ref core, now, Rules.RefusedFlood)
            : SpendCausedReset(ref core, now);
}
