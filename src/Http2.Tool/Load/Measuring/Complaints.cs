namespace Http2.Tool;

/// <summary>What went wrong in a run, each kind with how often it did. Thread-safe.</summary>
internal sealed class Complaints
{
    // What a hostile server says must not fill the memory.
    private const int MostKinds = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Each kind, the most frequent first.</summary>
    public IReadOnlyList<(string What, long Count)> All
    {
        get
        {
            lock (_gate)
                return [.. _counts.OrderByDescending(kind => kind.Value).Select(kind => (kind.Key, kind.Value))];
        }
    }

    /// <summary>Something went wrong.</summary>
    /// <param name="what">One line.</param>
    public void Add(string what)
    {
        lock (_gate)
        {
            if (!_counts.ContainsKey(what) && _counts.Count >= MostKinds)
                what = "other failures";
            _counts[what] = _counts.GetValueOrDefault(what) + 1;
        }
    }
}
