using Hpack.Pure;

namespace Http2.Pure;

/// <summary>Requests that a server promises to a client (RFC 9113 §8.4).</summary>
internal static class PromiseReceiving
{
    public static Fault? OnPromise(ref Core core, in BlockTarget target, in FieldList fields, Turn turn)
    {
        var promised = target.Promised;
        // §5.1.1: promised identifiers rise too
        if (promised.Value <= core.Streams.HighestPeer.Value)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.StreamIdentifier);
        var move = Lifecycle.Move(core.Streams.StateOf(target.Id, out _), StreamInput.ReceivePromise);
        if (!core.Streams.IsOwn(target.Id) || FaultAnswering.FaultOf(move, target.Id, Rules.PromiseParent) is not null)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PromiseParent);
        core.Streams.OpenPeer(promised, turn.Now);
        var verdict = RequestRules.JudgePromise(promised, fields, core.Options, out var head);
        if (verdict is HeadVerdict.Excessive excessive)
            return excessive.Fault;
        if (verdict is HeadVerdict.Malformed malformed)
            return FaultAnswering.RefuseStream(ref core, malformed.Fault, turn);
        // §5.1: a promise on a stream that this end reset, or after it said that it takes none, is given up in silence; so is one beyond limits
        if (move.Verdict == StreamVerdict.Ignore || !core.Ours.Latest.EnablePush || core.Closing.IsLocal)
            return GiveUp(ref core, promised, ErrorCode.Cancel, turn.Effects);
        if (verdict is HeadVerdict.TooLarge || core.Streams.PeerCount > core.Ours.Latest.MaxConcurrentStreams)
            return GiveUp(ref core, promised, ErrorCode.RefusedStream, turn.Effects);
        core.Streams.Add(new(promised, StreamState.ReservedRemote, RequestKinds.Of(head.Method)));
        turn.Tell(new ConnectionEvent.PushPromised(target.Id, promised, head));
        return null;
    }

    private static Fault? GiveUp(ref Core core, StreamId promised, ErrorCode code, Effects effects)
    {
        StreamClosing.ResetUnrecorded(ref core, promised, code, effects);
        return null;
    }
}
