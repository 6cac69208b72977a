namespace Http2.Pure;

/// <content>What a peer may do only so often: each budget answers a known attack (RFC 9113 §10.5).</content>
public static partial class Connection
{
    private static Fault.OfConnection? SpendGlitch(ref Core core, long now, Rule rule)
    {
        var allowed = core.Budgets.Glitches.TrySpend(now, 1, out var next);
        core.Budgets = core.Budgets with { Glitches = next };
        return allowed ? null : TooMuch(rule);
    }

    /// <summary>PING and SETTINGS have a small allowance of their own; what goes beyond it is a glitch.</summary>
    private static Fault.OfConnection? SpendControl(ref Core core, long now, Rule rule)
    {
        var allowed = core.Budgets.Control.TrySpend(now, 1, out var next);
        core.Budgets = core.Budgets with { Control = next };
        return allowed ? null : SpendGlitch(ref core, now, rule);
    }

    private static Fault.OfConnection? SpendCausedReset(ref Core core, long now)
    {
        var allowed = core.Budgets.CausedResets.TrySpend(now, 1, out var next);
        core.Budgets = core.Budgets with { CausedResets = next };
        return allowed ? null : TooMuch(Rules.MadeYouReset);
    }

    private static Fault.OfConnection TooMuch(Rule rule) => new(ErrorCode.EnhanceYourCalm, rule);
}
