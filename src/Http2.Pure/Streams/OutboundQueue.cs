using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The octets of a body that wait for the window: an immutable queue of chunks, none of them empty. Adding and taking cost
/// constant time on average: the queue is two stacks, and the second is turned over when the first runs out. Equal by content, chunk by chunk.
/// </summary>
internal sealed class OutboundQueue : IEquatable<OutboundQueue>
{
    private readonly Node? _front;
    private readonly Node? _back;

    private OutboundQueue(Node? front, Node? back, long length) => (_front, _back, Length) = (front, back, length);

    public static OutboundQueue Empty { get; } = new(null, null, 0);

    /// <summary>How many octets are queued.</summary>
    public long Length { get; }

    public bool IsEmpty => Length == 0;

    /// <summary>The first chunk; only of a queue that is not empty.</summary>
    public Octets First => _front!.Chunk;

    public OutboundQueue Add(Octets chunk) =>
        chunk.IsEmpty ? this
        : IsEmpty ? new(new Node(chunk, null), null, chunk.Length)
        : new(_front, new Node(chunk, _back), Length + chunk.Length);

    /// <summary>The queue without its first <paramref name="count"/> octets, at most as many as the first chunk has.</summary>
    public OutboundQueue Take(int count)
    {
        var left = First.Length - count;
        if (left > 0)
            return new(new Node(First.Slice(count, left), _front!.Rest), _back, Length - count);
        if (Length == count)
            return Empty;
        return _front!.Rest is { } rest ? new(rest, _back, Length - count) : new(Reverse(_back), null, Length - count);
    }

    public IEnumerable<Octets> Chunks()
    {
        for (var node = _front; node is not null; node = node.Rest)
            yield return node.Chunk;
        for (var node = Reverse(_back); node is not null; node = node.Rest)
            yield return node.Chunk;
    }

    public bool Equals(OutboundQueue? other) =>
        ReferenceEquals(this, other) || (other is not null && Length == other.Length && Chunks().SequenceEqual(other.Chunks()));

    public override bool Equals(object? obj) => Equals(obj as OutboundQueue);

    public override int GetHashCode() => Length.GetHashCode();

    public override string ToString() => $"{Length} octets";

    private static Node? Reverse(Node? from)
    {
        Node? result = null;
        for (; from is not null; from = from.Rest)
            result = new Node(from.Chunk, result);
        return result;
    }

    private sealed class Node(Octets chunk, Node? rest)
    {
        public Octets Chunk { get; } = chunk;

        public Node? Rest { get; } = rest;
    }
}
