namespace Http2.Shell.Hpack;

/// <summary>Which HPACK a codec speaks. Both ends of a connection must speak the same.</summary>
public enum HpackDialect
{
    /// <summary>RFC 7541, which is what HTTP/2 uses.</summary>
    Rfc7541 = 0,

    /// <summary>
    /// draft-ietf-httpbis-header-compression-08, of June 2014: with a reference set, the dynamic entries indexed before the static ones,
    /// and header order left free. For recorded traffic and old peers (HTTP/2 draft 13); no browser or server of today speaks it.
    /// </summary>
    Draft08 = 8,
}

/// <summary>Checks dialects.</summary>
internal static class HdDialects
{
    /// <summary>The dialect, which must be one that is there.</summary>
    public static HpackDialect Check(HpackDialect dialect) =>
        Enum.IsDefined(dialect) ? dialect : throw new ArgumentOutOfRangeException(nameof(dialect), dialect, "no such HPACK dialect");
}
