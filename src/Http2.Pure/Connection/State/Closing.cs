namespace Http2.Pure;

/// <summary>How far the end of a connection has come (RFC 9113 §6.8). Immutable.</summary>
/// <param name="Sent">The latest GOAWAY that this end sent, or null.</param>
/// <param name="Shutdown">The graceful end that this end began, or null.</param>
/// <param name="ReceivedLast">The last stream that the latest GOAWAY of the peer names, or null when none came.</param>
/// <param name="InputEnded">Whether the peer will send no more, while what it asked for is still answered.</param>
internal sealed record Closing(SentGoAway? Sent, Shutdown? Shutdown, StreamId? ReceivedLast, bool InputEnded)
{
    /// <summary>A connection that is not ending.</summary>
    public static Closing Not { get; } = new(null, null, null, false);

    /// <summary>Whether this end began to end the connection, by a warning or for good.</summary>
    public bool IsLocal => Sent is not null;

    /// <summary>Whether this end has warned the peer, and has not said yet which stream is the last.</summary>
    public bool IsWarned => Sent is { IsFinal: false };

    /// <summary>Whether this end has said which stream is the last.</summary>
    public bool IsFinal => Sent is { IsFinal: true };
}

/// <summary>A GOAWAY that this end sent. Immutable.</summary>
/// <param name="Last">The last stream that it names; no later GOAWAY names a higher one.</param>
/// <param name="IsFinal">Whether that is the last stream that was taken; otherwise it is 2^31-1, to warn of the end.</param>
internal sealed record SentGoAway(StreamId Last, bool IsFinal);

/// <summary>A graceful end. Immutable.</summary>
/// <param name="Since">When it began, in milliseconds of the clock that is passed in.</param>
/// <param name="IsUnhurried">
/// Whether the connection began it by itself (it was idle, or identifiers run out), so that no stream has to be done by a certain time.
/// </param>
internal sealed record Shutdown(long Since, bool IsUnhurried);
