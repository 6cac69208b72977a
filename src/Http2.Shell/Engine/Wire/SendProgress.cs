namespace Http2.Shell;

/// <summary>
/// Whether a peer still takes what is sent to it, judged by progress and not by how long a write takes: octets that the carrier took since the
/// last look, and octets that the peer's side acknowledged since. A send buffer of megabytes takes nothing for minutes while a slow reader
/// empties it, so what is taken alone does not tell. Looked at every few seconds and only while something waits. Belongs to the connection's
/// owner; the clock is passed in.
/// </summary>
/// <param name="timeouts">How long nothing may move.</param>
internal sealed class SendProgress(SendTimeouts timeouts)
{
    // Octets a second that a reader must take in the long run. What it takes beyond that earns it time in which nothing moves: a kernel tells of
    // a window that opens again only when much of it is free.
    private const int LeastRate = 240;

    /// <summary>
    /// The slowest line that is served well, in octets a second (64 kbit/s). What a reader took faster it may be busy with for as long as that
    /// line would have needed: some peers keep to a rate by taking megabytes at once and then nothing for minutes.
    /// </summary>
    internal const int LineRate = 8_000;

    // How many times the plain time such a reader gets at most.
    private const int MostForLeast = 2;
    private const int MostForLine = 40;

    // As much as this may lie in the peer's kernel and show no reader at all.
    private const int NobodyReads = 1024 * 1024;

    // A look asks the kernel: a few between now and the end of the peer's time, so that what moved between two of them is seen.
    private const int Looks = 4;
    private const int ShortestLook = 2_500;
    private const int LongestLook = 15_000;

    private long _until, _untilOfLine, _movedAt, _lookedAt, _nextLook;
    private long _passed = NobodyReads;
    private bool _hasLooked;

    /// <summary>Whether something waits for the peer.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>When to look next, in milliseconds; <see cref="long.MaxValue"/> when nothing waits.</summary>
    /// <param name="isUnread">Whether nothing is read from the peer, because it makes this end answer and does not read the answers.</param>
    public long Due(bool isUnread) => !IsWatching ? long.MaxValue
        : isUnread ? Math.Min(_nextLook, Math.Max(_movedAt + timeouts.Unread, _lookedAt + ShortestLook)) : _nextLook;

    /// <summary>Something begins to wait; without effect when something else does already.</summary>
    /// <param name="now">The time.</param>
    public void Begin(long now)
    {
        if (IsWatching)
            return;
        (IsWatching, _hasLooked) = (true, false);
        _movedAt = _lookedAt = now;
        _until = Math.Max(_until, now + timeouts.Send);
        SetNextLook(now);
    }

    /// <summary>Nothing waits any more.</summary>
    public void End() => IsWatching = false;

    /// <summary>Looks how far it has come.</summary>
    /// <param name="now">The time.</param>
    /// <param name="report">What the transport knows.</param>
    /// <param name="isUnread">As for <see cref="Due"/>.</param>
    /// <returns>Whether the peer may have more time.</returns>
    public bool IsAlive(long now, in TransportReport report, bool isUnread)
    {
        if (report.IsLost)
            return false;
        // nobody has asked what had been acknowledged when the wait began, so the first look compares with nothing
        var isFirst = !_hasLooked;
        _hasLooked = true;
        var passed = report.Taken - Math.Max(report.Unacknowledged, 0);
        if (passed > _passed)
            Credit(now, passed - _passed);
        if (passed > _passed || isFirst)
            _passed = passed;
        // while nobody could reach the peer it could not read either
        if (report.IsUnreachable)
            _until = Math.Max(_until, Math.Min(_until + now - _lookedAt, _movedAt + timeouts.Unreachable));
        _lookedAt = now;
        if (now >= Until(isUnread) && !isFirst)
            return false;
        SetNextLook(now);
        return true;
    }

    private void Credit(long now, long octets)
    {
        _movedAt = now;
        _until = Math.Min(Math.Max(_until, _lookedAt) + octets * 1000 / LeastRate, now + MostForLeast * timeouts.Send);
        _untilOfLine = Math.Min(Math.Max(_untilOfLine, _lookedAt) + octets * 1000 / LineRate, now + MostForLine * timeouts.Send);
    }

    private long Until(bool isUnread) => isUnread ? Math.Min(_until, _movedAt + timeouts.Unread) : Math.Max(_until, _untilOfLine);

    private void SetNextLook(long now) =>
        _nextLook = now + Math.Clamp((Until(isUnread: false) - now) / Looks, ShortestLook, LongestLook);
}
