using Http2.Pure;

namespace Http2.Shell;

/// <summary>What ended a stream.</summary>
public enum Http2CloseCause
{
    /// <summary>Request and response both ended as they should.</summary>
    Completed,

    /// <summary>The client reset the stream (RFC 9113 §6.4).</summary>
    ClientReset,

    /// <summary>The client broke a rule or exceeded a limit; see <see cref="Http2CloseReason.Rule"/>.</summary>
    ClientFault,

    /// <summary>The client sent or took a body, or took the connection's output, too slowly.</summary>
    ClientTooSlow,

    /// <summary>The client closed the connection, or it was lost.</summary>
    ConnectionLost,

    /// <summary>The handler reset the stream.</summary>
    HandlerReset,

    /// <summary>The handler, or the body of its response, failed.</summary>
    HandlerFailed,

    /// <summary>The response was complete, and nobody would have read the rest of the request (RFC 9113 §8.1).</summary>
    RequestUnread,

    /// <summary>The server stopped and cut what had not finished.</summary>
    ServerStopped,

    /// <summary>The server ended the connection for another reason.</summary>
    ServerEnded,
}

/// <summary>Why a stream was closed: which side, and by which rule. Immutable.</summary>
/// <param name="Cause">What ended it.</param>
/// <param name="Code">The code of the RST_STREAM or GOAWAY; NO_ERROR when both sides ended the stream as they should.</param>
/// <param name="Rule">The rule that the client broke, or null when it broke none.</param>
public sealed record Http2CloseReason(Http2CloseCause Cause, ErrorCode Code, Rule? Rule = null)
{
    internal static Http2CloseReason Completed { get; } = new(Http2CloseCause.Completed, ErrorCode.NoError);

    /// <summary>The reason as one line of text.</summary>
    public override string ToString() => Cause switch
    {
        Http2CloseCause.Completed => "request and response are complete",
        Http2CloseCause.ClientReset => $"the client reset it with {WireNames.Of(Code)}",
        Http2CloseCause.ClientFault => $"the client broke a rule ({Rule}); answered with {WireNames.Of(Code)}",
        Http2CloseCause.ClientTooSlow => $"the client was too slow; ended with {WireNames.Of(Code)}",
        Http2CloseCause.ConnectionLost => "the client closed the connection, or it was lost",
        Http2CloseCause.HandlerReset => $"the handler reset it with {WireNames.Of(Code)}",
        Http2CloseCause.HandlerFailed => "the handler or the body of its response failed",
        Http2CloseCause.RequestUnread => "the response is complete, and the rest of the request was not wanted",
        Http2CloseCause.ServerStopped => "the server stopped before it had finished",
        _ => $"the server ended it with {WireNames.Of(Code)}",
    };
}
