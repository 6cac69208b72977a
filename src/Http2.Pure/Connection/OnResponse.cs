using Hpack.Pure;

namespace Http2.Pure;

/// <content>Responses and promises that come to a client (RFC 9113 §8.1, §8.4).</content>
public static partial class Connection
{
    private static Fault? OnResponse(ref Core core, in BlockTarget target, in FieldList fields, StreamRecord before, EffectBuffer effects)
    {
        var id = target.Id;
        var verdict = ResponseRules.Judge(
            id, fields, target.EndStream, !before.Has(StreamFlags.Head), core.Options, out var head, out var fault);
        if (verdict == HeadVerdict.TooLarge)
            return new Fault.OfStream(id, ErrorCode.EnhanceYourCalm, Rules.HeaderListTooLarge);
        if (fault is not null)
            return fault;
        var stream = before with { State = Lifecycle.Move(before.State, StreamInput.ReceiveHeaders).State };
        if (head.Status < 200)
        {
            // a promised response that began is no longer reserved
            Put(ref core, before, stream);
            effects.Events.Add(new ConnectionEvent.InformationalReceived(id, head));
            return null;
        }
        var bodiless = stream.Has(StreamFlags.Head) || head.Status is 204 or 304;
        var tunnel = stream.Has(StreamFlags.Connect) && head.Status is >= 200 and < 300;
        stream = stream with
        {
            // §8.5: a CONNECT that was refused is a response like any other
            Flags = (stream.Flags & ~(tunnel ? StreamFlags.None : StreamFlags.Connect))
                | StreamFlags.Responded | (bodiless ? StreamFlags.Bodiless : StreamFlags.None),
            ReceiveLeft = bodiless ? 0 : tunnel ? -1 : head.ContentLength,
        };
        effects.Events.Add(new ConnectionEvent.ResponseReceived(id, head, target.EndStream));
        if (target.EndStream)
            EndReceiving(ref core, before, stream, effects);
        else
            Put(ref core, before, stream);
        return null;
    }

    private static Fault? OnPromise(ref Core core, in BlockTarget target, in FieldList fields, long now, EffectBuffer effects)
    {
        var promised = target.Promised;
        // §5.1.1: promised identifiers rise too
        if (promised.Value <= core.HighestPeer.Value)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.StreamIdentifier);
        var move = Lifecycle.Move(StateOf(core, target.Id, out _), StreamInput.ReceivePromise);
        if (!core.IsOwn(target.Id) || FaultOf(move, target.Id, Rules.PromiseParent) is not null)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PromiseParent);
        EnterPeerStream(ref core, promised, now);
        var verdict = RequestRules.JudgePromise(promised, fields, core.Options, out var head, out var fault);
        if (verdict == HeadVerdict.Excessive)
            return fault;
        core.Streams = core.Streams.With(new StreamRecord(promised, StreamState.ReservedRemote, StreamFlags.None));
        if (fault is not null)
            return fault;
        // §5.1: what was promised on a stream that we reset, or after we said no, is given up in silence; the rest by our limits
        if (move.Verdict == StreamVerdict.Ignore || !core.Ours.Latest.EnablePush || core.Closing.IsLocal)
            return GiveUpPromise(ref core, promised, ErrorCode.Cancel, effects);
        if (verdict == HeadVerdict.TooLarge || core.PeerStreams > core.Ours.Latest.MaxConcurrentStreams)
            return GiveUpPromise(ref core, promised, ErrorCode.RefusedStream, effects);
        core.Streams = core.Streams.With(
            new StreamRecord(promised, StreamState.ReservedRemote, StreamFlags.Known | FlagsOf(head.Method)));
        effects.Events.Add(new ConnectionEvent.PushPromised(target.Id, promised, head));
        return null;
    }

    private static Fault? GiveUpPromise(ref Core core, StreamId promised, ErrorCode code, EffectBuffer effects)
    {
        RstStreamFrame.Write(effects.Output, promised, code);
        Close(ref core, core.Streams.Find(promised)!, StreamState.ResetByUs, code, effects);
        return null;
    }
}
