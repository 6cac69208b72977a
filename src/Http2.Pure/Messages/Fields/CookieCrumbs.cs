using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// A cookie may be cut into crumbs, one <c>cookie</c> field for each, so that it compresses better (RFC 9113 §8.2.3). Pure, thread-safe.
/// </summary>
public static class CookieCrumbs
{
    /// <summary>
    /// The crumbs of <paramref name="fields"/>, joined with <c>; </c> into the one cookie that they were cut from. A request has to have its
    /// cookie like that before it is handed on outside of HTTP/2, to an application or over HTTP/1.1.
    /// </summary>
    /// <param name="fields">The fields of a request.</param>
    /// <returns>The cookie; empty when there is none. A single crumb is not copied.</returns>
    public static Octets Join(in FieldList fields)
    {
        var (crumbs, last, length) = (0, 0, 0);
        for (var i = 0; i < fields.Count; i++)
        {
            if (!IsCrumb(fields[i]))
                continue;
            (crumbs, last, length) = (crumbs + 1, i, length + fields[i].Value.Length);
        }
        if (crumbs < 2)
            return crumbs == 0 ? default : new Octets(fields.ValueMemory(last));
        var joined = new byte[length + 2 * (crumbs - 1)];
        var at = 0;
        for (var i = 0; i <= last; i++)
        {
            var field = fields[i];
            if (!IsCrumb(field))
                continue;
            field.Value.CopyTo(joined.AsSpan(at));
            at += field.Value.Length;
            if (i == last)
                break;
            "; "u8.CopyTo(joined.AsSpan(at));
            at += 2;
        }
        return new Octets(joined);
    }

    private static bool IsCrumb(FieldView field) => field.Token == FieldRules.TokenCookie;
}
