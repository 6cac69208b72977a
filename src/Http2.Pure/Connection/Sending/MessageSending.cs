using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// How a message goes on that has begun, a response or a request: its data and its trailers. A refused command has changed and written
/// nothing.
/// </summary>
internal static class MessageSending
{
    /// <summary>Queues a part of a body.</summary>
    public static Refusal SendData(ref Core core, StreamId id, ReadOnlyMemory<byte> data, bool endStream, Effects effects)
    {
        if (FindSending(core, id, out var before) is var refusal && refusal != Refusal.None)
            return refusal;
        if (!data.IsEmpty && core.Role == Role.Server && before.Response == ResponseStage.WithoutBody)
            return Refusal.BodyNotAllowed;
        if (!before.Outgoing.Left.TryTake(data.Length, endStream, out var left))
            return Refusal.ContentLengthMismatch;
        core.Liveness.NoteCommand();
        if (data.IsEmpty && !endStream)
            return Refusal.None;
        var outgoing = before.Outgoing.Add(data, endStream ? MessageEnd.WithoutTrailers : null) with { Left = left };
        var after = before with { Outgoing = outgoing };
        if (!outgoing.Queue.IsEmpty)
        {
            core.Streams.Put(before, after);
            return Refusal.None;
        }
        // §6.9.1: an empty frame needs no window
        DataFrame.Write(effects.Output, id, [], endStream: true);
        StreamClosing.EndSending(ref core, before, after, effects);
        return Refusal.None;
    }

    /// <summary>Queues trailers behind the data.</summary>
    public static Refusal SendTrailers(ref Core core, StreamId id, ReadOnlySpan<HeaderField> fields, Effects effects)
    {
        if (FindSending(core, id, out var before) is var refusal && refusal != Refusal.None)
            return refusal;
        if (before.Kind == RequestKind.Connect || OutboundRules.JudgeTrailers(fields, core.Role == Role.Client) is not null)
            return Refusal.InvalidField;
        if (!before.Outgoing.Left.IsMet)
            return Refusal.ContentLengthMismatch;
        core.Liveness.NoteCommand();
        if (before.Outgoing.Queue.IsEmpty)
        {
            HeadSending.WriteFields(ref core, id, fields, endStream: true, effects);
            StreamClosing.EndSending(ref core, before, before, effects);
            return Refusal.None;
        }
        core.Streams.Put(before, before with { Outgoing = before.Outgoing with { End = new(new Sequence<HeaderField>([.. fields])) } });
        return Refusal.None;
    }

    /// <summary>A stream whose message may go on: a response that has begun, or a request.</summary>
    private static Refusal FindSending(in Core core, StreamId id, out StreamRecord.Live stream)
    {
        stream = null!;
        if (core.Streams.IsFresh(id))
            return Refusal.ResponseNotSent;
        if (core.Streams.Find(id) is not { } found)
            return Refusal.StreamClosed;
        stream = found;
        if (core.Role == Role.Server && found.Response == ResponseStage.Awaited)
            return Refusal.ResponseNotSent;
        return found.State.CanSend() && found.Outgoing.End is null ? Refusal.None : Refusal.StreamEnded;
    }
}
