using System.Globalization;

namespace Http2.Pure;

/// <summary>
/// What a content-length still promises (RFC 9110 §8.6, RFC 9113 §8.1.1): how many octets of the body are to come, or that nothing was
/// declared. An immutable value.
/// </summary>
internal readonly record struct DeclaredLength
{
    // The complement of the octets, which is never 0, so that a default value declares nothing.
    private readonly long _complement;

    private DeclaredLength(long octets) => _complement = ~octets;

    /// <summary>No content-length was declared.</summary>
    public static DeclaredLength None => default;

    /// <summary>Whether a content-length was declared.</summary>
    public bool IsDeclared => _complement != 0;

    /// <summary>Whether the body may end here: all octets that were declared have come, or nothing was declared.</summary>
    public bool IsMet => !IsDeclared || ~_complement == 0;

    /// <summary>The octets that are to come, or -1 when nothing was declared.</summary>
    public long OctetsOrMinusOne => IsDeclared ? ~_complement : -1;

    /// <summary>A declared length of <paramref name="octets"/>, 0 or more.</summary>
    public static DeclaredLength Of(long octets) => new(octets);

    /// <summary>The length that the public face writes as a number: -1 when nothing is declared.</summary>
    public static DeclaredLength OfOptional(long octets) => octets < 0 ? None : new(octets);

    /// <summary>Takes one more content-length field of a message into account.</summary>
    /// <param name="value">The value of the field.</param>
    /// <param name="length">The length that the fields before declared; afterwards what this one declares.</param>
    /// <returns>Whether the value is a number in digits that fits into 63 bits, and is what the fields before declared.</returns>
    public static bool TryAdd(ReadOnlySpan<byte> value, ref DeclaredLength length)
    {
        // Digits only: recipients differ in how they read a sign, spaces or a list.
        if (value.ContainsAnyExceptInRange((byte)'0', (byte)'9') ||
            !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var octets))
            return false;
        var (before, declared) = (length, Of(octets));
        length = declared;
        return before.AgreesWith(declared);
    }

    /// <summary>Whether not both are declared, or both are the same.</summary>
    public bool AgreesWith(DeclaredLength other) => !IsDeclared || !other.IsDeclared || this == other;

    /// <summary>Takes a part of the body off.</summary>
    /// <param name="octets">How many octets the part has.</param>
    /// <param name="isLast">Whether the body ends with it.</param>
    /// <param name="left">What is promised of the rest.</param>
    /// <returns>Whether the part is neither more than was declared nor, as the last one, leaves some of it out.</returns>
    public bool TryTake(long octets, bool isLast, out DeclaredLength left)
    {
        left = this;
        if (!IsDeclared)
            return true;
        var rest = ~_complement - octets;
        if (rest < 0 || (isLast && rest != 0))
            return false;
        left = new(rest);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => IsDeclared ? $"{~_complement} octets" : "not declared";
}
