namespace Http2.Pure;

/// <summary>The budgets of a peer for frames that cost this end more than the peer. Immutable.</summary>
/// <param name="PeerResets">Requests that the peer resets.</param>
/// <param name="CausedResets">Stream errors of the peer.</param>
/// <param name="Glitches">Frames that are of no use.</param>
/// <param name="Control">PING and SETTINGS frames.</param>
internal sealed record Budgets(RateBudget PeerResets, RateBudget CausedResets, RateBudget Glitches, RateBudget Control)
{
    /// <summary>Full budgets.</summary>
    /// <param name="options">The rates.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public static Budgets Full(ConnectionOptions options, long now) => new(
        RateBudget.Full(options.PeerResetLimit, now),
        RateBudget.Full(options.CausedResetLimit, now),
        RateBudget.Full(options.GlitchLimit, now),
        RateBudget.Full(options.ControlFrameLimit, now));
}
