using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Http2.Tool;

/// <summary>
/// The path of a request target, decoded into names. Pure: it knows nothing of the file system but what its names may not hold.
/// </summary>
/// <param name="Segments">The decoded names between slashes; none is empty, <c>.</c> or <c>..</c>.</param>
/// <param name="EndsWithSlash">Whether the path names a directory; true for <c>/</c>.</param>
internal sealed record RequestPath(ImmutableArray<string> Segments, bool EndsWithSlash)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '\x7f', '/', '\\', .. OperatingSystem.IsWindows() ? ":*?\"<>|" : ""]);

    /// <summary>
    /// Reads a request target in origin form; its query is dropped. Null when no file may be meant: a bad percent escape, octets that are
    /// not UTF-8, a control character, a slash or backslash inside a name, or a step upwards.
    /// </summary>
    /// <param name="target">The value of <c>:path</c>.</param>
    public static RequestPath? Parse(string target)
    {
        var query = target.IndexOfAny(['?', '#']);
        var path = query < 0 ? target : target[..query];
        if (path.Length == 0 || path[0] != '/')
            return null;
        var segments = ImmutableArray.CreateBuilder<string>();
        var names = path.AsSpan(1);
        foreach (var name in names.Split('/'))
        {
            // Decoding comes before judging: %2e%2e is a step upwards like any other.
            var segment = Decode(names[name].ToString());
            if (segment is null || segment is ".." || segment.AsSpan().ContainsAny(Forbidden))
                return null;
            if (segment.Length > 0 && segment != ".")
                segments.Add(segment);
        }
        var slash = path[^1] == '/' || path.EndsWith("/.", StringComparison.Ordinal);
        return new RequestPath(segments.DrainToImmutable(), slash);
    }

    /// <summary>The path escaped again and with a slash at its end; it cannot be taken for an address of another host.</summary>
    public string WithSlash() => "/" + string.Concat(Segments.Select(segment => Uri.EscapeDataString(segment) + "/"));

    private static string? Decode(string raw)
    {
        if (!raw.Contains('%') && Ascii.IsValid(raw))
            return raw;
        // Characters beyond ASCII that came unescaped were read as UTF-8, so they are escaped as UTF-8.
        var octets = Encoding.UTF8.GetBytes(raw);
        var count = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            var octet = octets[i];
            if (octet == '%')
            {
                if (i + 2 >= octets.Length || !byte.TryParse(octets.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out octet))
                    return null;
                i += 2;
            }
            octets[count++] = octet;
        }
        try
        {
            return StrictUtf8.GetString(octets, 0, count);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
