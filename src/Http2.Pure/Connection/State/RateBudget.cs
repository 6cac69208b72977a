namespace Http2.Pure;

/// <summary>
/// A token bucket as a value: it holds up to a burst of tokens and refills at a steady rate. The clock is passed in. Pure, thread-safe.
/// </summary>
public readonly record struct RateBudget
{
    private const long Milli = 1000;
    private readonly long _milliTokens;
    private readonly long _at;

    private RateBudget(RateLimit limit, long milliTokens, long at) => (Limit, _milliTokens, _at) = (limit, milliTokens, at);

    /// <summary>What the bucket allows.</summary>
    public RateLimit Limit { get; }

    /// <summary>A full bucket.</summary>
    /// <param name="limit">What it allows.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public static RateBudget Full(RateLimit limit, long now) => new(limit, limit.Burst * Milli, now);

    /// <summary>Takes tokens out.</summary>
    /// <param name="now">The time, in milliseconds; a time before the last one refills nothing.</param>
    /// <param name="cost">How many tokens, at least 0.</param>
    /// <param name="next">The bucket afterwards: unchanged but for the refill when there were too few.</param>
    /// <returns>Whether there were enough.</returns>
    public bool TrySpend(long now, int cost, out RateBudget next) => TrySpendPart(now, cost * Milli, out next);

    /// <summary>Takes thousandths of tokens out; otherwise as <see cref="TrySpend"/>.</summary>
    internal bool TrySpendPart(long now, long cost, out RateBudget next)
    {
        var elapsed = Math.Max(now - _at, 0);
        var cap = Limit.Burst * Milli;
        // no longer than it takes to fill the bucket, so that a long pause cannot overflow the product
        var refill = Limit.PerSecond == 0 ? 0 : Math.Min(elapsed, cap / Limit.PerSecond + 1) * Limit.PerSecond;
        var tokens = Math.Min(_milliTokens + refill, cap);
        var allowed = tokens >= cost;
        next = new(Limit, allowed ? tokens - cost : tokens, Math.Max(now, _at));
        return allowed;
    }
}
