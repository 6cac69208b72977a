using System.Collections.Immutable;
using System.Globalization;

namespace Http2.Tool;

/// <summary>Octets <paramref name="Start"/> to <paramref name="Start"/> + <paramref name="Length"/> - 1 of a representation.</summary>
/// <param name="Start">The first octet, from 0.</param>
/// <param name="Length">How many, at least 1.</param>
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <summary>The last octet.</summary>
    public long End => Start + Length - 1;

    /// <summary>The value of <c>content-range</c> (RFC 9110 §14.4).</summary>
    public string ContentRange(long total) => string.Create(CultureInfo.InvariantCulture, $"bytes {Start}-{End}/{total}");
}

/// <summary>What a <c>range</c> field asks of a representation of known length (RFC 9110 §14.2).</summary>
internal abstract record RangeRequest
{
    private RangeRequest()
    {
    }

    /// <summary>No range, one we do not understand, or one we decline: the whole representation is sent.</summary>
    public sealed record Whole : RangeRequest;

    /// <summary>One or more parts, in the order asked for.</summary>
    public sealed record Parts(ImmutableArray<ByteRange> Ranges) : RangeRequest;

    /// <summary>No part lies inside the representation: 416.</summary>
    public sealed record Unsatisfiable : RangeRequest;
}

/// <summary>Reads <c>range</c> fields. Pure.</summary>
internal static class ByteRanges
{
    /// <summary>
    /// More parts than this are answered with the whole (RFC 9110 §14.2 lets a server decline many small or overlapping ranges).
    /// </summary>
    public const int MaxParts = 16;

    /// <summary>Judges a <c>range</c> field against a length.</summary>
    /// <param name="field">The field's value, or null when there is none.</param>
    /// <param name="length">The length of the representation in octets.</param>
    public static RangeRequest Parse(string? field, long length)
    {
        // RFC 9110 §14.2: an unknown unit or a malformed field is ignored, not refused.
        if (field is null || !field.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
            return new RangeRequest.Whole();
        var ranges = ImmutableArray.CreateBuilder<ByteRange>();
        var specs = 0;
        foreach (var text in field["bytes=".Length..].Split(','))
        {
            var spec = text.Trim(' ', '\t');
            if (spec.Length == 0)
                continue;
            if (++specs > MaxParts || !TryParseSpec(spec, length, out var range))
                return new RangeRequest.Whole();
            if (range is { } satisfiable)
                ranges.Add(satisfiable);
        }
        if (specs == 0)
            return new RangeRequest.Whole();
        if (ranges.Count == 0)
            return new RangeRequest.Unsatisfiable();
        // Parts that overlap so much that together they exceed the file cost more than the file.
        return ranges.Count > 1 && ranges.Sum(range => (decimal)range.Length) > length
            ? new RangeRequest.Whole()
            : new RangeRequest.Parts(ranges.ToImmutable());
    }

    // False when malformed; a range that is well-formed but outside the representation is null.
    private static bool TryParseSpec(string spec, long length, out ByteRange? range)
    {
        range = null;
        var dash = spec.IndexOf('-');
        if (dash < 0)
            return false;
        if (dash == 0)
        {
            if (!TryParseNumber(spec.AsSpan(1), out var suffix))
                return false;
            var taken = Math.Min(suffix, length);
            range = taken > 0 ? new ByteRange(length - taken, taken) : null;
            return true;
        }
        var last = long.MaxValue;
        if (!TryParseNumber(spec.AsSpan(0, dash), out var first)
            || (dash + 1 < spec.Length && !TryParseNumber(spec.AsSpan(dash + 1), out last)))
            return false;
        if (last < first)
            return false;
        range = first < length ? new ByteRange(first, Math.Min(last, length - 1) - first + 1) : null;
        return true;
    }

    // Digits only; a number too large for us is larger than any file.
    private static bool TryParseNumber(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value))
            value = long.MaxValue;
        return true;
    }
}
