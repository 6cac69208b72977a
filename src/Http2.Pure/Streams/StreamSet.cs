using System.Collections;

namespace Http2.Pure;

/// <summary>
/// The streams that have a record, in order of their identifiers: an immutable array of small immutable chunks, so that a change copies one chunk and
/// the list of chunks instead of all streams. Equal by content.
/// </summary>
internal sealed class StreamSet : IEquatable<StreamSet>, IEnumerable<StreamRecord>
{
    private const int ChunkSize = 16;
    private readonly StreamRecord[][] _chunks;

    private StreamSet(StreamRecord[][] chunks, int count) => (_chunks, Count) = (chunks, count);

    public static StreamSet Empty { get; } = new([], 0);

    public int Count { get; }

    /// <summary>The streams in order, chunk by chunk: to walk them without an enumerator. Nobody may write to the chunks.</summary>
    public ReadOnlySpan<StreamRecord[]> Chunks => _chunks;

    /// <summary>The stream, or null when it is not in the set.</summary>
    public StreamRecord? Find(StreamId id)
    {
        if (Count == 0)
            return null;
        var chunk = _chunks[ChunkOf(id)];
        var at = IndexIn(chunk, id);
        return at < chunk.Length && chunk[at].Id == id ? chunk[at] : null;
    }

    /// <summary>The first stream whose identifier is greater than <paramref name="id"/>, or null.</summary>
    public StreamRecord? After(StreamId id)
    {
        if (Count == 0)
            return null;
        var at = ChunkOf(id);
        var index = IndexIn(_chunks[at], new StreamId(id.Value + 1));
        return index < _chunks[at].Length ? _chunks[at][index] : at + 1 < _chunks.Length ? _chunks[at + 1][0] : null;
    }

    /// <summary>The set with <paramref name="stream"/> in it, in the place of the one with its identifier if there is one.</summary>
    public StreamSet With(StreamRecord stream)
    {
        if (Count == 0)
            return new([[stream]], 1);
        var at = ChunkOf(stream.Id);
        var chunk = _chunks[at];
        var index = IndexIn(chunk, stream.Id);
        if (index < chunk.Length && chunk[index].Id == stream.Id)
            return ReferenceEquals(chunk[index], stream) ? this : new(Replace(_chunks, at, Replace(chunk, index, stream)), Count);
        if (chunk.Length < ChunkSize)
            return new(Replace(_chunks, at, Insert(chunk, index, stream)), Count + 1);
        if (index == chunk.Length)
            return new(Insert(_chunks, at + 1, [stream]), Count + 1);
        var halves = Insert(Replace(_chunks, at, chunk[..(ChunkSize / 2)]), at + 1, chunk[(ChunkSize / 2)..]);
        return new StreamSet(halves, Count).With(stream);
    }

    /// <summary>The set without the stream.</summary>
    public StreamSet Without(StreamId id)
    {
        if (Count == 0)
            return this;
        var at = ChunkOf(id);
        var chunk = _chunks[at];
        var index = IndexIn(chunk, id);
        if (index == chunk.Length || chunk[index].Id != id)
            return this;
        if (Count == 1)
            return Empty;
        return new(chunk.Length == 1 ? RemoveAt(_chunks, at) : Replace(_chunks, at, RemoveAt(chunk, index)), Count - 1);
    }

    public IEnumerator<StreamRecord> GetEnumerator()
    {
        foreach (var chunk in _chunks)
        {
            foreach (var stream in chunk)
                yield return stream;
        }
    }

    public bool Equals(StreamSet? other) =>
        ReferenceEquals(this, other) || (other is not null && Count == other.Count && this.SequenceEqual(other));

    public override bool Equals(object? obj) => Equals(obj as StreamSet);

    public override int GetHashCode() => Count;

    public override string ToString() => $"[{string.Join(", ", this)}]";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // The last chunk whose first identifier is not above id; the first chunk when there is none.
    private int ChunkOf(StreamId id)
    {
        var (low, high) = (0, _chunks.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_chunks[middle][0].Id.Value <= id.Value)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    // The first index whose identifier is at least id; the length when there is none.
    private static int IndexIn(StreamRecord[] chunk, StreamId id)
    {
        var (low, high) = (0, chunk.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (chunk[middle].Id.Value < id.Value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static T[] Replace<T>(T[] from, int at, T item)
    {
        var copy = new T[from.Length];
        from.AsSpan().CopyTo(copy);
        copy[at] = item;
        return copy;
    }

    private static T[] Insert<T>(T[] from, int at, T item)
    {
        var copy = new T[from.Length + 1];
        from.AsSpan(0, at).CopyTo(copy);
        copy[at] = item;
        from.AsSpan(at).CopyTo(copy.AsSpan(at + 1));
        return copy;
    }

    private static T[] RemoveAt<T>(T[] from, int at)
    {
        var copy = new T[from.Length - 1];
        from.AsSpan(0, at).CopyTo(copy);
        from.AsSpan(at + 1).CopyTo(copy.AsSpan(at));
        return copy;
    }
}
