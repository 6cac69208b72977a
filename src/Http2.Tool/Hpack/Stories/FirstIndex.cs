using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary>Where the dynamic table starts in a dialect's index space.</summary>
internal static class FirstIndex
{
    /// <summary>The index of the newest entry: behind the 61 static ones (RFC 7541 §2.3.3), before them in draft 08 (its §3.4).</summary>
    public static int Of(HpackDialect dialect) => dialect == HpackDialect.Draft08 ? 1 : 62;
}
