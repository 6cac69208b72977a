using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary>Where the dynamic table starts in a dialect's index space.</summary>
internal static class FirstIndex
{
    /// <summary>
    /// The index of the newest entry of the dynamic table: 62, behind the static table (RFC 7541 §2.3.3), or 1, before it (§3.4 of draft 08).
    /// </summary>
    public static int Of(HpackDialect dialect) => dialect == HpackDialect.Draft08 ? 1 : 62;
}
