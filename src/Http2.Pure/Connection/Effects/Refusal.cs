namespace Http2.Pure;

/// <summary>
/// Why a command of the application was refused. The state is unchanged and nothing was sent. A refusal is never the fault of the peer, whose
/// faults are a <see cref="Fault"/>.
/// </summary>
public enum Refusal
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

    /// <summary>The response must be sent before its data or its trailers.</summary>
    ResponseNotSent,

    /// <summary>This side of the stream was ended before.</summary>
    StreamEnded,

    /// <summary>The status may not be sent here: informational responses have 100 to 199 but 101, final ones 200 to 999.</summary>
    InvalidStatus,

    /// <summary>The name or the value of a field may not be sent in HTTP/2 (RFC 9113 §8.2).</summary>
    InvalidField,

    /// <summary>The data exceed the content-length that was declared, or end before it.</summary>
    ContentLengthMismatch,

    /// <summary>The response may have no body: the request was HEAD, or the status is 204 or 304.</summary>
    BodyNotAllowed,

    /// <summary>The peer set SETTINGS_ENABLE_PUSH to 0, or this end is a client.</summary>
    PushDisabled,

    /// <summary>
    /// As many streams of this end are open as the SETTINGS_MAX_CONCURRENT_STREAMS of the peer allows, or as many were promised as
    /// <see cref="Http2Limits.MaxPushes"/> allows.
    /// </summary>
    PushLimitReached,

    /// <summary>Streams may not be opened: the connection is going away, or identifiers are used up.</summary>
    GoingAway,

    /// <summary>The SETTINGS_MAX_CONCURRENT_STREAMS of the peer is reached; the command may be given again when a stream closes.</summary>
    TooManyStreams,

    /// <summary>The command is one for the other role.</summary>
    WrongRole,

    /// <summary>An argument is out of its range.</summary>
    InvalidArgument,
}
