namespace Http2.Shell;

/// <summary>
/// Marks what the handlers of a connection do, also after they have awaited something, so that a call of theirs that would wait for their own
/// end can be told from others. One execution context serves all requests of a connection, so they cost nothing; it also keeps what the
/// caller of a connection has in its <see cref="AsyncLocal{T}"/> from handlers that have nothing to do with it. Thread-safe.
/// </summary>
internal sealed class HandlerContext
{
    private readonly AsyncLocal<Http2Connection?> _mark = new();
    private readonly ExecutionContext _clean;

    public HandlerContext()
    {
        // On a thread of its own: what the maker of the server has in its context is not the handlers'.
        ExecutionContext? clean = null;
        var capturing = new Thread(() => clean = ExecutionContext.Capture());
        capturing.UnsafeStart();
        capturing.Join();
        _clean = clean!;
    }

    /// <summary>The connection one of whose handlers calls, or something that it began, while a request of the connection is open.</summary>
    public Http2Connection? Caller => _mark.Value is { StreamCount: > 0 } connection ? connection : null;

    /// <summary>From here on the calling thread runs handlers of a connection; answers the context to restore afterwards, or null.</summary>
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
