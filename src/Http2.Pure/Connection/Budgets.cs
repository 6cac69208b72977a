namespace Http2.Pure;

/// <summary>What a peer may spend on frames that cost this end more than the peer. Immutable.</summary>
internal sealed record Budgets(RateBudget PeerResets, RateBudget CausedResets, RateBudget Glitches, RateBudget Control)
{
    public static Budgets Full(ConnectionOptions options, long now) => new(
        RateBudget.Full(options.PeerResetLimit, now),
        RateBudget.Full(options.CausedResetLimit, now),
        RateBudget.Full(options.GlitchLimit, now),
        RateBudget.Full(options.ControlFrameLimit, now));
}
