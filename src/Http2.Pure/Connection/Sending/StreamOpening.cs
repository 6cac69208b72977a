using Hpack.Pure;

namespace Http2.Pure;

/// <summary>Streams that this end opens: requests of a client, pushes of a server. A refused command has changed and written nothing.</summary>
internal static class StreamOpening
{
    // The highest identifier that a server can promise: the largest even one.
    private const uint LastPromise = WireConstants.MaxStreamId - 1;

    /// <summary>Sends a request.</summary>
    public static Refusal Request(ref Core core, ReadOnlySpan<HeaderField> fields, bool endStream, Effects effects, out StreamId id)
    {
        id = StreamId.Connection;
        if (JudgeRequest(core) is var refusal && refusal != Refusal.None)
            return refusal;
        if (OutboundRules.JudgeRequest(fields, endStream, core.Peer.EnableConnectProtocol, out var request) is not null)
            return Refusal.InvalidField;
        id = Open(ref core, fields, request, endStream, effects);
        return Refusal.None;
    }

    /// <summary>Sends a request that was judged before.</summary>
    public static Refusal Request(ref Core core, PreparedRequest prepared, bool endStream, Effects effects, out StreamId id)
    {
        id = StreamId.Connection;
        if (JudgeRequest(core) is var refusal && refusal != Refusal.None)
            return refusal;
        var request = prepared.Request;
        // §8.1.1: octets of a body were declared, and none follow. RFC 8441 §3: extended CONNECT only where it was allowed
        if ((endStream && !request.Declared.IsMet) || (request.IsExtendedConnect && !core.Peer.EnableConnectProtocol))
            return Refusal.InvalidField;
        id = Open(ref core, prepared.Fields.AsSpan(), request, endStream, effects);
        return Refusal.None;
    }

    /// <summary>Promises a request.</summary>
    public static Refusal Push(ref Core core, StreamId parent, ReadOnlySpan<HeaderField> fields, Effects effects, out StreamId promised)
    {
        promised = StreamId.Connection;
        if (JudgePush(core, parent) is var refusal && refusal != Refusal.None)
            return refusal;
        if (OutboundRules.JudgePromise(fields, out var request) is not null)
            return Refusal.InvalidField;
        promised = new StreamId(core.Streams.HighestOwn.Value + 2);
        core.Streams.OpenOwn(promised);
        var start = PushPromiseFrame.Begin(effects.Output, promised);
        HeadSending.Encode(ref core, fields, effects);
        PushPromiseFrame.End(effects.Output, start, parent, core.Peer.MaxFrameSize);
        core.Streams.Put(null, new StreamRecord.Live(promised, StreamState.ReservedLocal, request.Kind));
        return Refusal.None;
    }

    /// <summary>Whether a request may be promised on a stream.</summary>
    public static Refusal JudgePush(in Core core, StreamId parent)
    {
        // §8.4: only servers push, and only when the client wants it
        if (core.Role != Role.Server || !core.Peer.EnablePush)
            return Refusal.PushDisabled;
        // §5.1.1: identifiers are used up some time
        if (GoingAway.IsGoing(core) || core.Streams.HighestOwn.Value >= LastPromise)
            return Refusal.GoingAway;
        var state = core.Streams.StateOf(parent, out var stream);
        // §8.4: on a stream of the client on which the server may still send
        if (!parent.IsClientInitiated || Lifecycle.Move(state, StreamInput.SendPromise).Verdict != StreamVerdict.Accept)
            return state is StreamState.HalfClosedLocal ? Refusal.StreamEnded : Refusal.StreamClosed;
        if (stream is { Outgoing.End: not null })
            return Refusal.StreamEnded;
        return core.Streams.OwnCount >= core.Peer.MaxConcurrentStreams || core.Streams.HighestOwn.Value / 2 >= core.Options.MaxPushes
            ? Refusal.PushLimitReached
            : Refusal.None;
    }

    // Whether a request may be sent now, whatever it is.
    private static Refusal JudgeRequest(in Core core)
    {
        if (core.Role != Role.Client)
            return Refusal.WrongRole;
        // §6.8: no streams are opened once either end is going away. §5.1.1: nor when identifiers are used up
        if (GoingAway.IsGoing(core) || NextRequest(core).Value > WireConstants.MaxStreamId)
            return Refusal.GoingAway;
        // §5.1.2: the limit of the peer
        return core.Streams.OwnCount >= core.Peer.MaxConcurrentStreams ? Refusal.TooManyStreams : Refusal.None;
    }

    private static StreamId NextRequest(in Core core) => new(core.Streams.HighestOwn.IsConnection ? 1 : core.Streams.HighestOwn.Value + 2);

    private static StreamId Open(
        ref Core core, ReadOnlySpan<HeaderField> fields, in OutboundRequest request, bool endStream, Effects effects)
    {
        var id = NextRequest(core);
        core.Streams.OpenOwn(id);
        HeadSending.WriteFields(ref core, id, fields, endStream, effects);
        var left = request.Kind == RequestKind.Connect ? DeclaredLength.None : request.Declared;
        if (endStream && request.Kind == RequestKind.Plain && !left.IsDeclared)
        {
            core.Streams.PutAwaited(id);
            return id;
        }
        // At once in the state behind its END_STREAM: a record for a moment would be one too many.
        var state = endStream ? Lifecycle.Move(StreamState.Open, StreamInput.SendEndStream).State : StreamState.Open;
        core.Streams.Put(null, new StreamRecord.Live(id, state, request.Kind) { Outgoing = Outgoing.Nothing with { Left = left } });
        return id;
    }
}
