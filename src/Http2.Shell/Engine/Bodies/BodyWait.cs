namespace Http2.Shell;

/// <summary>
/// How long somebody has waited for the octets of a body: a peer that sends the body slowly is judged by that time. While the reader is busy,
/// or waits for something else, the peer owes nothing. The reader starts and stops the wait, the connection's owner asks how long it was; their
/// threads may differ.
/// </summary>
internal struct BodyWait
{
    private const long NotWaiting = -1;

    private long _since;
    private long _total;

    /// <summary>A wait that has not begun.</summary>
    public static BodyWait None => new() { _since = NotWaiting };

    /// <summary>Whether somebody waits now.</summary>
    public readonly bool IsRunning => Volatile.Read(in _since) != NotWaiting;

    /// <summary>Somebody begins to wait.</summary>
    /// <param name="now">The time, in milliseconds.</param>
    public void Begin(long now) => Volatile.Write(ref _since, now);

    /// <summary>Octets came, or the end.</summary>
    /// <param name="now">The time, in milliseconds.</param>
    public void End(long now)
    {
        var since = Interlocked.Exchange(ref _since, NotWaiting);
        if (since != NotWaiting)
            Interlocked.Add(ref _total, Math.Max(now - since, 0));
    }

    /// <summary>Milliseconds of waiting, up to now.</summary>
    /// <param name="now">The time, in milliseconds.</param>
    public readonly long Total(long now)
    {
        var (total, since) = (Volatile.Read(in _total), Volatile.Read(in _since));
        return since == NotWaiting ? total : total + Math.Max(now - since, 0);
    }
}
