namespace Http2.Pure;

/// <summary>
/// What a peer may do only so often: each budget answers a known attack (RFC 9113 §10.5). Methods that charge answer with the fault of a peer
/// that has used its budget up, or null. A struct that is changed in place, because it is a part of the state that a transition copies once at
/// its start.
/// </summary>
internal record struct Allowances
{
    /// <summary>Frames that are normal for each DATA frame that this end sends: clients widen windows as they read.</summary>
    public const int UpdatesPerDataFrame = 10;

    /// <summary>Frames that are normal for each stream that the peer opens: clients widen the window of a new stream.</summary>
    public const int UpdatesPerStream = 4;

    // What is normal before any DATA was sent: clients widen their windows at the start.
    private const int InitialUpdates = 100;
    private const int MostUpdates = 1 << 20;

    private Budgets _budgets;

    /// <summary>
    /// How many WINDOW_UPDATE frames, and RST_STREAM frames that crossed the end of their stream, are still normal: they grow with the streams
    /// that the peer opens and the DATA that this end sends.
    /// </summary>
    private int _updates;

    // Resets that the peer has earned by requests that were served to their end, in thousandths.
    private int _resetCredit;

    /// <summary>The allowances of a new connection.</summary>
    /// <param name="options">The rates.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public static Allowances Of(ConnectionOptions options, long now) => new() { _budgets = Budgets.Full(options, now), _updates = InitialUpdates };

    /// <summary>A frame that is of no use to this end.</summary>
    public Fault.OfConnection? ChargeGlitch(long now, Rule rule)
    {
        var allowed = _budgets.Glitches.TrySpend(now, 1, out var next);
        _budgets = _budgets with { Glitches = next };
        return allowed ? null : TooMuch(rule);
    }

    /// <summary>A PING or SETTINGS frame. They have a small allowance of their own; a frame beyond it counts as of no use.</summary>
    public Fault.OfConnection? ChargeControl(long now, Rule rule)
    {
        var allowed = _budgets.Control.TrySpend(now, 1, out var next);
        _budgets = _budgets with { Control = next };
        return allowed ? null : ChargeGlitch(now, rule);
    }

    /// <summary>A stream error, which made this end reset a stream (CVE-2025-8671).</summary>
    public Fault.OfConnection? ChargeCausedReset(long now)
    {
        var allowed = _budgets.CausedResets.TrySpend(now, 1, out var next);
        _budgets = _budgets with { CausedResets = next };
        return allowed ? null : TooMuch(Rules.MadeYouReset);
    }

    /// <summary>A frame that is normal in proportion to streams and DATA; a frame beyond that counts as of no use.</summary>
    public Fault.OfConnection? ChargeUpdate(long now, Rule rule)
    {
        if (_updates <= 0)
            return ChargeGlitch(now, rule);
        _updates--;
        return null;
    }

    /// <summary>More frames are normal from here on.</summary>
    public void EarnUpdates(int frames) => _updates = Math.Min(_updates + frames, MostUpdates);

    /// <summary>A reset by the peer (CVE-2023-44487); see <see cref="ResetCosts"/>.</summary>
    /// <param name="cost">What it costs, in thousandths.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public Fault.OfConnection? ChargeReset(int cost, long now)
    {
        var earned = Math.Min(cost, _resetCredit);
        _resetCredit -= earned;
        if (cost == earned)
            return null;
        var allowed = _budgets.PeerResets.TrySpendPart(now, cost - earned, out var next);
        _budgets = _budgets with { PeerResets = next };
        return allowed ? null : TooMuch(Rules.RapidReset);
    }

    /// <summary>A request was served to its end. No more can be earned than the budget allows at once.</summary>
    public void EarnReset()
    {
        if (_resetCredit < Math.Min(_budgets.PeerResets.Limit.Burst * (long)ResetCosts.Whole, ResetCosts.MostEarned))
            _resetCredit += ResetCosts.EarnedPerRequest;
    }

    /// <summary>The fault of a peer that does something too often or too slowly.</summary>
    public static Fault.OfConnection TooMuch(Rule rule) => new(ErrorCode.EnhanceYourCalm, rule);
}
