using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// HEADERS, PUSH_PROMISE and CONTINUATION: a block is decoded first, so that the compression state survives whatever becomes of the stream
/// (RFC 9113 §4.3); then it is judged.
/// </summary>
internal static class BlockReceiving
{
    public static Fault? OnHeaders(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        if (HeadersFrame.Parse(header, payload, out var headers) is { } fault)
            return fault;
        if (header.Has(FrameFlags.EndHeaders))
        {
            var target = new BlockTarget(header.StreamId, header.Has(FrameFlags.EndStream), StreamId.Connection);
            return OnBlock(ref core, target, headers.Fragment.Span, turn);
        }
        return HeaderBlock.OfHeaders(header, headers.Fragment, BlockLimits.Of(core.Options), out var block)
            ?? KeepOpen(ref core, block!, turn.Now);
    }

    public static Fault? OnPushPromise(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        // §8.4: only servers push
        if (core.Role == Role.Server)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PushByClient);
        if (PushPromiseFrame.Parse(header, payload, out var promise) is { } fault)
            return fault;
        // §6.6: once the peer has acknowledged that pushes are off, a push is a connection error
        if (!core.Ours.Acknowledged.EnablePush)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.EnablePushOff);
        // Stryker disable once Boolean : a promise ends no stream, whatever is said here
        if (header.Has(FrameFlags.EndHeaders))
            return OnBlock(ref core, new(header.StreamId, false, promise.Promised), promise.Fragment.Span, turn);
        return HeaderBlock.OfPushPromise(header, promise.Promised, promise.Fragment, BlockLimits.Of(core.Options), out var block)
            ?? KeepOpen(ref core, block!, turn.Now);
    }

    public static Fault? OnContinuation(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        // §6.10: CONTINUATION without an open block is a connection error
        if (core.Block is not { } open)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.StrayContinuation);
        if (open.Block.Append(payload, BlockLimits.Of(core.Options), out var block) is { } fault)
            return fault;
        if (!header.Has(FrameFlags.EndHeaders))
            return KeepOpen(ref core, block, open.Since);
        core.Block = null;
        return OnBlock(ref core, new(block.StreamId, block.EndStream, block.Promised), block.Join().Span, turn);
    }

    private static Fault? KeepOpen(ref Core core, HeaderBlock block, long since)
    {
        core.Block = new(block, since);
        return null;
    }

    private static Fault? OnBlock(ref Core core, in BlockTarget target, ReadOnlySpan<byte> block, Turn turn)
    {
        var limit = core.Options.MaxHeaderListSizeHard;
        var error = HpackDecoder.Decode(core.Decoder, block, limit, turn.Effects.Arena, out var fields, out var decoder);
        // §4.3: after a block that cannot be decoded no other can be
        if (error.Kind != HpackErrorKind.None)
            return new Fault.OfConnection(ErrorCode.CompressionError, Rules.Compression);
        core.Decoder = decoder;
        if (!target.Promised.IsConnection)
            return PromiseReceiving.OnPromise(ref core, target, fields, turn);
        // §6.8: streams beyond the GOAWAY of this end are not looked at, but their blocks were decoded
        if (GoingAway.IsPastGoAway(core, target.Id))
            return Discard(ref core, fields);
        var state = core.Streams.StateOf(target.Id, out var stream);
        var move = Lifecycle.Move(state, StreamInput.ReceiveHeaders);
        if (move.Verdict == StreamVerdict.Ignore)
            return Discard(ref core, fields);
        if (move.Verdict != StreamVerdict.Accept)
            return Refuse(core, target.Id, state, move);
        if (state == StreamState.Idle)
            return RequestReceiving.OnRequest(ref core, target, fields, turn);
        return core.Role == Role.Client && stream!.Response == ResponseStage.Awaited
            ? ResponseReceiving.OnResponse(ref core, target, fields, stream, turn.Effects)
            : OnTrailers(ref core, target, fields, stream!, turn.Effects);
    }

    private static Fault? OnTrailers(ref Core core, in BlockTarget target, in FieldList fields, StreamRecord.Live stream, Effects effects)
    {
        // §8.5: a tunnel has no trailers
        if (stream.Kind == RequestKind.Connect)
            return new Fault.OfStream(target.Id, ErrorCode.ProtocolError, Rules.ConnectFrames);
        var verdict = ResponseRules.JudgeTrailers(target.Id, fields, target.EndStream, core.Role == Role.Server, core.Options);
        if (verdict.FaultOn(target.Id) is { } fault)
            return fault;
        // §8.1.1: the body ended here, and it is too short
        if (!stream.Incoming.Left.IsMet)
            return new Fault.OfStream(target.Id, ErrorCode.ProtocolError, Rules.ContentLength);
        effects.Events.Add(new ConnectionEvent.TrailersReceived(target.Id, fields));
        StreamClosing.EndReceiving(ref core, stream, stream, effects);
        return null;
    }

    private static Fault? Refuse(in Core core, StreamId id, StreamState state, Transition move) =>
        // §5.1.1: an identifier that was passed over was never used, so this is one that does not rise
        !core.Streams.IsOwn(id) && core.Streams.Closed.Skipped.Contains(id)
            ? new Fault.OfConnection(ErrorCode.ProtocolError, Rules.StreamIdentifier)
            : FaultAnswering.FaultOf(move, id, DataReceiving.RuleAgainst(state));

    /// <summary>Drops a decoded block of a stream that is of no interest; its size still counts, so that no bomb is let through.</summary>
    private static Fault.OfConnection? Discard(ref Core core, in FieldList fields)
    {
        var verdict = SectionLimits.Judge(fields, core.Options);
        GoingAway.FinishWhenDone(ref core);
        return (verdict as HeadVerdict.Excessive)?.Fault;
    }
}
