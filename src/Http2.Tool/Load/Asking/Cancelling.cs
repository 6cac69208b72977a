namespace Http2.Tool;

/// <summary>Chooses which requests of a client are cancelled on purpose, and when. Not thread-safe: its client has it.</summary>
/// <param name="percent">How many of them, 0 to 100.</param>
/// <param name="seed">Makes the choice; clients differ in it, and runs do not.</param>
internal sealed class Cancelling(double percent, int seed)
{
    private readonly Random? _random = percent > 0 ? new Random(seed) : null;

    /// <summary>When the next request is cancelled: a third of those that are cancelled each at once, at the head of the response, and in its body.</summary>
    public Cancelled Next() => _random is null || _random.NextDouble() * 100 >= percent
        ? Cancelled.Never
        : (Cancelled)_random.Next((int)Cancelled.AtOnce, (int)Cancelled.InBody + 1);
}
