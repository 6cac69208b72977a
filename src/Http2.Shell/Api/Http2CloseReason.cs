using Http2.Pure;

namespace Http2.Shell;

/// <summary>What ended a stream, on a connection of either role.</summary>
public enum Http2CloseCause
{
    /// <summary>Both messages, the request and the response, ended as they should.</summary>
    Completed,

    /// <summary>The peer reset the stream (RFC 9113 §6.4).</summary>
    PeerReset,

    /// <summary>The peer broke a rule or exceeded a limit; see <see cref="Http2CloseReason.Rule"/>.</summary>
    PeerFault,

    /// <summary>The peer sent or took a body, or took the connection's output, too slowly.</summary>
    PeerTooSlow,

    /// <summary>The peer closed the connection, or it was lost.</summary>
    ConnectionLost,

    /// <summary>The application of this end reset the stream: on a server, the handler.</summary>
    ApplicationReset,

    /// <summary>The application of this end failed: on a server the handler, on either end the source of a body that was being sent.</summary>
    ApplicationFailed,

    /// <summary>This end had sent all of its message, and nobody would have read the rest of the peer's body (RFC 9113 §8.1).</summary>
    BodyUnread,

    /// <summary>This end was stopped and cut what had not finished.</summary>
    Stopped,

    /// <summary>This end ended the connection for another reason.</summary>
    Ended,
}

/// <summary>Why a stream was closed: which side ended it, and by which rule. Immutable.</summary>
/// <param name="Cause">What ended it.</param>
/// <param name="Code">The code of the RST_STREAM or GOAWAY; NO_ERROR when both sides ended the stream as they should.</param>
/// <param name="Rule">The rule that the peer broke, or null when it broke none.</param>
public sealed record Http2CloseReason(Http2CloseCause Cause, ErrorCode Code, Rule? Rule = null)
{
    internal static Http2CloseReason Completed { get; } = new(Http2CloseCause.Completed, ErrorCode.NoError);

    /// <summary>The reason as one line of text.</summary>
    public override string ToString() => Cause switch
    {
        Http2CloseCause.Completed => "request and response are complete",
        Http2CloseCause.PeerReset => $"the peer reset it with {WireNames.Of(Code)}",
        Http2CloseCause.PeerFault => $"the peer broke a rule ({Rule}); answered with {WireNames.Of(Code)}",
        Http2CloseCause.PeerTooSlow => $"the peer was too slow; ended with {WireNames.Of(Code)}",
        Http2CloseCause.ConnectionLost => "the peer closed the connection, or it was lost",
        Http2CloseCause.ApplicationReset => $"the application reset it with {WireNames.Of(Code)}",
        Http2CloseCause.ApplicationFailed => "the application, or the source of a body that was being sent, failed",
        Http2CloseCause.BodyUnread => "all was sent, and the rest of the peer's body was not wanted",
        Http2CloseCause.Stopped => "this end stopped before it had finished",
        _ => $"this end ended it with {WireNames.Of(Code)}",
    };
}
