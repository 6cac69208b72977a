using Http2.Pure;

namespace Http2.Shell;

/// <summary>Says in words what the application did wrong.</summary>
internal static class RefusalText
{
    public static Http2MisuseException Exception(Refusal refusal) => new(refusal, Of(refusal));

    /// <summary>A status that does not exist where it is used.</summary>
    public static Http2MisuseException Status(int status) => new(Refusal.InvalidStatus, $"{status} is no such status. {Of(Refusal.InvalidStatus)}");

    public static string Of(Refusal refusal) => refusal switch
    {
        Refusal.StreamClosed => "The stream is closed: nothing can be sent on it any more.",
        Refusal.ResponseAlreadySent => "The response was sent before: a stream has one final response.",
        Refusal.ResponseNotSent => "The response must be sent before its data and trailers.",
        Refusal.StreamEnded => "The response has ended: nothing can be added to it.",
        Refusal.InvalidStatus => "The status must be 200 to 999 for a response and 100 to 199, but not 101, for an informational one.",
        Refusal.InvalidField => "A field may not be sent in HTTP/2 (RFC 9113 §8.2).",
        Refusal.ContentLengthMismatch => "The body does not have the length that its content-length declares.",
        Refusal.BodyNotAllowed => "A response to HEAD, and one with status 204 or 304, has no body.",
        Refusal.PushDisabled => "The client has disabled server push (SETTINGS_ENABLE_PUSH is 0); ask CanPush first.",
        Refusal.PushLimitReached => "The client takes no more pushed streams now; ask CanPush first.",
        Refusal.GoingAway => "The connection is going away: no stream can be opened on it.",
        Refusal.TooManyStreams => "The peer's limit of concurrent streams is reached.",
        Refusal.WrongRole => "This end of the connection may not do that.",
        _ => "An argument is out of its range.",
    };
}
