using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The octets of a frame, or of the preface, that is not complete yet: an immutable chain of what came. The chain is joined only once the
/// frame is there, so that input that is cut into single octets costs time in proportion to its length. Equal by content.
/// </summary>
internal sealed class PartialFrame : IEquatable<PartialFrame>
{
    private readonly PartialFrame? _before;
    private readonly Octets _last;
    private readonly int _needed;

    private PartialFrame(PartialFrame? before, Octets last, int length, int needed) =>
        (_before, _last, Length, _needed) = (before, last, length, needed);

    /// <summary>No octets.</summary>
    public static PartialFrame None { get; } = new(null, default, 0, 1);

    /// <summary>How many octets are kept.</summary>
    public int Length { get; }

    /// <summary>Whether a whole frame may be there, so that it is worth a look.</summary>
    public bool IsEnough => Length >= _needed;

    /// <summary>Keeps <paramref name="octets"/>, from which no whole frame could be taken.</summary>
    public static PartialFrame Of(Octets octets)
    {
        if (octets.IsEmpty)
            return None;
        // Stryker disable all : when to look again is a matter of speed; when it is too early, what came is kept again
        var needed = octets.Length < FrameHeader.Size
            ? octets.Length + 1
            : Math.Max(FrameHeader.Size + FrameHeader.Parse(octets.Span).Length, octets.Length + 1);
        // Stryker restore all
        return new(null, octets, octets.Length, needed);
    }

    /// <summary>Keeps the beginning of a preface, which is looked at again with every octet.</summary>
    // Stryker disable once Arithmetic : a matter of speed, as above
    public static PartialFrame OfPreface(Octets octets) => octets.IsEmpty ? None : new(null, octets, octets.Length, octets.Length + 1);

    /// <summary>With the octets that came behind.</summary>
    public PartialFrame Add(Octets octets) =>
        octets.IsEmpty ? this : new(this, octets, Length + octets.Length, _needed);

    /// <summary>All octets as one run.</summary>
    public Octets Join()
    {
        if (_before is null)
            return _last;
        var joined = GC.AllocateUninitializedArray<byte>(Length);
        for (var at = this; at is not null; at = at._before)
            at._last.Span.CopyTo(joined.AsSpan(at.Length - at._last.Length));
        return new Octets(joined);
    }

    public bool Equals(PartialFrame? other) =>
        ReferenceEquals(this, other) || (other is not null && Length == other.Length && Join() == other.Join());

    public override bool Equals(object? obj) => Equals(obj as PartialFrame);

    public override int GetHashCode() => Length;

    public override string ToString() => $"{Length} octets";
}
