namespace Http2.Shell;

/// <summary>
/// What a transport knows of the octets on their way. Asked when a deadline is about to act, and never while all goes well: the kernel is
/// asked for it.
/// </summary>
/// <param name="Taken">Octets that the carrier has taken to send, since its beginning.</param>
/// <param name="Unacknowledged">Octets among them that the peer's side has not acknowledged, or -1 where nobody can tell.</param>
/// <param name="Received">Octets that were received, since the beginning.</param>
/// <param name="Readable">Octets that have come and were not received yet; 0 where nobody can tell.</param>
internal readonly record struct TransportReport(long Taken, long Unacknowledged = -1, long Received = 0, int Readable = 0)
{
    /// <summary>
    /// Whether the peer's host has not answered the latest attempts to reach it. A host whose application does not read does answer: that its
    /// window is shut.
    /// </summary>
    public bool IsUnreachable { get; init; }

    /// <summary>
    /// Whether what is not acknowledged went out a moment ago, and nothing waits behind it: the acknowledgement may be on its way.
    /// </summary>
    public bool IsJustSent { get; init; }

    /// <summary>Whether the connection is gone: reset by the peer, or given up by the kernel.</summary>
    public bool IsLost { get; init; }

    /// <summary>Whether acknowledgements are known.</summary>
    public bool KnowsAcknowledged => Unacknowledged >= 0;
}
