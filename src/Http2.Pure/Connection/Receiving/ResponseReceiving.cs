using Hpack.Pure;

namespace Http2.Pure;

/// <summary>Responses that come to a client (RFC 9113 §8.1).</summary>
internal static class ResponseReceiving
{
    public static Fault? OnResponse(ref Core core, in BlockTarget target, in FieldList fields, StreamRecord.Live before, Effects effects)
    {
        var id = target.Id;
        var bodyExpected = before.Kind != RequestKind.Head;
        var verdict = ResponseRules.Judge(id, fields, target.EndStream, bodyExpected, core.Options, out var head);
        if (verdict.FaultOn(id) is { } fault)
            return fault;
        // A promised response that began is no longer reserved.
        var state = Lifecycle.Move(before.State, StreamInput.ReceiveHeaders).State;
        if (head.Status < 200)
        {
            core.Streams.Put(before, before with { State = state });
            effects.Events.Add(new ConnectionEvent.InformationalReceived(id, head));
            return null;
        }
        var stream = Begin(before, state, head);
        effects.Events.Add(new ConnectionEvent.ResponseReceived(id, head, target.EndStream));
        if (target.EndStream)
            StreamClosing.EndReceiving(ref core, before, stream, effects);
        else
            core.Streams.Put(before, stream);
        return null;
    }

    /// <summary>The stream once the head of its final response came.</summary>
    private static StreamRecord.Live Begin(StreamRecord.Live stream, StreamState state, in ResponseHead head)
    {
        var hasBody = stream.Kind != RequestKind.Head && head.Status is not (204 or 304);
        var isTunnel = stream.Kind == RequestKind.Connect && head.Status < 300;
        var left = !hasBody ? DeclaredLength.Of(0) : isTunnel ? DeclaredLength.None : DeclaredLength.OfOptional(head.ContentLength);
        return stream with
        {
            State = state,
            // §8.5: a CONNECT that was refused is a request like any other
            Kind = stream.Kind == RequestKind.Connect && !isTunnel ? RequestKind.Plain : stream.Kind,
            Response = hasBody ? ResponseStage.WithBody : ResponseStage.WithoutBody,
            Incoming = stream.Incoming with { Left = left },
        };
    }
}
