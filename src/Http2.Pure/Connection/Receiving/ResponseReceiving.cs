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
        var stream = before with { State = Lifecycle.Move(before.State, StreamInput.ReceiveHeaders).State };
        if (head.Status < 200)
        {
            // A promised response that began is no longer reserved.
            core.Streams.Put(before, stream);
            effects.Events.Add(new ConnectionEvent.InformationalReceived(id, head));
            return null;
        }
        stream = Begin(stream, head);
        effects.Events.Add(new ConnectionEvent.ResponseReceived(id, head, target.EndStream));
        if (target.EndStream)
            StreamClosing.EndReceiving(ref core, before, stream, effects);
        else
            core.Streams.Put(before, stream);
        return null;
    }

    /// <summary>The stream once the head of its final response came.</summary>
    private static StreamRecord.Live Begin(StreamRecord.Live stream, in ResponseHead head)
    {
        var hasBody = stream.Kind != RequestKind.Head && head.Status is not (204 or 304);
        var isTunnel = stream.Kind == RequestKind.Connect && head.Status < 300;
        var left = !hasBody ? DeclaredLength.Of(0) : isTunnel ? DeclaredLength.None : DeclaredLength.OfOptional(head.ContentLength);
        return stream with
        {
            // §8.5: a CONNECT that was refused is a request like any other
            Kind = stream.Kind == RequestKind.Connect && !isTunnel ? RequestKind.Plain : stream.Kind,
            Response = hasBody ? ResponseStage.WithBody : ResponseStage.WithoutBody,
            Incoming = stream.Incoming with { Left = left },
        };
    }
}
