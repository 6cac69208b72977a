namespace Http2.Shell.Hpack;

/// <summary>The table sizes that the codecs start with, in octets.</summary>
public static class HdDefaults
{
    /// <summary>
    /// The size of a dynamic table until a SETTINGS_HEADER_TABLE_SIZE says otherwise: 4,096 octets (RFC 7541 §4.2, RFC 9113 §6.5.2).
    /// </summary>
    public const int DefaultHeaderTableSize = 4096;

    /// <summary>How much of the table an <see cref="HdDeflater"/> uses at most unless its constructor is told: 4,096 octets.</summary>
    public const int DeflateMaxHeaderTableSize = 4096;
}
