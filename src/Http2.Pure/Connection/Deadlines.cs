namespace Http2.Pure;

/// <content>What must happen in time. The clock is an input.</content>
public static partial class Connection
{
    private static long Deadline(in Core core)
    {
        if (core.Phase == Phase.Finished)
            return long.MaxValue;
        var options = core.Options;
        var next = long.MaxValue;
        // who has sent all owes nothing more: no acknowledgement, no answer
        if (core.Closing.InputEnded)
            return ShutdownDeadline(core);
        if (core.Phase != Phase.Running)
            next = core.OpenedAt + Milliseconds.Of(options.PrefaceTimeout);
        if (core.Ours.InFlight.Count > 0)
            next = Math.Min(next, SettingsDeadline(core));
        if (core.Block is not null)
            next = Math.Min(next, core.BlockAt + Milliseconds.Of(options.HeaderBlockTimeout));
        next = Math.Min(next, KeepAliveDeadline(core));
        if (core.Closing.IsLocal)
            next = Math.Min(next, ShutdownDeadline(core));
        else if (IsIdle(core))
            next = Math.Min(next, core.HeardAt + Milliseconds.Of(options.IdleTimeout));
        return next;
    }

    // a client with a request in flight may be stopped for a moment; one that asks for nothing has no reason to be there
    private static long SettingsDeadline(in Core core) =>
        core.Ours.InFlight.Items[0].SentAt + (core.Live > 0 ? 2L : 1L) * Milliseconds.Of(core.Options.SettingsTimeout);

    // an end of its own accord waits for its streams as long as they move: the deadlines for slow peers see to that
    private static long ShutdownDeadline(in Core core)
    {
        if (!core.Closing.IsLocal)
            return long.MaxValue;
        var whole = core.Closing.IsUnhurried ? long.MaxValue : core.Closing.ShutdownAt + Milliseconds.Of(core.Options.ShutdownTimeout);
        return IsWarned(core) ? Math.Min(core.Closing.ShutdownAt + Milliseconds.Of(core.Options.ShutdownPingTimeout), whole) : whole;
    }

    // a stream that lingers is an application still at work
    private static bool IsIdle(in Core core) => core.Live == 0 && core.Lingering == 0 && !core.Closing.IsLocal;

    private static void JudgeDeadlines(ref Core core, long now, EffectBuffer effects)
    {
        if (core.Phase == Phase.Finished || now < Deadline(core))
            return;
        if (OverdueFault(core, now) is { } fault)
        {
            Settle(ref core, fault, now, effects);
            return;
        }
        if (now >= KeepAliveDeadline(core))
            JudgeKeepAlive(ref core, now, effects);
        else if (core.Closing.IsLocal)
            JudgeShutdown(ref core, now, effects);
        else if (core.Stirred)
            // a command came since the last frame; when, the core cannot know, so the time begins anew here
            (core.Stirred, core.HeardAt) = (false, now);
        else
            // nothing else is left that can be due
            BeginShutdown(ref core, now, isUnhurried: true, effects);
    }

    private static Fault.OfConnection? OverdueFault(in Core core, long now)
    {
        var options = core.Options;
        if (core.Closing.InputEnded)
            return null;
        if (core.Phase != Phase.Running && now >= core.OpenedAt + Milliseconds.Of(options.PrefaceTimeout))
            return new(ErrorCode.ProtocolError, Rules.SlowPreface);
        // §6.5.3: SETTINGS_TIMEOUT is there for this
        if (core.Ours.InFlight.Count > 0 && now >= SettingsDeadline(core))
            return new(ErrorCode.SettingsTimeout, Rules.SettingsTimeout);
        return core.Block is not null && now >= core.BlockAt + Milliseconds.Of(options.HeaderBlockTimeout) ? TooMuch(Rules.SlowBlock) : null;
    }

    private static void JudgeShutdown(ref Core core, long now, EffectBuffer effects)
    {
        var since = now - core.Closing.ShutdownAt;
        if (!core.Closing.IsUnhurried && since >= Milliseconds.Of(core.Options.ShutdownTimeout))
            EndNow(ref core, ErrorCode.NoError, effects);
        else
            // what is due before that is the answer to the warning
            SendFinalGoAway(ref core, ErrorCode.NoError, effects);
    }
}
