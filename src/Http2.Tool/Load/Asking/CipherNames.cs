using System.Net.Security;

namespace Http2.Tool;

/// <summary>Cipher suites by the names of IANA (<c>TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256</c>) and of OpenSSL (<c>ECDHE-RSA-AES128-GCM-SHA256</c>).</summary>
internal static class CipherNames
{
    /// <summary>Reads a list with colons or commas between the names.</summary>
    /// <param name="text">The list.</param>
    /// <param name="unknown">The first name that is not known.</param>
    /// <returns>The suites in order; null when a name is not known.</returns>
    public static IReadOnlyList<TlsCipherSuite>? Parse(string text, out string? unknown)
    {
        var suites = new List<TlsCipherSuite>();
        unknown = null;
        foreach (var name in text.Split([':', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Enum.TryParse<TlsCipherSuite>(OfIana(name), ignoreCase: true, out var suite) || !Enum.IsDefined(suite))
            {
                unknown = name;
                return null;
            }
            suites.Add(suite);
        }
        return suites;
    }

    // OpenSSL leaves WITH out, and writes AES128 in one word; that it names no hash behind POLY1305 is the one exception among suites that HTTP/2 allows.
    private static string OfIana(string name)
    {
        if (name.StartsWith("TLS_", StringComparison.OrdinalIgnoreCase))
            return name;
        var upper = name.ToUpperInvariant().Replace("AES128", "AES-128", StringComparison.Ordinal).Replace("AES256", "AES-256", StringComparison.Ordinal);
        if (upper.EndsWith("POLY1305", StringComparison.Ordinal))
            upper += "-SHA256";
        var cipher = Math.Max(upper.IndexOf("-AES-", StringComparison.Ordinal), upper.IndexOf("-CHACHA20-", StringComparison.Ordinal));
        return cipher < 0 ? name : $"TLS_{upper[..cipher]}_WITH_{upper[(cipher + 1)..]}".Replace('-', '_');
    }
}
