namespace Http2.Pure;

/// <summary>What must happen in time. The clock is an input.</summary>
internal static class Deadlines
{
    /// <summary>When something is due next, or <see cref="long.MaxValue"/>.</summary>
    public static long Next(in Core core)
    {
        if (core.Phase == Phase.Finished)
            return long.MaxValue;
        // A peer that has sent everything owes nothing more: no acknowledgement, no answer.
        if (core.Closing.InputEnded)
            return ShutdownDeadline(core);
        var options = core.Options;
        var next = long.MaxValue;
        if (core.Phase != Phase.Running)
            next = core.Liveness.OpenedAt + Milliseconds.Of(options.PrefaceTimeout);
        if (core.Ours.InFlight.Count > 0)
            next = Math.Min(next, SettingsDeadline(core));
        if (core.Block is { } block)
            next = Math.Min(next, block.Since + Milliseconds.Of(options.HeaderBlockTimeout));
        next = Math.Min(next, KeepAliveDeadline(core));
        if (core.Closing.IsLocal)
            next = Math.Min(next, ShutdownDeadline(core));
        else if (IsIdle(core))
            next = Math.Min(next, core.Liveness.HeardAt + Milliseconds.Of(options.IdleTimeout));
        return next;
    }

    /// <summary>Time passed: does what is due.</summary>
    public static void Judge(ref Core core, Turn turn)
    {
        if (core.Phase == Phase.Finished || turn.Now < Next(core))
            return;
        if (OverdueFault(core, turn.Now) is { } fault)
        {
            FaultAnswering.AnswerFault(ref core, fault, turn);
            return;
        }
        if (turn.Now >= KeepAliveDeadline(core))
            JudgeKeepAlive(ref core, turn);
        else if (core.Closing.Shutdown is { } shutdown)
            JudgeShutdown(ref core, shutdown, turn);
        else if (core.Liveness.CommandSinceLastFrame)
            // When the command came the core cannot know, so the time in which the connection counts as idle begins anew here.
            core.Liveness.Hear(turn.Now);
        else
            // Nothing else is left that can be due: the connection is idle.
            GoingAway.BeginShutdown(ref core, isUnhurried: true, turn);
    }

    // A client with a request in flight may be stopped for a moment; one that asks for nothing has no reason to be connected.
    private static long SettingsDeadline(in Core core) =>
        core.Ours.InFlight.Items[0].SentAt + (core.Streams.LiveCount > 0 ? 2L : 1L) * Milliseconds.Of(core.Options.SettingsTimeout);

    // An end that the connection began by itself waits for its streams as long as they move: the deadlines for slow peers see to that.
    private static long ShutdownDeadline(in Core core)
    {
        if (core.Closing.Shutdown is not { } shutdown)
            return long.MaxValue;
        var whole = shutdown.IsUnhurried ? long.MaxValue : shutdown.Since + Milliseconds.Of(core.Options.ShutdownTimeout);
        return core.Closing.IsWarned ? Math.Min(shutdown.Since + Milliseconds.Of(core.Options.ShutdownPingTimeout), whole) : whole;
    }

    // For a stream that lingers the application is still at work.
    private static bool IsIdle(in Core core) =>
        core.Streams is { LiveCount: 0, LingeringCount: 0 } && !core.Closing.IsLocal;

    private static Fault.OfConnection? OverdueFault(in Core core, long now)
    {
        if (core.Closing.InputEnded)
            return null;
        if (core.Phase != Phase.Running && now >= core.Liveness.OpenedAt + Milliseconds.Of(core.Options.PrefaceTimeout))
            return new(ErrorCode.ProtocolError, Rules.SlowPreface);
        // §6.5.3: SETTINGS_TIMEOUT is the code for this
        if (core.Ours.InFlight.Count > 0 && now >= SettingsDeadline(core))
            return new(ErrorCode.SettingsTimeout, Rules.SettingsTimeout);
        return core.Block is { } block && now >= block.Since + Milliseconds.Of(core.Options.HeaderBlockTimeout)
            ? Allowances.TooMuch(Rules.SlowBlock)
            : null;
    }

    private static void JudgeShutdown(ref Core core, Shutdown shutdown, Turn turn)
    {
        if (!shutdown.IsUnhurried && turn.Now - shutdown.Since >= Milliseconds.Of(core.Options.ShutdownTimeout))
            GoingAway.EndNow(ref core, ErrorCode.NoError, turn.Effects);
        else
            // What is due before that is the answer to the warning.
            GoingAway.SendFinalGoAway(ref core, turn.Effects);
    }

    private static long KeepAliveDeadline(in Core core)
    {
        if (core.Options.KeepAliveInterval == TimeSpan.Zero || core.Phase != Phase.Running || core.Closing.IsLocal || core.Closing.InputEnded)
            return long.MaxValue;
        return core.Liveness.IsAnswerAwaited
            ? core.Liveness.LastSignAt + Milliseconds.Of(core.Options.KeepAliveTimeout)
            : core.Liveness.LastSignAt + Milliseconds.Of(core.Options.KeepAliveInterval);
    }

    // §6.7: a silent peer is asked with PING whether it is still there
    private static void JudgeKeepAlive(ref Core core, Turn turn)
    {
        if (core.Liveness.IsAnswerAwaited)
        {
            FaultAnswering.AnswerFault(ref core, new Fault.OfConnection(ErrorCode.InternalError, Rules.KeepAlive), turn);
            return;
        }
        core.Liveness.Ask(turn.Now);
        PingFrame.Write(turn.Output, KeepAlive.Ping);
    }
}
