namespace Http2.Pure;

/// <summary>How far the end of a connection has come (RFC 9113 §6.8). Immutable.</summary>
/// <param name="SentLast">The last-stream-id of our latest GOAWAY, or null when none was sent. It never grows.</param>
/// <param name="IsFinal">Whether that GOAWAY tells the truth, rather than warning of the end.</param>
/// <param name="ShutdownAt">When the graceful end began, or <see cref="long.MaxValue"/>.</param>
/// <param name="ReceivedLast">The last-stream-id of the peer's latest GOAWAY, or null.</param>
/// <param name="InputEnded">Whether the peer will send no more, while what it asked for is still answered.</param>
/// <param name="IsUnhurried">
/// Whether the end is this connection's own affair (idleness, identifiers that run out), so that no stream has to be done by a certain time.
/// </param>
internal sealed record Closing(
    StreamId? SentLast, bool IsFinal, long ShutdownAt, StreamId? ReceivedLast, bool InputEnded = false, bool IsUnhurried = false)
{
    public static Closing Not { get; } = new(null, false, long.MaxValue, null);

    /// <summary>Whether this end began to end the connection, by a warning or for good.</summary>
    public bool IsLocal => SentLast is not null;
}
