using System.Text;

namespace Http2.Pure;

/// <summary>The only place where faults of the peer become frames (RFC 9113 §5.4).</summary>
internal static class FaultAnswering
{
    /// <summary>Answers a fault with GOAWAY or RST_STREAM.</summary>
    public static void AnswerFault(ref Core core, Fault fault, Turn turn)
    {
        if (fault is Fault.OfConnection ofConnection)
            AnswerConnectionFault(ref core, ofConnection, turn.Effects);
        else if (fault is Fault.OfStream ofStream)
            AnswerStreamFault(ref core, ofStream, turn);
    }

    /// <summary>
    /// Resets a stream that the peer has just opened or promised with a fault, so that the application never hears of it.
    /// </summary>
    /// <returns>The fault of a client that has such streams reset too often, or null.</returns>
    public static Fault? RefuseStream(ref Core core, Fault.OfStream fault, Turn turn)
    {
        if (core.Role == Role.Server && ChargeReset(ref core, fault, turn.Now) is { } flood)
            return flood;
        StreamClosing.ResetUnrecorded(ref core, fault.Id, fault.Code, turn.Effects);
        turn.Tell(new ConnectionEvent.StreamFaulted(fault));
        return null;
    }

    /// <summary>The fault that a move of a stream stands for, or null when it stands for none.</summary>
    /// <param name="move">What the life cycle says.</param>
    /// <param name="id">The stream.</param>
    /// <param name="rule">The rule that is broken if any is.</param>
    public static Fault? FaultOf(Transition move, StreamId id, Rule rule) => move.Verdict switch
    {
        StreamVerdict.ConnectionError => new Fault.OfConnection(move.Code, rule),
        StreamVerdict.StreamError => new Fault.OfStream(id, move.Code, rule),
        _ => null,
    };

    private static void AnswerConnectionFault(ref Core core, Fault.OfConnection fault, Effects effects)
    {
        // §5.4.1: GOAWAY says how far this end got, then the connection closes. The debug data name the rule for whoever reads a trace
        var debug = Encoding.UTF8.GetBytes($"{fault.Rule.Document} {fault.Rule.Section}: {fault.Rule.Requirement}");
        GoingAway.SendGoAway(ref core, new(GoingAway.LastTaken(core), IsFinal: true), fault.Code, effects, debug);
        StreamClosing.CloseAll(ref core, fault.Code, effects);
        effects.Events.Add(new ConnectionEvent.ConnectionFaulted(fault));
    }

    private static void AnswerStreamFault(ref Core core, Fault.OfStream fault, Turn turn)
    {
        if (GoingAway.IsPastGoAway(core, fault.Id))
            return;
        var state = core.Streams.StateOf(fault.Id, out _);
        // §5.4.2: a stream that this end reset is not reset twice
        if (state == StreamState.ResetByUs)
            return;
        // §5.1: an idle stream must not be reset, and for a closed stream there is no better answer either
        if (state == StreamState.Idle || state.IsClosed() || IsProvoked(core, state))
        {
            AnswerConnectionFault(ref core, new Fault.OfConnection(fault.Code, fault.Rule), turn.Effects);
            return;
        }
        if (core.Role == Role.Server && ChargeReset(ref core, fault, turn.Now) is { } flood)
        {
            AnswerConnectionFault(ref core, flood, turn.Effects);
            return;
        }
        RstStreamFrame.Write(turn.Output, fault.Id, fault.Code);
        turn.Tell(new ConnectionEvent.StreamFaulted(fault));
        StreamClosing.Close(ref core, core.Streams.RecordOf(fault.Id)!, StreamState.ResetByUs, fault.Code, turn.Effects);
    }

    /// <summary>
    /// CVE-2025-8671: a client whose request is complete has no reason left to err on its stream. To make the server reset what it works on
    /// would free the place of the client while the work goes on, without the cost of a reset by the client (<see cref="ResetCosts"/>), so such
    /// faults end the connection.
    /// </summary>
    private static bool IsProvoked(in Core core, StreamState state) => core.Role == Role.Server && state == StreamState.HalfClosedRemote;

    // To refuse a stream is the wish of this end: before the limit is acknowledged, or while much work goes on for closed streams, honest
    // clients meet it too.
    private static Fault.OfConnection? ChargeReset(ref Core core, Fault.OfStream fault, long now) =>
        fault.Code == ErrorCode.RefusedStream
            ? core.Allowances.ChargeGlitch(now, Rules.RefusedFlood)
            : core.Allowances.ChargeCausedReset(now);
}
