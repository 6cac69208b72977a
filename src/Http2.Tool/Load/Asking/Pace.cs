namespace Http2.Tool;

/// <summary>
/// When a client sends its next request, and since when that one is measured. A pace that does not depend on responses (an open loop) goes on while
/// the server is slow: a request that has to wait for a stream is measured from when it was due, so that no wait is left out of the figures. Not
/// thread-safe: its client has it.
/// </summary>
internal abstract class Pace
{
    /// <summary>Whether <see cref="Look"/> has to be called as time goes by.</summary>
    public virtual bool NeedsTime => false;

    /// <summary>How many requests are left, those that are not due yet included.</summary>
    public abstract long Left { get; }

    /// <summary>How many requests were due and are not taken.</summary>
    public virtual int Behind => 0;

    /// <summary>By how much it was noticed too late that a request was due, at most, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public virtual long Lateness => 0;

    /// <summary>The client has a connection. Only the first counts.</summary>
    /// <param name="now">The time.</param>
    public virtual void Begin(long now)
    {
    }

    /// <summary>Looks what is due.</summary>
    /// <param name="now">The time, as ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
    public virtual void Look(long now)
    {
    }

    /// <summary>Takes the next request, when one is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="since">Since when it is measured.</param>
    /// <returns>False when none is due now, or none is left.</returns>
    public abstract bool TryTake(long now, out long since);

    /// <summary>A request that was taken was not processed, and is sent again.</summary>
    /// <param name="since">Since when it is measured.</param>
    public abstract void GiveBack(long since);
}

/// <summary>A closed loop: the next request is sent when one has ended.</summary>
/// <param name="count">How many requests there are.</param>
internal sealed class ClosedPace(long count) : Pace
{
    private readonly Queue<long> _again = new();
    private long _left = count;

    /// <inheritdoc/>
    public override long Left => _left + _again.Count;

    /// <inheritdoc/>
    public override bool TryTake(long now, out long since)
    {
        if (_again.TryDequeue(out since))
            return true;
        since = now;
        if (_left == 0)
            return false;
        _left--;
        return true;
    }

    /// <inheritdoc/>
    public override void GiveBack(long since) => _again.Enqueue(since);
}

/// <summary>An open loop: requests are due at given times, which count from when the client has its first connection.</summary>
/// <param name="times">When the request of a number from 0 is due, as ticks of <see cref="System.Diagnostics.Stopwatch"/>; never before the one of a lower
/// number.</param>
/// <param name="count">How many requests there are.</param>
internal sealed class OpenPace(Func<long, long> times, long count) : Pace
{
    private readonly Queue<long> _due = new();
    private long? _began;
    private long _next;
    private long _lateness;

    /// <inheritdoc/>
    public override long Left => count - _next + _due.Count;

    /// <inheritdoc/>
    public override bool NeedsTime => true;

    /// <inheritdoc/>
    public override int Behind => _due.Count;

    /// <inheritdoc/>
    public override long Lateness => _lateness;

    /// <inheritdoc/>
    public override void Begin(long now)
    {
        _began ??= now;
        Look(now);
    }

    /// <inheritdoc/>
    public override void Look(long now)
    {
        // A request is measured from the look that finds it due: the look waits for no server, and how late it comes is a matter of this process alone.
        for (; _began is { } began && _next < count && began + times(_next) is var due && due <= now; _next++)
        {
            _lateness = Math.Max(_lateness, now - due);
            _due.Enqueue(now);
        }
    }

    /// <inheritdoc/>
    public override bool TryTake(long now, out long since) => _due.TryDequeue(out since);

    /// <inheritdoc/>
    public override void GiveBack(long since) => _due.Enqueue(since);
}
