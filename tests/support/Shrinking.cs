namespace Http2.TestSupport;

/// <summary>Smaller lists of the same items, for generators whose values are lists.</summary>
public static class Shrinking
{
    /// <summary>The list without a run of its items: halves first, then ever shorter runs, down to one.</summary>
    public static IEnumerable<T[]> WithoutSome<T>(IReadOnlyList<T> items)
    {
        for (var length = (items.Count + 1) / 2; length > 0; length = length == 1 ? 0 : (length + 1) / 2)
        {
            for (var at = 0; at < items.Count; at += length)
            {
                var (from, to) = (at, at + length);
                yield return [.. items.Where((_, i) => i < from || i >= to)];
            }
        }
    }
}
