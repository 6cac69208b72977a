using System.Buffers;
using System.Text;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The rules for single fields, the same for those that come and those that go (RFC 9113 §8.2). They cost some nanoseconds a field: the
/// searches
/// are vectorised, and names of the static table need none.
/// </summary>
internal static class FieldRules
{
    // the first indices in the static table of names that the rules know (RFC 7541 Appendix A)
    public const byte TokenAuthority = 1, TokenMethod = 2, TokenPath = 4, TokenScheme = 6, TokenStatus = 8;
    public const byte TokenContentLength = 28, TokenCookie = 32, TokenHost = 38, TokenTransferEncoding = 57;

    private static readonly SearchValues<byte> NameOctets = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> TokenOctets =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    /// <summary>Whether <paramref name="name"/> may name a field that is no pseudo-field.</summary>
    public static bool IsName(ReadOnlySpan<byte> name) =>
        // §8.2.1: no controls, space, upper case, DEL or above, and no colon; RFC 9110 §5.1 asks for a token on top
        !name.IsEmpty && !name.ContainsAnyExcept(NameOctets);

    /// <summary>Whether <paramref name="value"/> may be a field's value.</summary>
    public static bool IsValue(ReadOnlySpan<byte> value) =>
        // §8.2.1: neither NUL nor CR nor LF anywhere, neither space nor tab at the ends
        value.IsEmpty || !IsBlank(value[0]) && !IsBlank(value[^1]) && !value.ContainsAny((byte)0, (byte)'\r', (byte)'\n');

    /// <summary>Whether <paramref name="text"/> is a token (RFC 9110 §5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenOctets);

    /// <summary>Judges a field that came.</summary>
    public static FieldTraits Judge(scoped in FieldView field) => Judge(field.Name, field.Value, field.Token);

    /// <summary>Judges a field to send; the verdict is kept in the field.</summary>
    public static FieldTraits Judge(HeaderField field)
    {
        var verdict = (FieldTraits)field.Verdict;
        if (verdict == FieldTraits.None)
            field.Verdict = (byte)(verdict = Judge(field.Name.Span, field.Value.Span, field.Token) | FieldTraits.Judged);
        return verdict & ~FieldTraits.Judged;
    }

    /// <summary>Judges a field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="token">The first index of its name in the static table, or 0 when that is not known.</param>
    public static FieldTraits Judge(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, byte token) =>
        (IsValue(value) ? FieldTraits.None : FieldTraits.BadValue) | (token == 0 ? JudgeName(name, value) : JudgeToken(token));

    private static bool IsBlank(byte octet) => octet is (byte)' ' or (byte)'\t';

    private static FieldTraits JudgeToken(byte token) => token switch
    {
        TokenContentLength => FieldTraits.ContentLength,
        TokenHost => FieldTraits.Host,
        TokenTransferEncoding => FieldTraits.Connection,
        // the pseudo-fields of the static table: :authority, :method twice, :path twice, :scheme twice, :status
        <= TokenStatus => FieldTraits.Pseudo,
        _ => FieldTraits.None,
    };

    private static FieldTraits JudgeName(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty)
            return FieldTraits.BadName;
        if (name[0] == ':')
            return FieldTraits.Pseudo;
        if (!IsName(name))
            return FieldTraits.BadName;
        // §8.2.2: connection, keep-alive, proxy-connection, transfer-encoding and upgrade belong to HTTP/1.1's connections
        return name.Length switch
        {
            2 when name.SequenceEqual("te"u8) => IsTrailers(value) ? FieldTraits.Te : FieldTraits.Connection,
            4 when name.SequenceEqual("host"u8) => FieldTraits.Host,
            7 when name.SequenceEqual("upgrade"u8) => FieldTraits.Connection,
            10 when name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8) => FieldTraits.Connection,
            14 when name.SequenceEqual("content-length"u8) => FieldTraits.ContentLength,
            16 when name.SequenceEqual("proxy-connection"u8) => FieldTraits.Connection,
            17 when name.SequenceEqual("transfer-encoding"u8) => FieldTraits.Connection,
            _ => FieldTraits.None,
        };
    }

    // §8.2.2: te may say that trailers are welcome and nothing else; values of te are case-insensitive (RFC 9110 §10.1.4)
    private static bool IsTrailers(ReadOnlySpan<byte> value) => Ascii.EqualsIgnoreCase(value, "trailers"u8);
}
