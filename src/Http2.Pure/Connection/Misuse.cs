namespace Http2.Pure;

/// <summary>Why a command of the application was refused. The state is unchanged and nothing was sent. Never the peer's fault.</summary>
public enum Misuse
{
    /// <summary>The command was carried out.</summary>
    None = 0,

    /// <summary>
    /// The stream was never opened, or is closed. The peer may close a stream at any time, so an application that shares a connection with
    /// it, as handlers of a server do, cannot always know: to them it is no mistake, and what they send then is without effect.
    /// </summary>
    StreamClosed,

    /// <summary>The final response was sent before.</summary>
    ResponseAlreadySent,

    /// <summary>The response must come before its data, its trailers.</summary>
    ResponseNotSent,

    /// <summary>This side of the stream was ended before.</summary>
    StreamEnded,

    /// <summary>The status is not one that may be sent here: 1xx but 101 for informational, 200 to 999 for final.</summary>
    InvalidStatus,

    /// <summary>A field's name or value may not be sent in HTTP/2 (RFC 9113 §8.2).</summary>
    InvalidField,

    /// <summary>The data exceed the content-length that was declared, or end before it.</summary>
    ContentLengthMismatch,

    /// <summary>The response may have no body: HEAD, 204, 304.</summary>
    BodyNotAllowed,

    /// <summary>The peer set SETTINGS_ENABLE_PUSH to 0, or this end is a client.</summary>
    PushDisabled,

    /// <summary>The peer's SETTINGS_MAX_CONCURRENT_STREAMS or our own push budget is reached.</summary>
    PushLimitReached,

    /// <summary>Streams may not be opened: the connection is going away, or identifiers are used up.</summary>
    GoingAway,

    /// <summary>The peer's SETTINGS_MAX_CONCURRENT_STREAMS is reached; try again when a stream closes.</summary>
    TooManyStreams,

    /// <summary>The command does not fit this role.</summary>
    WrongRole,

    /// <summary>An argument is out of its range.</summary>
    InvalidArgument,
}
