using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// What the bodies of a connection hold of the memory that all connections share, and what the connection does without when that is short.
/// Belongs to the connection's owner.
/// </summary>
/// <param name="core">What holds octets that nobody has read.</param>
/// <param name="memory">What this connection holds.</param>
/// <param name="host">What all connections hold together, and the limits.</param>
/// <param name="isTls">Whether there is TLS to be reckoned with.</param>
internal sealed class MemoryShare(CoreSession core, ConnectionMemory memory, EngineHost host, bool isTls)
{
    private const int SmallestBuffer = 4 * 1024;

    // Between looks at whether there is memory again, for a connection whose peer may be waiting for that.
    private const int Pause = 500;

    private LookAhead? _lookAhead;
    private long _unread;
    private bool _isBound;
    private int _buffers;

    /// <summary>What the readers of this connection's bodies have looked at without taking it. Any thread.</summary>
    public LookAhead LookAhead
    {
        get
        {
            if (Volatile.Read(ref _lookAhead) is { } there)
                return there;
            var fresh = new LookAhead(host.Limits);
            return Interlocked.CompareExchange(ref _lookAhead, fresh, null) ?? fresh;
        }
    }

    /// <summary>
    /// Octets of bodies that came and that nobody has taken: what this connection holds in memory for them. Any thread; while the connection
    /// runs, the value of a moment ago.
    /// </summary>
    public long Unread => Volatile.Read(ref _unread) + (Volatile.Read(ref _lookAhead)?.Octets ?? 0);

    /// <summary>Whether three quarters of what connections may hold are held.</summary>
    public bool IsShort => host.Memory.IsShort;

    /// <summary>Whether bodies have buffers of their own.</summary>
    public bool HasBuffers => _buffers > 0;

    /// <summary>When to look again whether there is memory.</summary>
    public long Due => _isBound ? core.Now + Pause : long.MaxValue;

    /// <summary>The size of the two buffers that a body gets: what its stream may hold, unless the connection holds much already.</summary>
    /// <param name="length">The length of the body, or -1.</param>
    public int ReserveBuffers(long length)
    {
        var size = Math.Max(host.Limits.MaxUnsentPerStream / 2, SmallestBuffer);
        if (length >= 0 && length < size)
            size = Math.Max((int)length, SmallestBuffer);
        if (_buffers + 2 * size > host.Limits.MaxBodyBuffersPerConnection || host.Memory.IsNear)
            size = SmallestBuffer;
        _buffers += 2 * size;
        return size;
    }

    /// <summary>The body of <see cref="ReserveBuffers"/> is through.</summary>
    public void ReleaseBuffers(int size) => _buffers -= 2 * size;

    /// <summary>
    /// While memory is near its end the peer gets no credit of the connection's window for bodies that nobody has read: only what fits into
    /// one window may be unread then (RFC 9113 §5.2.2).
    /// </summary>
    /// <param name="expectsBodies">Whether bodies are on their way.</param>
    public void BoundUnread(bool expectsBodies)
    {
        var mustBind = host.Memory.IsNear && (expectsBodies || _isBound);
        if (mustBind == _isBound)
            return;
        _isBound = mustBind;
        var connection = host.Limits.Connection;
        core.BoundUnread(mustBind ? connection.InitialConnectionWindow : connection.MaxUnreadPerConnection);
    }

    /// <summary>At the end of a run: counts what nobody has read, and sees to it that the shared budget is kept.</summary>
    /// <param name="isClosed">Whether nothing is held any more.</param>
    public void Settle(bool isClosed)
    {
        Volatile.Write(ref _unread, core.Unread);
        memory.Settle(isClosed ? 0 : Unread + (isTls ? MemoryBudget.Tls : 0));
        if (host.Memory.IsFull)
            host.Relief.Relieve(core.Now);
    }
}
