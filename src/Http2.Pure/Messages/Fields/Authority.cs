using System.Buffers;
using System.Text;

namespace Http2.Pure;

/// <summary>
/// The parts of an authority (RFC 3986 §3.2): a host and an optional port. Userinfo may not occur in HTTP/2 (RFC 9113 §8.3.1).
/// </summary>
internal readonly ref struct Authority
{
    // What RFC 3986 §3.2.2 calls unreserved and sub-delims, and the percent sign; an address in brackets may have colons besides.
    private static readonly SearchValues<byte> HostOctets =
        SearchValues.Create("-._~!$&'()*+,;=%0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);
    private static readonly SearchValues<byte> LiteralOctets =
        SearchValues.Create(":-._~!$&'()*+,;=%0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private Authority(ReadOnlySpan<byte> host, ReadOnlySpan<byte> port)
    {
        Host = host;
        Port = port;
    }

    /// <summary>The host; an IPv6 address with its brackets.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>The digits of the port; empty when there is none.</summary>
    public ReadOnlySpan<byte> Port { get; }

    /// <summary>Splits <paramref name="text"/>.</summary>
    /// <returns>Whether it is an authority with a host and without userinfo.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out Authority authority)
    {
        authority = default;
        if (text.IsEmpty)
            return false;
        var literal = text[0] == '[';
        var hostEnd = literal ? text.IndexOf((byte)']') + 1 : text.IndexOf((byte)':') is >= 0 and var colon ? colon : text.Length;
        if (literal ? !IsLiteral(text[..hostEnd]) : hostEnd == 0 || text[..hostEnd].ContainsAnyExcept(HostOctets))
            return false;
        var rest = text[hostEnd..];
        if (!rest.IsEmpty && (rest[0] != ':' || rest[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9')))
            return false;
        authority = new Authority(text[..hostEnd], rest.IsEmpty ? default : rest[1..]);
        return true;
    }

    /// <summary>
    /// Whether two authorities are the same once both are normalised for the scheme (RFC 3986 §6.2.3, RFC 9110 §4.2.3).
    /// </summary>
    public static bool Same(in Authority left, in Authority right, ReadOnlySpan<byte> scheme) =>
        Ascii.EqualsIgnoreCase(left.Host, right.Host) && Normal(left.Port, scheme).SequenceEqual(Normal(right.Port, scheme));

    private static bool IsLiteral(ReadOnlySpan<byte> literal) => literal.Length > 2 && !literal[1..^1].ContainsAnyExcept(LiteralOctets);

    private static ReadOnlySpan<byte> Normal(ReadOnlySpan<byte> port, ReadOnlySpan<byte> scheme)
    {
        var digits = port.TrimStart((byte)'0');
        var standard = Ascii.EqualsIgnoreCase(scheme, "https"u8) ? "443"u8 : Ascii.EqualsIgnoreCase(scheme, "http"u8) ? "80"u8 : default;
        return digits.SequenceEqual(standard) ? default : digits;
    }
}
