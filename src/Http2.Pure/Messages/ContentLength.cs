using System.Globalization;

namespace Http2.Pure;

/// <summary>The content-length that a message declares (RFC 9110 §8.6, RFC 9113 §8.1.1).</summary>
internal static class ContentLength
{
    /// <summary>No content-length was declared.</summary>
    public const long None = -1;

    /// <summary>Takes one more content-length field of a message into account.</summary>
    /// <param name="value">The field's value.</param>
    /// <param name="length">The length so far, or <see cref="None"/>; then the length.</param>
    /// <returns>Whether it is digits only, fits, and agrees with the others.</returns>
    public static bool TryAdd(ReadOnlySpan<byte> value, ref long length)
    {
        // digits only: a sign, spaces or a list would be read differently by others
        if (value.ContainsAnyExceptInRange((byte)'0', (byte)'9') ||
            !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var declared))
            return false;
        var agrees = length == None || length == declared;
        length = declared;
        return agrees;
    }
}
