using Hpack.Pure;

namespace Http2.Pure;

/// <summary>Requests that come to a server (RFC 9113 §8.1).</summary>
internal static class RequestReceiving
{
    public static Fault? OnRequest(ref Core core, in BlockTarget target, in FieldList fields, Turn turn)
    {
        var id = target.Id;
        // §5.1.1: a client opens odd streams; a server opens none by HEADERS
        if (core.Role == Role.Client || !id.IsClientInitiated)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.StreamIdentifier);
        core.Streams.OpenPeer(id, turn.Now);
        core.Allowances.EarnUpdates(Allowances.UpdatesPerStream);
        var verdict = RequestRules.Judge(id, fields, target.EndStream, core.Options, out var head);
        if (verdict is HeadVerdict.Excessive excessive)
            return excessive.Fault;
        // §5.1.2: enforced from the first octet, whether SETTINGS were acknowledged or not. §8.7: refused before any work was done
        if (core.Streams.PeerCount > core.Ours.Latest.MaxConcurrentStreams || ResetCosts.IsOverworked(core))
            return FaultAnswering.RefuseStream(ref core, new(id, ErrorCode.RefusedStream, Rules.Concurrency), turn);
        if (verdict is HeadVerdict.Malformed malformed)
            return FaultAnswering.RefuseStream(ref core, malformed.Fault, turn);
        if (verdict is HeadVerdict.TooLarge)
            return AnswerTooLarge(ref core, target, turn.Effects);
        Admit(ref core, target, head, turn);
        // §5.1.1: a connection that runs out of identifiers is replaced in good time
        if (id.Value >= (uint)core.Options.LastStreamBeforeShutdown)
            GoingAway.BeginShutdown(ref core, isUnhurried: true, turn);
        return null;
    }

    private static void Admit(ref Core core, in BlockTarget target, in RequestHead head, Turn turn)
    {
        var kind = RequestKinds.Of(head.Method);
        if (target.EndStream)
        {
            core.Streams.AddFresh(new(target.Id, kind, turn.Now));
        }
        else
        {
            core.Streams.Add(new(target.Id, StreamState.Open, kind)
            {
                OpenedAt = turn.Now, Incoming = new() { Left = DeclaredLength.OfOptional(head.ContentLength) },
            });
        }
        turn.Tell(new ConnectionEvent.RequestReceived(target.Id, head, target.EndStream));
    }

    /// <summary>
    /// RFC 9113 §10.5.1, RFC 6585 §5: a field section above the soft limit is answered here, with 431 and no work of the application.
    /// </summary>
    private static Fault? AnswerTooLarge(ref Core core, in BlockTarget target, Effects effects)
    {
        HeadSending.WriteResponse(ref core, target.Id, new OutboundHead(431, [], 0, core.Date), endStream: true, effects);
        if (!target.EndStream)
            ResetBehindAnswer.Begin(ref core, target.Id, effects);
        core.Streams.CloseUnrecorded(target.Id, byReset: !target.EndStream);
        effects.Events.Add(new ConnectionEvent.StreamFaulted(new(target.Id, ErrorCode.NoError, HeaderRules.ListTooLarge)));
        return null;
    }
}
