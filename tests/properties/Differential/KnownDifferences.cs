namespace Http2.Properties.Differential;

/// <summary>What docs/hpack-differences.md lists, as code.</summary>
internal static class KnownDifferences
{
    /// <summary>How many size updates a block starts with.</summary>
    public static int LeadingUpdates(ReadOnlySpan<byte> block)
    {
        var count = 0;
        for (var at = 0; at < block.Length && (block[at] & 0xe0) == 0x20; count++)
        {
            if ((block[at++] & 0x1f) != 0x1f)
                continue;
            while (at < block.Length && block[at++] >= 0x80)
            {
            }
        }
        return count;
    }
}
