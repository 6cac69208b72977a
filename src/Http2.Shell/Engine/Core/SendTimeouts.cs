namespace Http2.Shell;

/// <summary>How long nothing may move, in milliseconds.</summary>
/// <param name="Send">For a peer within reach.</param>
/// <param name="Unread">For one that only makes this end answer.</param>
/// <param name="Unreachable">For one whose host does not answer.</param>
internal readonly record struct SendTimeouts(long Send, long Unread, long Unreachable);
