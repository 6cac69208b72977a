using System.Buffers;

namespace Http2.Pure;

/// <summary>
/// Which octets the names and the values of fields may have (RFC 9113 §8.2, RFC 9110 §5.1, §5.5): the same grammar for what comes and for
/// what is sent. The searches are vectorised. Pure, thread-safe.
/// </summary>
public static class FieldGrammar
{
    private static readonly SearchValues<byte> NameOctets = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> TokenOctets =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    /// <summary>Whether <paramref name="name"/> may name a field that is not a pseudo-field: a token without upper-case letters.</summary>
    /// <param name="name">The octets of the name.</param>
    public static bool IsName(ReadOnlySpan<byte> name) =>
        // §8.2.1: no controls, spaces, upper-case letters, colons, DEL or octets above it; RFC 9110 §5.1 asks for a token besides
        !name.IsEmpty && !name.ContainsAnyExcept(NameOctets);

    /// <summary>Whether <paramref name="value"/> may be the value of a field.</summary>
    /// <param name="value">The octets of the value; it may be empty.</param>
    public static bool IsValue(ReadOnlySpan<byte> value) => !HasBlankEdge(value) && !HasForbiddenOctet(value);

    /// <summary>Whether <paramref name="value"/> holds NUL, CR or LF, which no value may have anywhere (RFC 9113 §8.2.1).</summary>
    /// <param name="value">The octets of the value.</param>
    public static bool HasForbiddenOctet(ReadOnlySpan<byte> value) => value.ContainsAny((byte)0, (byte)'\r', (byte)'\n');

    /// <summary>Whether <paramref name="value"/> begins or ends with a space or a tab, which no value may (RFC 9113 §8.2.1).</summary>
    /// <param name="value">The octets of the value.</param>
    public static bool HasBlankEdge(ReadOnlySpan<byte> value) => !value.IsEmpty && (IsBlank(value[0]) || IsBlank(value[^1]));

    /// <summary>Whether <paramref name="text"/> is a token (RFC 9110 §5.6.2).</summary>
    /// <param name="text">Any octets.</param>
    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenOctets);

    /// <summary>
    /// Whether <paramref name="name"/> is the name of a field that speaks of an HTTP/1.1 connection, which HTTP/2 does not have
    /// (RFC 9113 §8.2.2). The field <c>te</c> is not among them: requests may have it, with one value.
    /// </summary>
    /// <param name="name">The name, in lower case.</param>
    public static bool IsConnectionSpecific(ReadOnlySpan<byte> name) => name.Length switch
    {
        7 => name.SequenceEqual("upgrade"u8),
        10 => name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8),
        16 => name.SequenceEqual("proxy-connection"u8),
        17 => name.SequenceEqual("transfer-encoding"u8),
        _ => false,
    };

    private static bool IsBlank(byte octet) => octet is (byte)' ' or (byte)'\t';
}
