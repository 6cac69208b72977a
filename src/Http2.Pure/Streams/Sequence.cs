using System.Collections.Immutable;

namespace Http2.Pure;

/// <summary>An immutable sequence that is equal by content; an <see cref="ImmutableArray{T}"/> is equal only to itself.</summary>
internal sealed class Sequence<T>(ImmutableArray<T> items) : IEquatable<Sequence<T>>
    where T : IEquatable<T>
{
    public static Sequence<T> Empty { get; } = new([]);

    public ImmutableArray<T> Items { get; } = items;

    public int Count => Items.Length;

    public Sequence<T> Add(T item) => new(Items.Add(item));

    public Sequence<T> Tail() => new(Items.RemoveAt(0));

    public bool Equals(Sequence<T>? other) =>
        ReferenceEquals(this, other) || (other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as Sequence<T>);

    public override int GetHashCode() => Items.Length;

    public override string ToString() => $"[{string.Join(", ", Items)}]";
}
