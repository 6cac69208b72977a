using System.Collections.Immutable;
using System.Text;

namespace Http2.Tool;

/// <summary>The path of a request target, decoded into names. Pure: it knows nothing of the file system but what its names may not hold.</summary>
/// <param name="Segments">The decoded names between slashes; none is empty, <c>.</c> or <c>..</c>.</param>
/// <param name="EndsWithSlash">Whether the path names a directory; true for <c>/</c>.</param>
internal sealed record RequestPath(ImmutableArray<string> Segments, bool EndsWithSlash)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Reads a request target in origin form; its query is dropped. Null when no file may be meant: a bad percent escape, octets that are not
    /// UTF-8, a control character, a slash or backslash inside a name, or a step upwards.
    /// </summary>
    /// <param name="target">The value of <c>:path</c>.</param>
    public static RequestPath? Parse(string target)
    {
        var query = target.IndexOfAny(['?', '#']);
        var path = query < 0 ? target : target[..query];
        if (path.Length == 0 || path[0] != '/')
            return null;
        var segments = ImmutableArray.CreateBuilder<string>();
        foreach (var raw in path[1..].Split('/'))
        {
            // Decoding comes before judging: %2e%2e is a step upwards like any other.
            var segment = Decode(raw);
            if (segment is null || segment is ".." || segment.AsSpan().ContainsAny(Forbidden))
                return null;
            if (segment.Length > 0 && segment != ".")
                segments.Add(segment);
        }
        var slash = path[^1] == '/' || path.EndsWith("/.", StringComparison.Ordinal);
        return new RequestPath(segments.ToImmutable(), slash);
    }

    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '\x7f', '/', '\\', .. OperatingSystem.IsWindows() ? ":*?\"<>|" : ""]);

    private static string? Decode(string raw)
    {
        if (!raw.Contains('%') && Ascii.IsValid(raw))
            return raw;
        var octets = new byte[raw.Length * 3];
        var count = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '%')
            {
                // Octets above 127 come from the wire as one char each or as text; both encode the same way below.
                count += Encoding.UTF8.GetBytes(raw.AsSpan(i, 1), octets.AsSpan(count));
                continue;
            }
            if (i + 2 >= raw.Length || !char.IsAsciiHexDigit(raw[i + 1]) || !char.IsAsciiHexDigit(raw[i + 2]))
                return null;
            octets[count++] = Convert.FromHexString(raw.AsSpan(i + 1, 2))[0];
            i += 2;
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
