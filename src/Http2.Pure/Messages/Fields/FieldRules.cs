using System.Text;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The rules for single fields, the same for what comes and for what is sent (RFC 9113 §8.2). They cost some nanoseconds a field: a name of
/// the static table is known by its number and need not be searched.
/// </summary>
internal static class FieldRules
{
    // A token is the first index of a name in the static table (RFC 7541 Appendix A); these are the names that the rules know.
    public const byte TokenAuthority = 1, TokenMethod = 2, TokenPath = 4, TokenScheme = 6, TokenStatus = 8;
    public const byte TokenContentLength = 28, TokenCookie = 32, TokenHost = 38, TokenTransferEncoding = 57;

    /// <summary>Judges a field that came.</summary>
    public static FieldTraits Judge(scoped in FieldView field) => Judge(field.Name, field.Value, field.Token);

    /// <summary>Judges a field that is to be sent. The field keeps the verdict, so that it is judged once however often it is sent.</summary>
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
        (FieldGrammar.IsValue(value) ? FieldTraits.None : FieldTraits.BadValue) | (token == 0 ? JudgeName(name, value) : JudgeToken(token));

    private static FieldTraits JudgeToken(byte token) => token switch
    {
        TokenContentLength => FieldTraits.ContentLength,
        TokenHost => FieldTraits.Host,
        TokenTransferEncoding => FieldTraits.Connection,
        // :authority, :method twice, :path twice, :scheme twice and :status are the first entries of the static table
        <= TokenStatus => FieldTraits.Pseudo,
        _ => FieldTraits.None,
    };

    private static FieldTraits JudgeName(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty)
            return FieldTraits.BadName;
        if (name[0] == ':')
            return FieldTraits.Pseudo;
        if (!FieldGrammar.IsName(name))
            return FieldTraits.BadName;
        // §8.2.2: the fields of an HTTP/1.1 connection do not occur
        if (FieldGrammar.IsConnectionSpecific(name))
            return FieldTraits.Connection;
        return name.Length switch
        {
            2 when name.SequenceEqual("te"u8) => IsTrailers(value) ? FieldTraits.Te : FieldTraits.Connection,
            4 when name.SequenceEqual("host"u8) => FieldTraits.Host,
            14 when name.SequenceEqual("content-length"u8) => FieldTraits.ContentLength,
            _ => FieldTraits.None,
        };
    }

    // §8.2.2: te may say that trailers are welcome, and nothing else. Its values are case-insensitive (RFC 9110 §10.1.4).
    private static bool IsTrailers(ReadOnlySpan<byte> value) => Ascii.EqualsIgnoreCase(value, "trailers"u8);
}
