using Hpack.Pure;

namespace Http2.Pure;

/// <content>Requests that come to a server (RFC 9113 §8.1).</content>
public static partial class Connection
{
    private static Fault? OnRequest(ref Core core, in BlockTarget target, in FieldList fields, long now, EffectBuffer effects)
    {
        var id = target.Id;
        // §5.1.1: a client opens odd streams; a server opens none by HEADERS
        if (core.Role == Role.Client || !id.IsClientInitiated)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.StreamIdentifier);
        EnterPeerStream(ref core, id, now);
        EarnUpdateCredit(ref core, UpdateCreditPerStream);
        var verdict = RequestRules.Judge(id, fields, target.EndStream, core.Options, out var head, out var fault);
        if (verdict == HeadVerdict.Excessive)
            return fault;
        // §5.1.2: enforced from the first octet, whether SETTINGS were acknowledged or not. §8.7: refused before any work was done
        if (core.PeerStreams > core.Ours.Latest.MaxConcurrentStreams || IsOverworked(core))
            return Reject(ref core, new Fault.OfStream(id, ErrorCode.RefusedStream, Rules.Concurrency));
        if (fault is { } wrong)
            return Reject(ref core, wrong);
        if (verdict == HeadVerdict.TooLarge)
            return AnswerTooLarge(ref core, target, effects);
        Admit(ref core, target, head, now, effects);
        // §5.1.1: a connection that runs out of identifiers is replaced in good time
        if (id.Value >= core.Options.LastStreamBeforeShutdown)
            BeginShutdown(ref core, now, isUnhurried: true, effects);
        return null;
    }

    private static void Admit(ref Core core, in BlockTarget target, in RequestHead head, long now, EffectBuffer effects)
    {
        SettleFresh(ref core);
        var flags = StreamFlags.Known | FlagsOf(head.Method);
        if (target.EndStream)
        {
            (core.Fresh, core.FreshFlags, core.FreshAt) = (target.Id, flags, now);
        }
        else
        {
            core.Streams = core.Streams.With(
                new StreamRecord(target.Id, StreamState.Open, flags) { ReceiveLeft = head.ContentLength, OpenedAt = now });
        }
        effects.Events.Add(new ConnectionEvent.RequestReceived(target.Id, head, target.EndStream));
    }

    /// <summary>A stream the application never hears of: it is entered so that it can be reset like any other.</summary>
    private static Fault Reject(ref Core core, Fault fault)
    {
        core.Streams = core.Streams.With(new StreamRecord(core.HighestPeer, StreamState.Open, StreamFlags.None));
        return fault;
    }

    /// <summary>
    /// RFC 9113 §10.5.1, RFC 6585 §5: a field section above the soft limit is answered here, with 431 and no work of the application.
    /// </summary>
    private static Fault? AnswerTooLarge(ref Core core, in BlockTarget target, EffectBuffer effects)
    {
        WriteHead(ref core, target.Id, new OutboundHead(431, [], 0, core.Date), endStream: true, effects);
        // §8.1: the answer is complete, so the rest of the request is not wanted
        if (!target.EndStream)
        {
            RstStreamFrame.Write(effects.Output, target.Id, ErrorCode.NoError);
            core.Closed = core.Closed.WithReset(target.Id, own: false);
        }
        core.PeerStreams--;
        effects.Events.Add(new ConnectionEvent.StreamFaulted(new(target.Id, ErrorCode.NoError, Rules.HeaderListTooLarge)));
        return null;
    }

    private static StreamFlags FlagsOf(ReadOnlySpan<byte> method) =>
        method.SequenceEqual("HEAD"u8) ? StreamFlags.Head : method.SequenceEqual("CONNECT"u8) ? StreamFlags.Connect : StreamFlags.None;
}
