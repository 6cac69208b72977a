namespace Http2.Shell;

/// <summary>
/// Marks what handlers do, also after they have awaited something, so that a call of theirs that would wait for their own end can be told
/// from others. One execution context serves all connections of a server, so a request costs nothing; it also keeps what the caller of a
/// connection has in its <see cref="AsyncLocal{T}"/> from handlers that have nothing to do with it. Thread-safe.
/// </summary>
internal sealed class HandlerContext
{
    private readonly AsyncLocal<HandlerContext?> _mark = new();
    private readonly ExecutionContext _context;

    public HandlerContext()
    {
        // On a thread of its own: what the maker of the server has in its context is not the handlers'.
        ExecutionContext? marked = null;
        var marking = new Thread(() =>
        {
            _mark.Value = this;
            marked = ExecutionContext.Capture();
        });
        marking.UnsafeStart();
        marking.Join();
        _context = marked!;
    }

    /// <summary>Whether a handler of this server calls, or something that a handler began.</summary>
    public bool IsInside => _mark.Value is not null;

    /// <summary>From here on the calling thread runs handlers; answers what <see cref="Leave"/> needs.</summary>
    public ExecutionContext? Enter()
    {
        var outside = ExecutionContext.Capture();
        // Null where the flow is suppressed: then nothing that is set here would reach anybody.
        if (outside is not null)
            ExecutionContext.Restore(_context);
        return outside;
    }

    /// <summary>The thread does what it did before.</summary>
    public static void Leave(ExecutionContext? outside)
    {
        if (outside is not null)
            ExecutionContext.Restore(outside);
    }
}
