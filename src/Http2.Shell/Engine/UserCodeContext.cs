namespace Http2.Shell;

/// <summary>
/// Marks the user code that a connection calls, also behind an <c>await</c>, so that a call of it that would wait for its own end can be told from
/// others. One execution context serves all streams of a connection, so a stream costs nothing; it also keeps what the caller of a connection has
/// in its <see cref="AsyncLocal{T}"/> from user code that has nothing to do with it. Thread-safe.
/// </summary>
internal sealed class UserCodeContext
{
    private readonly AsyncLocal<Http2Connection?> _mark = new();
    private readonly ExecutionContext _clean;

    public UserCodeContext()
    {
        // On a thread of its own: what the caller has in its context is not for the user code of connections.
        ExecutionContext? clean = null;
        var capturing = new Thread(() => clean = ExecutionContext.Capture());
        capturing.UnsafeStart();
        capturing.Join();
        _clean = clean!;
    }

    /// <summary>The connection whose user code calls this, or something that it began, while a stream of the connection is open; else null.</summary>
    public Http2Connection? Caller => _mark.Value is { StreamCount: > 0 } connection ? connection : null;

    /// <summary>From here on the calling thread runs user code of a connection; answers the context to restore afterwards, or null.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="marked">Its context, made the first time.</param>
    public ExecutionContext? Enter(Http2Connection connection, ref ExecutionContext? marked)
    {
        var outside = ExecutionContext.Capture();
        // Null where the flow is suppressed: then nothing that is set here would reach anybody.
        if (outside is null)
            return null;
        if (marked is not null)
        {
            ExecutionContext.Restore(marked);
            return outside;
        }
        ExecutionContext.Restore(_clean);
        _mark.Value = connection;
        marked = ExecutionContext.Capture();
        return outside;
    }
}
