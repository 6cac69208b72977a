namespace Http2.Pure;

/// <summary>How often something is tolerated. An immutable value.</summary>
/// <param name="Burst">How many at once.</param>
/// <param name="PerSecond">How many a second in the long run; 0 for no more than the burst, ever.</param>
public readonly record struct RateLimit(int Burst, int PerSecond);
