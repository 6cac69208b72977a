using Hpack.Pure;

namespace Http2.Pure;

/// <summary>What a server sends in answer to a request or on a promised stream. A refused command has changed and written nothing.</summary>
internal static class Responding
{
    /// <summary>A request that waits for its final response.</summary>
    /// <param name="Kind">What its method says.</param>
    /// <param name="Stream">Its record, or null when it is the fresh request.</param>
    private readonly record struct Unanswered(RequestKind Kind, StreamRecord.Live? Stream);

    /// <summary>A response that may be sent.</summary>
    /// <param name="Kind">What the stream is from here on: a CONNECT that is refused is a request like any other.</param>
    /// <param name="Stage">Whether the response has a body.</param>
    /// <param name="Left">What its content-length promises beyond the body that is given with the head.</param>
    private readonly record struct Approved(RequestKind Kind, ResponseStage Stage, DeclaredLength Left);

    /// <summary>Sends a final response.</summary>
    public static Refusal Respond(ref Core core, StreamId id, in OutboundHead head, in OutboundBody given, Effects effects)
    {
        var (body, endStream) = given;
        if (FindUnanswered(core, id, out var request) is var refusal && refusal != Refusal.None)
            return refusal;
        if (Judge(head, request.Kind, body.Length, endStream, out var response) is var wrong && wrong != Refusal.None)
            return wrong;
        core.Liveness.NoteCommand();
        var atOnce = body.Length <= BodySending.RoomFor(core, request.Stream);
        HeadSending.WriteResponse(ref core, id, head, endStream && body.IsEmpty, effects);
        if (atOnce && !body.IsEmpty)
            BodySending.Write(ref core, id, body.Span, endStream, effects);
        if (atOnce && endStream && request.Stream is not { State: StreamState.Open })
        {
            EndAnswered(ref core, id, request.Stream, effects);
            return Refusal.None;
        }
        var before = core.Streams.RecordOf(id)!;
        var after = Begin(before, response, atOnce ? body.Length : 0);
        if (!atOnce)
            after = after with { Outgoing = after.Outgoing.Add(body, endStream ? MessageEnd.WithoutTrailers : null) };
        if (atOnce && endStream)
            StreamClosing.EndSending(ref core, before, after, effects);
        else
            core.Streams.Put(before, after);
        return Refusal.None;
    }

    /// <summary>Sends a response with a whole body that the caller writes.</summary>
    public static Refusal Reserve(
        ref Core core, StreamId id, in OutboundHead head, int length, Effects effects, out ReservedBody body)
    {
        body = default;
        if (FindUnanswered(core, id, out var request) is var refusal && refusal != Refusal.None)
            return refusal;
        if (length <= 0 || length > BodySending.RoomFor(core, request.Stream))
            return Refusal.InvalidArgument;
        if (Judge(head, request.Kind, length, endStream: true, out var response) is var wrong && wrong != Refusal.None)
            return wrong;
        core.Liveness.NoteCommand();
        HeadSending.WriteResponse(ref core, id, head, endStream: false, effects);
        body = new ReservedBody(effects.Output, effects.Output.Length, length, core.Peer.MaxFrameSize);
        BodySending.Reserve(ref core, id, length, effects);
        if (request.Stream is { State: StreamState.Open } before)
            StreamClosing.EndSending(ref core, before, Begin(before, response, length), effects);
        else
            EndAnswered(ref core, id, request.Stream, effects);
        return Refusal.None;
    }

    /// <summary>Sends an informational response.</summary>
    public static Refusal Inform(ref Core core, StreamId id, in OutboundHead head, Effects effects)
    {
        if (FindUnanswered(core, id, out var request) is var refusal && refusal != Refusal.None)
            return refusal;
        // §8.6: 101 belongs to HTTP/1.1
        if (head.Status is < 100 or > 199 or 101)
            return Refusal.InvalidStatus;
        // RFC 9110 §8.6: an informational response has no length
        if (head.ContentLength >= 0 || !IsRegular(head.Date)
            || OutboundRules.JudgeResponse(head.Fields.AsSpan(), out var declared) is not null || declared.IsDeclared)
            return Refusal.InvalidField;
        HeadSending.WriteResponse(ref core, id, head, endStream: false, effects);
        if (request.Stream is { State: StreamState.ReservedLocal } stream)
            core.Streams.Put(stream, stream with { State = Lifecycle.Move(stream.State, StreamInput.SendHeaders).State });
        return Refusal.None;
    }

    /// <summary>Says what date the responses have that this end makes by itself.</summary>
    public static Refusal SetDate(ref Core core, HeaderField? date)
    {
        if (!IsRegular(date))
            return Refusal.InvalidField;
        core.Date = date;
        return Refusal.None;
    }

    private static Refusal FindUnanswered(in Core core, StreamId id, out Unanswered request)
    {
        request = default;
        if (core.Role != Role.Server)
            return Refusal.WrongRole;
        if (core.Streams.Fresh is { } fresh && fresh.Id == id)
        {
            request = new(fresh.Kind, null);
            return Refusal.None;
        }
        if (core.Streams.Find(id) is not { } stream)
            return Refusal.StreamClosed;
        request = new(stream.Kind, stream);
        return stream.Response == ResponseStage.Awaited ? Refusal.None : Refusal.ResponseAlreadySent;
    }

    private static Refusal Judge(in OutboundHead head, RequestKind kind, int body, bool endStream, out Approved response)
    {
        response = default;
        if (head.Status is < 200 or > 999)
            return Refusal.InvalidStatus;
        if (OutboundRules.JudgeResponse(head.Fields.AsSpan(), out var declared) is not null || !IsRegular(head.Date))
            return Refusal.InvalidField;
        // A length that is given twice is fine as long as both say the same.
        var stated = DeclaredLength.OfOptional(head.ContentLength);
        if (!declared.AgreesWith(stated))
            return Refusal.ContentLengthMismatch;
        declared = declared.IsDeclared ? declared : stated;
        var isTunnel = kind == RequestKind.Connect && head.Status is < 300;
        // RFC 9110 §8.6: neither 204 nor a tunnel has a length
        if (declared.IsDeclared && (head.Status == 204 || isTunnel))
            return Refusal.InvalidField;
        if (kind == RequestKind.Connect && !isTunnel)
            kind = RequestKind.Plain;
        // RFC 9110 §6.4.1: what a response to HEAD or with 304 declares is the length of a body that does not come
        if (kind == RequestKind.Head || head.Status is 204 or 304)
        {
            response = new(kind, ResponseStage.WithoutBody, DeclaredLength.None);
            return body > 0 ? Refusal.BodyNotAllowed : Refusal.None;
        }
        if (!declared.TryTake(body, endStream, out var left))
            return Refusal.ContentLengthMismatch;
        response = new(kind, ResponseStage.WithBody, left);
        return Refusal.None;
    }

    private static bool IsRegular(HeaderField? field) =>
        field is null || OutboundRules.JudgeResponse(new ReadOnlySpan<HeaderField>(in field), out _) is null;

    /// <summary>The stream once the head of its response was sent, and octets of the body with it.</summary>
    private static StreamRecord.Live Begin(StreamRecord.Live stream, in Approved response, int octets) => stream with
    {
        State = Lifecycle.Move(stream.State, StreamInput.SendHeaders).State,
        Kind = response.Kind,
        Response = response.Stage,
        Outgoing = stream.Outgoing with { Offset = stream.Outgoing.Offset.Spend(octets), Left = response.Left },
    };

    /// <summary>The common case: the answer was sent as one, and the request had ended before.</summary>
    private static void EndAnswered(ref Core core, StreamId id, StreamRecord.Live? stream, Effects effects)
    {
        if (stream is null)
            StreamClosing.CloseFresh(ref core, id, effects);
        else
            StreamClosing.Close(ref core, stream, StreamState.Ended, ErrorCode.NoError, effects);
    }
}
