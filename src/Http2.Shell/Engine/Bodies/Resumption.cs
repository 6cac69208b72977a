using System.IO.Pipelines;

namespace Http2.Shell;

/// <summary>
/// What waited for the peer's body and goes on now that something came. It runs on the thread that brought it, as callbacks do, but not
/// from within the pipe: the connection's owner keeps it until it has nothing half done, for it may block.
/// </summary>
internal readonly struct Resumption
{
    [ThreadStatic]
    private static bool t_holds;

    [ThreadStatic]
    private static Action<object?>? t_action;

    [ThreadStatic]
    private static object? t_state;

    private readonly Action<object?>? _action;
    private readonly object? _state;

    private Resumption(Action<object?>? action, object? state) => (_action, _state) = (action, state);

    /// <summary>Runs what goes on at once, or keeps it for <see cref="Take"/> between <see cref="Hold"/> and that.</summary>
    public static PipeScheduler Scheduler { get; } = new InlineScheduler();

    /// <summary>Whether nothing goes on.</summary>
    public bool IsNone => _action is null;

    /// <summary>From here to <see cref="Take"/> the calling thread keeps what goes on instead of running it.</summary>
    public static void Hold() => t_holds = true;

    /// <summary>Takes what was kept. A pipe has one reader, so there is one at most.</summary>
    public static Resumption Take()
    {
        var resumption = new Resumption(t_action, t_state);
        t_holds = false;
        if (!resumption.IsNone)
            (t_action, t_state) = (null, null);
        return resumption;
    }

    /// <summary>Goes on.</summary>
    public void Run() => _action!(_state);

    private sealed class InlineScheduler : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state)
        {
            if (t_holds)
                (t_action, t_state) = (action, state);
            else
                action(state);
        }
    }
}
