using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>Judges the head of a request of HTTP/1.1 that may ask for HTTP/2 by Upgrade (RFC 7540 §3.2, RFC 9112).</summary>
internal static class UpgradeRules
{
    private const int SettingOctets = 6;

    /// <summary>Fields that belong to a connection of HTTP/1.1 (RFC 9113 §8.2.2), and those that are told otherwise in HTTP/2.</summary>
    private static readonly ImmutableHashSet<string> Dropped =
    [
        "connection", "upgrade", "http2-settings", "keep-alive", "proxy-connection", "transfer-encoding", "te", "host", "expect",
    ];

    /// <summary>Judges a head.</summary>
    /// <param name="head">The octets up to the empty line, with it or without.</param>
    /// <param name="mostContent">How many octets of content a request that is upgraded may have.</param>
    public static UpgradeVerdict Judge(ReadOnlySpan<byte> head, int mostContent)
    {
        // One character for each octet: values may have octets above 0x7f.
        var lines = Encoding.Latin1.GetString(head).TrimEnd('\r', '\n').Split('\n');
        var words = lines[0].TrimEnd('\r').Split(' ');
        if (words is not [var method, var target, "HTTP/1.1"])
            return UpgradeVerdict.NotAsked;
        if (FieldsOf(lines.AsSpan(1)) is not { } fields)
            return Http1Answer.BadRequest;
        var connection = Tokens(fields, "connection");
        // RFC 7540 §3.2.1: without the field, or with two of them, there is no upgrade
        if (!connection.Contains("upgrade") || !connection.Contains("http2-settings") || !Tokens(fields, "upgrade").Contains("h2c")
            || Values(fields, "http2-settings") is not [var settings])
            return UpgradeVerdict.NotAsked;
        if (SettingsOf(settings) is not { } payload || Values(fields, "host") is not [var host] || PseudoOf(method, target, host) is not { } pseudo)
            return Http1Answer.BadRequest;
        if (Values(fields, "transfer-encoding").Length > 0)
            return Http1Answer.LengthRequired;
        if (LengthOf(fields) is not { } length)
            return Http1Answer.BadRequest;
        if (length > mostContent)
            return Http1Answer.ContentTooLarge(mostContent);
        var rest = fields.Where(field => !Dropped.Contains(field.Name) && !connection.Contains(field.Name)).Select(field => Literal(field.Name, field.Value));
        var expects = length > 0 && Tokens(fields, "expect").Contains("100-continue");
        return new UpgradeRequest([.. pseudo, .. rest], payload, (int)length, expects);
    }

    /// <summary>The fields, names in lower case; null when a line is none (RFC 9112 §5).</summary>
    private static List<(string Name, string Value)>? FieldsOf(ReadOnlySpan<string> lines)
    {
        var fields = new List<(string, string)>(lines.Length);
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan(0, colon).ContainsAnyExceptInRange('!', '~'))
                return null;
            fields.Add((line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim(' ', '\t', '\r')));
        }
        return fields;
    }

    /// <summary>The pseudo-fields (RFC 9113 §8.3.1); null for a target that a server does not have.</summary>
    private static ImmutableArray<HeaderField>? PseudoOf(string method, string target, string host)
    {
        const string Scheme = "http://";
        if (target.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            // RFC 9112 §3.2.2: the absolute form says the host itself
            var path = target.IndexOf('/', Scheme.Length);
            host = path < 0 ? target[Scheme.Length..] : target[Scheme.Length..path];
            target = path < 0 ? "/" : target[path..];
        }
        return method.Length > 0 && (target is ['/', ..] || (target == "*" && method == "OPTIONS"))
            ? [Literal(":method", method), Literal(":scheme", "http"), Literal(":authority", host), Literal(":path", target)]
            : null;
    }

    /// <summary>The payload of SETTINGS in base64url without padding (RFC 7540 §3.2.1); null when it is none.</summary>
    private static ImmutableArray<byte>? SettingsOf(string value)
    {
        try
        {
            var payload = Base64Url.DecodeFromChars(value);
            return payload.Length % SettingOctets == 0 ? [.. payload] : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The length of the content; null when several differ, or one is no number (RFC 9112 §6.3).</summary>
    private static long? LengthOf(List<(string Name, string Value)> fields)
    {
        var tokens = Tokens(fields, "content-length").Distinct().ToArray();
        if (tokens.Length == 0)
            return 0;
        return tokens.Length == 1 && long.TryParse(tokens[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
    }

    private static string[] Values(List<(string Name, string Value)> fields, string name) =>
        [.. fields.Where(field => field.Name == name).Select(field => field.Value)];

    private static string[] Tokens(List<(string Name, string Value)> fields, string name) =>
    [
        .. Values(fields, name).SelectMany(value => value.Split(',')).Select(token => token.Trim(' ', '\t').ToLowerInvariant()).Where(token => token.Length > 0),
    ];

    // Never indexed, so that the block leaves the table of the connection as the client knows it: empty.
    private static HeaderField Literal(string name, string value) =>
        new(new Octets(Encoding.Latin1.GetBytes(name)), new Octets(Encoding.Latin1.GetBytes(value)), neverIndexed: true);
}
