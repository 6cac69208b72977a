using System.Text;

namespace Hpack.Pure;

/// <summary>
/// An immutable run of octets with content equality. Record equality over <see cref="ReadOnlyMemory{T}"/> compares identity;
/// this compares what is there. Whoever hands an array in gives it up: nobody may write to it afterwards. Thread-safe.
/// </summary>
public readonly struct Octets : IEquatable<Octets>
{
    private readonly ReadOnlyMemory<byte> _memory;

    /// <summary>Takes over <paramref name="memory"/> without copying it.</summary>
    /// <param name="memory">Octets that nobody writes to any more.</param>
    public Octets(ReadOnlyMemory<byte> memory) => _memory = memory;

    /// <summary>No octets.</summary>
    public static Octets Empty => default;

    /// <summary>How many octets there are.</summary>
    public int Length => _memory.Length;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _memory.IsEmpty;

    /// <summary>The octets as memory.</summary>
    public ReadOnlyMemory<byte> Memory => _memory;

    /// <summary>The octets as a span.</summary>
    public ReadOnlySpan<byte> Span => _memory.Span;

    /// <summary>The octet at <paramref name="index"/>.</summary>
    /// <param name="index">0 to <see cref="Length"/> - 1.</param>
    public byte this[int index] => _memory.Span[index];

    /// <summary>A copy of <paramref name="octets"/>.</summary>
    /// <param name="octets">What to copy.</param>
    public static Octets Copy(ReadOnlySpan<byte> octets) => octets.IsEmpty ? default : new(octets.ToArray());

    /// <summary>The UTF-8 encoding of <paramref name="text"/>.</summary>
    /// <param name="text">Any string.</param>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public static Octets FromString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? default : new(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The octets that <paramref name="hex"/> spells, two digits each.</summary>
    /// <param name="hex">Hexadecimal digits, upper or lower case.</param>
    /// <exception cref="FormatException">A digit is not hexadecimal, or their number is odd.</exception>
    public static Octets FromHex(string hex) => new(Convert.FromHexString(hex));

    /// <summary>The part from <paramref name="start"/>, <paramref name="length"/> octets long, without copying.</summary>
    /// <param name="start">0 to <see cref="Length"/>.</param>
    /// <param name="length">0 to <see cref="Length"/> - <paramref name="start"/>.</param>
    public Octets Slice(int start, int length) => new(_memory.Slice(start, length));

    /// <inheritdoc/>
    public bool Equals(Octets other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Octets other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>The octets in hexadecimal.</summary>
    public string ToHex() => Convert.ToHexStringLower(Span);

    /// <summary>The octets read as UTF-8 text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Span);

    /// <summary>Content equality.</summary>
    public static bool operator ==(Octets left, Octets right) => left.Equals(right);

    /// <summary>Content inequality.</summary>
    public static bool operator !=(Octets left, Octets right) => !left.Equals(right);

    /// <summary>The UTF-8 encoding of <paramref name="text"/>.</summary>
    public static implicit operator Octets(string text) => FromString(text);
}
