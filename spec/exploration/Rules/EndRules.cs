using Http2.Pure;

namespace Http2.Exploration;

/// <summary>
/// From every state the connection can end, and does when time passes: a lost transport closes each stream once, each deadline is reached and
/// does something, a graceful end ends in time. Answers what is wrong, or null.
/// </summary>
internal static class EndRules
{
    // More deadlines than that are not due one after the other: settings, a block, keep-alive, idleness, the warning and the end of a shutdown.
    private const int MostDeadlines = 12;

    /// <summary>Judges a state.</summary>
    public static string? Judge(Situation at) =>
        Connection.IsFinished(at.Fold.State) ? null : WithTransport(at) ?? ByInput(at) ?? ByDraining(at) ?? ByTime(at) ?? Gracefully(at);

    private static string? WithTransport(Situation at)
    {
        var open = OpenStreams.Of(at.Fold.State.Core);
        var end = Connection.Step(at.Fold, new Input.Disconnected());
        if (!Connection.IsFinished(end.State.State))
            return "a lost transport does not end the connection";
        foreach (var happened in end.Events)
        {
            if (happened is ConnectionEvent.StreamClosed closed)
                open ^= OpenStreams.Bit(closed.Id);
        }
        return open == 0 && end.Output.IsEmpty ? null : "a lost transport does not close each stream once, in silence";
    }

    /// <summary>After the peer's last octet the connection is over as soon as the streams are that the application still answers.</summary>
    private static string? ByInput(Situation at)
    {
        var fold = Connection.Step(at.Fold, new Input.EndOfInput()).State;
        for (var id = 1u; id <= OpenStreams.Most && !Connection.IsFinished(fold.State); id++)
        {
            if ((OpenStreams.Of(fold.State.Core) & OpenStreams.Bit(new(id))) != 0)
                fold = Connection.Step(fold, new Input.SubmitReset(new(id), ErrorCode.Cancel)).State;
        }
        return Connection.IsFinished(fold.State) ? null : "the end of the input and of all streams does not end the connection";
    }

    private static string? ByDraining(Situation at)
    {
        var drained = Connection.Step(at.Fold, new Input.Drain(int.MaxValue));
        if (Connection.CanDrain(at.Fold.State) != (drained.Output.Length > 0))
            return "whether something can be sent is not what sending does";
        return Connection.CanDrain(drained.State.State) ? "something is left to send after everything was sent" : null;
    }

    private static string? ByTime(Situation at)
    {
        var (fold, now) = (at.Fold, at.Now);
        for (var i = 0; i < MostDeadlines; i++)
        {
            if (Connection.IsFinished(fold.State))
                return null;
            var due = Connection.NextDeadline(fold.State);
            if (due == long.MaxValue)
                return fold.State.Core.Streams is { LiveCount: 0, LingeringCount: 0 } ? "nothing is open, and nothing is due" : null;
            now = Math.Max(due, now);
            fold = Connection.Step(fold, new Input.Tick(now)).State;
            if (Connection.NextDeadline(fold.State) <= now)
                return "a deadline that was reached is due again at once";
        }
        return "deadlines follow each other without end";
    }

    private static string? Gracefully(Situation at)
    {
        var fold = Connection.Step(at.Fold, new Input.Shutdown(at.Now)).State;
        foreach (var time in (TimeSpan[])[fold.State.Options.ShutdownPingTimeout, fold.State.Options.ShutdownTimeout])
            fold = Connection.Step(fold, new Input.Tick(at.Now + (long)time.TotalMilliseconds)).State;
        return Connection.IsFinished(fold.State) ? null : "a graceful end does not end in its time";
    }
}
