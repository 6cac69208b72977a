namespace Http2.Pure;

/// <summary>
/// A set of stream identifiers of one parity in bounded memory: runs of neighbours, the highest last. When there are too many runs the
/// lowest is forgotten, and <see cref="Forgotten"/> says up to which identifier. Immutable, equal by content.
/// </summary>
internal sealed class IdRanges : IEquatable<IdRanges>
{
    private const int MaxRuns = 64;
    private readonly (uint First, uint Last)[] _runs;

    private IdRanges((uint First, uint Last)[] runs, uint forgotten) => (_runs, Forgotten) = (runs, forgotten);

    public static IdRanges Empty { get; } = new([], 0);

    /// <summary>Identifiers up to this one may have been in the set.</summary>
    public uint Forgotten { get; }

    public bool Contains(StreamId id)
    {
        foreach (var (first, last) in _runs)
        {
            if (id.Value >= first && id.Value <= last)
                return true;
        }
        return false;
    }

    public IdRanges Add(StreamId id) => Add(id, id);

    /// <summary>The set with all identifiers from <paramref name="first"/> to <paramref name="last"/> that have their parity.</summary>
    public IdRanges Add(StreamId first, StreamId last)
    {
        var at = Array.FindIndex(_runs, run => run.First > first.Value);
        if (at < 0)
            at = _runs.Length;
        if (at > 0 && _runs[at - 1].Last + 2 >= first.Value)
            return Extend(at - 1, last.Value);
        var runs = _runs.ToList();
        runs.Insert(at, (first.Value, last.Value));
        if (runs.Count <= MaxRuns)
            return new([.. runs], Forgotten);
        var forgotten = Math.Max(Forgotten, runs[0].Last);
        runs.RemoveAt(0);
        return new([.. runs], forgotten);
    }

    public bool Equals(IdRanges? other) =>
        other is not null && Forgotten == other.Forgotten && _runs.AsSpan().SequenceEqual(other._runs);

    public override bool Equals(object? obj) => Equals(obj as IdRanges);

    public override int GetHashCode() => HashCode.Combine(_runs.Length, Forgotten);

    public override string ToString() => string.Join(", ", _runs.Select(run => $"{run.First}-{run.Last}"));

    private IdRanges Extend(int at, uint last)
    {
        if (_runs[at].Last >= last)
            return this;
        var runs = _runs.ToList();
        runs[at] = (runs[at].First, last);
        while (at + 1 < runs.Count && runs[at + 1].First <= last + 2)
        {
            runs[at] = (runs[at].First, Math.Max(runs[at].Last, runs[at + 1].Last));
            runs.RemoveAt(at + 1);
        }
        return new([.. runs], Forgotten);
    }
}
