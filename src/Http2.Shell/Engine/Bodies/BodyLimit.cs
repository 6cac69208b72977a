namespace Http2.Shell;

/// <summary>
/// How many octets the body that the peer sends on one stream may have. The limit may change until the body is first read; octets that have come
/// before are judged then. The connection's owner counts octets; a reader may be on any thread.
/// </summary>
internal sealed class BodyLimit(long? most)
{
    private long _received;
    private long _inForce = long.MaxValue;

    /// <summary>The limit, or null for none.</summary>
    public long? Most { get; set; } = most;

    /// <summary>Puts the limit in force; answers whether what was declared, and what has come, is within it.</summary>
    /// <param name="declared">The declared length, or -1.</param>
    public bool Begin(long declared)
    {
        var most = Most ?? long.MaxValue;
        Interlocked.Exchange(ref _inForce, most);
        return declared <= most && Volatile.Read(ref _received) <= most;
    }

    /// <summary>Counts octets that came; answers whether all of them are within a limit that is in force. Owner only.</summary>
    public bool Count(int octets) => Interlocked.Add(ref _received, octets) <= Volatile.Read(ref _inForce);

    /// <summary>What a reader is told beyond it.</summary>
    public Http2RequestTooLargeException Passed() => new(Most ?? long.MaxValue);
}
