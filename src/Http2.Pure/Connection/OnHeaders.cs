using Hpack.Pure;

namespace Http2.Pure;

/// <content>
/// HEADERS, PUSH_PROMISE and CONTINUATION: a block is always decoded first, so that the compression state survives whatever becomes of the
/// stream (RFC 9113 §4.3); then it is judged.
/// </content>
public static partial class Connection
{
    /// <summary>Where a block that is complete belongs.</summary>
    private readonly record struct BlockTarget(StreamId Id, bool EndStream, StreamId Promised);

    private static Fault? OnHeaders(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now, EffectBuffer effects)
    {
        if (HeadersFrame.Parse(header, payload, out var headers) is { } fault)
            return fault;
        if (!header.Has(FrameFlags.EndHeaders))
        {
            core.BlockAt = now;
            return HeaderBlock.OfHeaders(header, headers.Fragment, BlockLimits.Of(core.Options), out core.Block);
        }
        var target = new BlockTarget(header.StreamId, header.Has(FrameFlags.EndStream), StreamId.Connection);
        return OnBlock(ref core, target, headers.Fragment.Span, now, effects);
    }

    private static Fault? OnPushPromise(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now, EffectBuffer effects)
    {
        // §8.4: only servers push
        if (core.Role == Role.Server)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PushByClient);
        if (PushPromiseFrame.Parse(header, payload, out var promise) is { } fault)
            return fault;
        // §6.6: once the peer has acknowledged that pushes are off, one of them is a connection error
        if (!core.Ours.Acknowledged.EnablePush)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.EnablePushOff);
        if (!header.Has(FrameFlags.EndHeaders))
        {
            core.BlockAt = now;
            return HeaderBlock.OfPushPromise(header, promise.Promised, promise.Fragment, BlockLimits.Of(core.Options), out core.Block);
        }
        // Stryker disable once Boolean : a promise ends no stream, whatever is said here
        return OnBlock(ref core, new(header.StreamId, false, promise.Promised), promise.Fragment.Span, now, effects);
    }

    private static Fault? OnContinuation(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now, EffectBuffer effects)
    {
        // §6.10: CONTINUATION without an open block is a connection error
        if (core.Block is not { } open)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.StrayContinuation);
        if (open.Append(payload, BlockLimits.Of(core.Options), out var block) is { } fault)
            return fault;
        if (!header.Has(FrameFlags.EndHeaders))
        {
            core.Block = block;
            return null;
        }
        core.Block = null;
        return OnBlock(ref core, new(block.StreamId, block.EndStream, block.Promised), block.Join().Span, now, effects);
    }

    private static Fault? OnBlock(ref Core core, in BlockTarget target, ReadOnlySpan<byte> block, long now, EffectBuffer effects)
    {
        var limit = core.Options.MaxHeaderListSizeHard;
        var error = HpackDecoder.Decode(core.Decoder, block, limit, effects.Arena, out var fields, out var decoder);
        // §4.3: after a block that cannot be decoded nothing can be
        if (error.Kind != HpackErrorKind.None)
            return new Fault.OfConnection(ErrorCode.CompressionError, Rules.Compression);
        core.Decoder = decoder;
        if (!target.Promised.IsConnection)
            return OnPromise(ref core, target, fields, now, effects);
        // §6.8: streams beyond our GOAWAY are not looked at, but their blocks were decoded
        if (IsPastGoAway(core, target.Id))
            return Discard(ref core, fields);
        var state = StateOf(core, target.Id, out var stream);
        var move = Lifecycle.Move(state, StreamInput.ReceiveHeaders);
        if (move.Verdict == StreamVerdict.Ignore)
            return Discard(ref core, fields);
        if (move.Verdict != StreamVerdict.Accept)
            return RefuseHeaders(core, target.Id, state, move);
        if (state == StreamState.Idle)
            return OnRequest(ref core, target, fields, now, effects);
        return OnLaterBlock(ref core, target, fields, stream!, effects);
    }

    /// <summary>A block on a stream that is there: a response, or trailers of either kind.</summary>
    private static Fault? OnLaterBlock(ref Core core, in BlockTarget target, in FieldList fields, StreamRecord stream, EffectBuffer effects)
    {
        return core.Role == Role.Client && !stream.Has(StreamFlags.Responded)
            ? OnResponse(ref core, target, fields, stream, effects)
            : OnTrailers(ref core, target, fields, stream, effects);
    }

    private static Fault? OnTrailers(ref Core core, in BlockTarget target, in FieldList fields, StreamRecord stream, EffectBuffer effects)
    {
        // §8.5: a tunnel has no trailers
        if (stream.Has(StreamFlags.Connect))
            return new Fault.OfStream(target.Id, ErrorCode.ProtocolError, Rules.ConnectFrames);
        var verdict = ResponseRules.JudgeTrailers(
            target.Id, fields, target.EndStream, core.Role == Role.Server, core.Options, out var fault);
        if (verdict == HeadVerdict.TooLarge)
            return new Fault.OfStream(target.Id, ErrorCode.EnhanceYourCalm, Rules.HeaderListTooLarge);
        if (fault is not null)
            return fault;
        // §8.1.1: the body ended here, and it is too short
        if (stream.ReceiveLeft > 0)
            return new Fault.OfStream(target.Id, ErrorCode.ProtocolError, Rules.ContentLength);
        effects.Events.Add(new ConnectionEvent.TrailersReceived(target.Id, fields));
        EndReceiving(ref core, stream, stream, effects);
        return null;
    }

    private static Fault? RefuseHeaders(in Core core, StreamId id, StreamState state, Transition move) =>
        // §5.1.1: an identifier that was passed over was never used, so this is one that does not rise
        !core.IsOwn(id) && core.Closed.Skipped.Contains(id)
            ? new Fault.OfConnection(ErrorCode.ProtocolError, Rules.StreamIdentifier)
            : FaultOf(move, id, RuleAgainst(state));

    /// <summary>Drops a decoded block of a stream that is of no interest; its size still counts against a bomb.</summary>
    private static Fault? Discard(ref Core core, in FieldList fields)
    {
        _ = SectionLimits.Judge(fields, core.Options, out var fault);
        FinishWhenDone(ref core);
        return fault;
    }
}
