using Http2.Pure;

namespace Http2.Shell;

/// <summary>What whoever waits for a response is told when its stream was closed before that was complete.</summary>
internal static class StreamFailure
{
    /// <summary>The reason why a closed stream was closed, as an exception.</summary>
    public static Exception Of(Http2ClientExchange exchange) => Of(exchange.CloseReason ?? Http2CloseReason.Completed);

    public static Exception Of(Http2CloseReason reason) => reason switch
    {
        { Cause: Http2CloseCause.PeerReset, Code: ErrorCode.RefusedStream } =>
            new Http2NotProcessedException("The server did not process the request: it refused the stream, or went away before it; it may be sent again."),
        { Rule: { } rule } => new Http2ProtocolException(reason.Code, rule),
        { Cause: Http2CloseCause.Completed } => new Http2StreamClosedException(reason.Code, "The stream was closed."),
        _ => new Http2StreamClosedException(reason.Code, $"The stream was closed: {reason}."),
    };

    /// <summary>A request that has no stream and will get none.</summary>
    public static Http2NotProcessedException NotSent(string why) => new($"The request was not sent: {why}; it may be sent again.");
}
