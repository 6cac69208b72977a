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
    // Octets a second that a reader must take in the long run: what it takes beyond that earns it time in which nothing moves. A kernel tells of
    // a window that opens again only when much of it is free.
    private const int Rate = 240;

    // A look asks the kernel: a few between now and the end of the peer's time, so that what moved between two of them is seen.
    private const int Looks = 4;
    private const int ShortestLook = 2_500;

    private long _until, _movedAt, _lookedAt, _passed;
    private bool _hasPassed;

    /// <summary>Whether something waits for the peer.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>When to look next, in milliseconds; <see cref="long.MaxValue"/> when nothing waits.</summary>
    /// <param name="isUnread">Whether nothing is read from the peer, because it makes this end answer and does not read the answers.</param>
    public long Due(bool isUnread) => !IsWatching ? long.MaxValue
        : isUnread ? Math.Min(_nextLook, Math.Max(_movedAt + timeouts.Unread, _lookedAt + ShortestLook)) : _nextLook;

    private long _nextLook = long.MaxValue;

    /// <summary>Something begins to wait; without effect when something else does already.</summary>
    /// <param name="now">The time.</param>
    /// <param name="taken">What the carrier has taken so far.</param>
    public void Begin(long now, long taken)
    {
        if (IsWatching)
            return;
        IsWatching = true;
        (_passed, _hasPassed) = (taken, false);
        _movedAt = _lookedAt = now;
        _until = now + timeouts.Send;
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
        var isFirst = Measure(now, report);
        // while nobody could reach the peer it could not read either
        if (report.IsUnreachable)
            _until = Math.Max(_until, Math.Min(_until + now - _lookedAt, _movedAt + timeouts.Unreachable));
        _lookedAt = now;
        var until = isUnread ? Math.Min(_until, _movedAt + timeouts.Unread) : _until;
        if (now >= until && !isFirst)
            return false;
        SetNextLook(now);
        return true;
    }

    /// <summary>Takes the measure and credits what has moved; answers whether there was nothing yet to compare it with.</summary>
    private bool Measure(long now, in TransportReport report)
    {
        var passed = report.Taken - Math.Max(report.Unacknowledged, 0);
        if (report.KnowsAcknowledged && !_hasPassed)
        {
            // what had been acknowledged when the wait began nobody has asked
            (_passed, _hasPassed) = (passed, true);
            return true;
        }
        var moved = passed - _passed;
        if (moved <= 0)
            return false;
        (_passed, _movedAt) = (passed, now);
        _until = Math.Min(Math.Max(_until, now) + moved * 1000 / Rate, now + 2 * timeouts.Send);
        return false;
    }

    private void SetNextLook(long now) => _nextLook = now + Math.Max((_until - now) / Looks, ShortestLook);
}

/// <summary>How long nothing may move, in milliseconds.</summary>
/// <param name="Send">For a peer within reach.</param>
/// <param name="Unread">For one that only makes this end answer.</param>
/// <param name="Unreachable">For one whose host does not answer.</param>
internal readonly record struct SendTimeouts(long Send, long Unread, long Unreachable)
{
    /// <summary>Those of a server.</summary>
    public static SendTimeouts Of(Http2ServerOptions options) => new(
        (long)options.SendTimeout.TotalMilliseconds, (long)options.UnreadTimeout.TotalMilliseconds,
        (long)options.UnreachableTimeout.TotalMilliseconds);
}
