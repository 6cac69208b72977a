using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The octets of a frame that is not complete yet: an immutable chain of what came, joined only once the frame is there, so that input cut
/// into single octets costs time in proportion to its length. Equal by content.
/// </summary>
internal sealed class Leftover : IEquatable<Leftover>
{
    private readonly Leftover? _before;
    private readonly Octets _last;
    private readonly int _needed;

    private Leftover(Leftover? before, Octets last, int length, int needed) =>
        (_before, _last, Length, _needed) = (before, last, length, needed);

    public static Leftover None { get; } = new(null, default, 0, 1);

    public int Length { get; }

    /// <summary>Whether there may be a whole frame now.</summary>
    public bool IsEnough => Length >= _needed;

    /// <summary>What is left of <paramref name="octets"/> after no frame could be taken from it.</summary>
    public static Leftover Of(Octets octets)
    {
        if (octets.IsEmpty)
            return None;
        // Stryker disable all : when to look again is a matter of speed; looked at too early, what came is kept again
        var needed = octets.Length < FrameHeader.Size
            ? octets.Length + 1
            : Math.Max(FrameHeader.Size + FrameHeader.Parse(octets.Span).Length, octets.Length + 1);
        // Stryker restore all
        return new(null, octets, octets.Length, needed);
    }

    /// <summary>What is left of an incomplete preface: it is looked at again with every octet.</summary>
    // Stryker disable once Arithmetic : a matter of speed, as above
    public static Leftover OfPreface(Octets octets) => octets.IsEmpty ? None : new(null, octets, octets.Length, octets.Length + 1);

    public Leftover Add(Octets octets) =>
        octets.IsEmpty ? this : new(this, octets, Length + octets.Length, _needed);

    public Octets Join()
    {
        if (_before is null)
            return _last;
        var joined = GC.AllocateUninitializedArray<byte>(Length);
        for (var at = this; at is not null; at = at._before)
            at._last.Span.CopyTo(joined.AsSpan(at.Length - at._last.Length));
        return new Octets(joined);
    }

    public bool Equals(Leftover? other) =>
        ReferenceEquals(this, other) || (other is not null && Length == other.Length && Join() == other.Join());

    public override bool Equals(object? obj) => Equals(obj as Leftover);

    public override int GetHashCode() => Length;

    public override string ToString() => $"{Length} octets";
}
