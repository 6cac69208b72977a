using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The padding that DATA, HEADERS and PUSH_PROMISE may have, with one rule for all three: a payload is
/// <c>[pad length 8] fixed fields, content, [padding]</c>, and the padding leaves room for the fixed fields (RFC 9113 §6.1, §6.2, §6.6).
/// </summary>
internal static class FramePadding
{
    private const int MaxLength = byte.MaxValue;

    /// <summary>Takes the padding away from a payload that came.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="fixedFields">How many octets the fields take that always are there.</param>
    /// <param name="rule">The rule that too much padding breaks.</param>
    /// <param name="body">The fixed fields and the content.</param>
    /// <param name="padding">The padding, or null when the frame is not PADDED.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Remove(
        in FrameHeader header, ReadOnlyMemory<byte> payload, int fixedFields, Rule rule, out ReadOnlyMemory<byte> body, out Octets? padding)
    {
        body = payload;
        padding = null;
        var padded = header.Has(FrameFlags.Padded);
        // §4.2: a payload that is too short for the fields it must have is a size error, not an error of padding
        if (payload.Length < fixedFields + (padded ? 1 : 0))
            return FrameRules.WrongSize(header, FrameRules.PayloadTooShort);
        if (!padded)
            return null;
        var length = payload.Span[0];
        // the octet with the length of the padding is a part of the payload itself
        if (length > payload.Length - 1 - fixedFields)
            return FrameRules.ConnectionError(rule);
        body = payload[1..^length];
        padding = new Octets(payload[^length..]);
        return null;
    }

    /// <summary>The flag of a payload with this padding.</summary>
    /// <param name="padding">The padding, or null.</param>
    public static FrameFlags FlagOf(Octets? padding) => padding.HasValue ? FrameFlags.Padded : FrameFlags.None;

    /// <summary>How many octets padding and its length take.</summary>
    /// <param name="padding">The padding, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The padding is longer than 255 octets.</exception>
    public static int LengthOf(Octets? padding)
    {
        if (padding is not { } octets)
            return 0;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets.Length, MaxLength, nameof(padding));
        return 1 + octets.Length;
    }

    /// <summary>Writes the content and its padding.</summary>
    /// <param name="destination">Where the payload goes.</param>
    /// <param name="fixedFields">How many octets are kept free for the fixed fields.</param>
    /// <param name="content">The content.</param>
    /// <param name="padding">The padding, or null.</param>
    /// <returns>Where the fixed fields go.</returns>
    public static Span<byte> Write(Span<byte> destination, int fixedFields, Octets content, Octets? padding)
    {
        if (padding is { } octets)
        {
            destination[0] = (byte)octets.Length;
            octets.Span.CopyTo(destination[^octets.Length..]);
            destination = destination[1..];
        }
        content.Span.CopyTo(destination[fixedFields..]);
        return destination[..fixedFields];
    }
}
