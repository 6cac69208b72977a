using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Pure;

/// <content>What the application sends on its streams. A refused command has changed nothing and written nothing.</content>
public static partial class Connection
{
    // larger bodies wait for their turn, so that one answer does not hold up the others
    private const int MaxBodyAtOnce = 64 * 1024;

    /// <summary>Where a response may go: the fresh request, or a stream that waits for its response.</summary>
    private static Misuse FindUnanswered(in Core core, StreamId id, out StreamFlags flags, out StreamRecord? stream)
    {
        (flags, stream) = (core.FreshFlags, null);
        if (core.Role != Role.Server)
            return Misuse.WrongRole;
        if (id == core.Fresh && !id.IsConnection)
            return Misuse.None;
        stream = core.Streams.Find(id);
        if (stream is null || stream.State.IsClosed())
            return Misuse.StreamClosed;
        flags = stream.Flags;
        return stream.Has(StreamFlags.Responded) ? Misuse.ResponseAlreadySent : Misuse.None;
    }

    private static Misuse Respond(
        ref Core core, StreamId id, in OutboundHead head, ReadOnlyMemory<byte> body, bool endStream, EffectBuffer effects)
    {
        if (FindUnanswered(core, id, out var flags, out var before) is var found && found != Misuse.None)
            return found;
        if (JudgeResponse(head, flags, body.Length, endStream, out var left, out var bodiless) is var wrong && wrong != Misuse.None)
            return wrong;
        core.Stirred = true;
        var atOnce = body.Length <= RoomFor(core, before);
        WriteHead(ref core, id, head, endStream && body.IsEmpty, effects);
        if (atOnce && !body.IsEmpty)
            WriteBody(ref core, id, body.Span, endStream, effects);
        if (atOnce && endStream && before is not { State: StreamState.Open })
            EndAnswered(ref core, id, before, effects);
        else
            KeepAnswering(
                ref core, LiveRecord(ref core, id)!, head, atOnce ? body.Length : 0, atOnce ? default : body, endStream, left, bodiless, effects);
        return Misuse.None;
    }

    /// <summary>A response with a whole body that the caller writes.</summary>
    private static Misuse RespondInPlace(
        ref Core core, StreamId id, in OutboundHead head, int length, EffectBuffer effects, out BodyRoom room)
    {
        room = default;
        if (FindUnanswered(core, id, out var flags, out var before) is var found && found != Misuse.None)
            return found;
        if (length <= 0 || length > RoomFor(core, before))
            return Misuse.InvalidArgument;
        if (JudgeResponse(head, flags, length, endStream: true, out var left, out var bodiless) is var wrong && wrong != Misuse.None)
            return wrong;
        core.Stirred = true;
        WriteHead(ref core, id, head, endStream: false, effects);
        room = new BodyRoom(effects.Output, effects.Output.Length, length, core.Peer.MaxFrameSize);
        ReserveBody(ref core, id, length, effects);
        if (before is not { State: StreamState.Open })
            EndAnswered(ref core, id, before, effects);
        else
            KeepAnswering(ref core, before, head, length, default, endStream: true, left, bodiless, effects);
        return Misuse.None;
    }

    /// <summary>How long a body may be to go out with its head; without a record the stream's window is untouched.</summary>
    private static int RoomFor(in Core core, StreamRecord? stream)
    {
        var window = (stream?.SendOffset ?? default).Grow(core.Peer.InitialWindow).Room;
        return (int)Math.Min(MaxBodyAtOnce, Math.Min(window, core.SendWindow.Room));
    }

    /// <summary>The common case: the answer went out as one, and the request had ended.</summary>
    private static void EndAnswered(ref Core core, StreamId id, StreamRecord? stream, EffectBuffer effects)
    {
        if (stream is not null)
        {
            Close(ref core, stream, StreamState.Ended, ErrorCode.NoError, effects);
            return;
        }
        // the request came and went without ever having a record
        (core.Fresh, core.FreshFlags) = (StreamId.Connection, StreamFlags.None);
        core.PeerStreams--;
        EarnResetCredit(ref core);
        effects.Events.Add(new ConnectionEvent.StreamClosed(id, ErrorCode.NoError, Abnormal: false));
        FinishWhenDone(ref core);
    }

    private static void KeepAnswering(
        ref Core core, StreamRecord before, in OutboundHead head, int written, ReadOnlyMemory<byte> queued, bool endStream, long left,
        bool bodiless, EffectBuffer effects)
    {
        var atOnce = queued.IsEmpty;
        var tunnel = before.Has(StreamFlags.Connect) && head.Status is >= 200 and < 300;
        var after = before with
        {
            State = Lifecycle.Move(before.State, StreamInput.SendHeaders).State,
            Flags = (before.Flags & ~(tunnel ? StreamFlags.None : StreamFlags.Connect)) | StreamFlags.Responded
                | (bodiless ? StreamFlags.Bodiless : StreamFlags.None) | (endStream && !atOnce ? StreamFlags.EndQueued : StreamFlags.None),
            SendLeft = left,
            SendOffset = before.SendOffset.Spend(written),
            Outbound = before.Outbound.Add(new Octets(queued)),
        };
        if (atOnce && endStream)
            EndSending(ref core, before, after, effects);
        else
            Put(ref core, before, after);
    }

    private static Misuse JudgeResponse(
        in OutboundHead head, StreamFlags flags, int body, bool endStream, out long left, out bool bodiless)
    {
        left = -1;
        bodiless = (flags & StreamFlags.Head) != 0 || head.Status is 204 or 304;
        if (head.Status is < 200 or > 999)
            return Misuse.InvalidStatus;
        if (OutboundRules.JudgeResponse(head.Fields.AsSpan(), out var declared) is not null || !IsRegular(head.Date))
            return Misuse.InvalidField;
        // declared twice is fine as long as both say the same
        if (declared >= 0 && head.ContentLength >= 0 && declared != head.ContentLength)
            return Misuse.ContentLengthMismatch;
        declared = Math.Max(declared, head.ContentLength);
        var tunnel = (flags & StreamFlags.Connect) != 0 && head.Status is >= 200 and < 300;
        // RFC 9110 §8.6: neither 204 nor a tunnel has a length
        if (declared >= 0 && (head.Status == 204 || tunnel))
            return Misuse.InvalidField;
        // RFC 9110 §6.4.1: what HEAD and 304 declare is the length of a body that does not come
        if (bodiless)
            return body > 0 ? Misuse.BodyNotAllowed : Misuse.None;
        left = declared < 0 ? -1 : declared - body;
        return declared >= 0 && (left < 0 || (endStream && left != 0)) ? Misuse.ContentLengthMismatch : Misuse.None;
    }

    private static bool IsRegular(HeaderField? field) =>
        field is null || OutboundRules.JudgeResponse(new ReadOnlySpan<HeaderField>(in field), out _) is null;

    private static Misuse Inform(ref Core core, StreamId id, in OutboundHead head, EffectBuffer effects)
    {
        if (FindUnanswered(core, id, out _, out var before) is var found && found != Misuse.None)
            return found;
        // §8.6: 101 belongs to HTTP/1.1
        if (head.Status is < 100 or > 199 or 101)
            return Misuse.InvalidStatus;
        // RFC 9110 §8.6: an informational response has no length
        if (head.ContentLength >= 0 || !IsRegular(head.Date)
            || OutboundRules.JudgeResponse(head.Fields.AsSpan(), out var declared) is not null || declared >= 0)
            return Misuse.InvalidField;
        WriteHead(ref core, id, head, endStream: false, effects);
        if (before is { State: StreamState.ReservedLocal })
            Put(ref core, before, before with { State = Lifecycle.Move(before.State, StreamInput.SendHeaders).State });
        return Misuse.None;
    }

    /// <summary>A stream whose message may go on: a response that began, or a request.</summary>
    private static Misuse FindSending(ref Core core, StreamId id, out StreamRecord stream)
    {
        stream = null!;
        if (id == core.Fresh && !id.IsConnection)
            return Misuse.ResponseNotSent;
        if (core.Streams.Find(id) is not { } found || found.State.IsClosed())
            return Misuse.StreamClosed;
        stream = found;
        if (core.Role == Role.Server && !found.Has(StreamFlags.Responded))
            return Misuse.ResponseNotSent;
        return found.State.CanSend() && !found.Has(StreamFlags.EndQueued) ? Misuse.None : Misuse.StreamEnded;
    }

    private static Misuse Send(ref Core core, StreamId id, ReadOnlyMemory<byte> data, bool endStream, EffectBuffer effects)
    {
        if (FindSending(ref core, id, out var before) is var found && found != Misuse.None)
            return found;
        if (!data.IsEmpty && core.Role == Role.Server && before.Has(StreamFlags.Bodiless))
            return Misuse.BodyNotAllowed;
        var left = before.SendLeft < 0 ? -1 : before.SendLeft - data.Length;
        if (before.SendLeft >= 0 && (left < 0 || (endStream && left != 0)))
            return Misuse.ContentLengthMismatch;
        core.Stirred = true;
        if (data.IsEmpty && !endStream)
            return Misuse.None;
        var after = before with
        {
            SendLeft = left,
            Outbound = before.Outbound.Add(new Octets(data)),
            Flags = before.Flags | (endStream ? StreamFlags.EndQueued : StreamFlags.None),
        };
        if (!after.Outbound.IsEmpty)
        {
            Put(ref core, before, after);
            return Misuse.None;
        }
        // §6.9.1: an empty frame needs no window
        DataFrame.Write(effects.Output, id, [], endStream: true);
        EndSending(ref core, before, after, effects);
        return Misuse.None;
    }

    private static Misuse SendTrailers(ref Core core, StreamId id, ReadOnlySpan<HeaderField> fields, EffectBuffer effects)
    {
        if (FindSending(ref core, id, out var before) is var found && found != Misuse.None)
            return found;
        if (before.Has(StreamFlags.Connect) || OutboundRules.JudgeTrailers(fields, core.Role == Role.Client) is not null)
            return Misuse.InvalidField;
        if (before.SendLeft > 0)
            return Misuse.ContentLengthMismatch;
        core.Stirred = true;
        if (before.Outbound.IsEmpty)
        {
            WriteFields(ref core, id, fields, endStream: true, effects);
            EndSending(ref core, before, before, effects);
            return Misuse.None;
        }
        Put(ref core, before, before with { Trailers = new([.. fields]), Flags = before.Flags | StreamFlags.EndQueued });
        return Misuse.None;
    }
}
