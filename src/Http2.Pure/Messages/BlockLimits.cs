namespace Http2.Pure;

/// <summary>How much of a field block is taken before it ends.</summary>
/// <param name="MaxOctets">How many encoded octets.</param>
/// <param name="MaxContinuations">How many CONTINUATION frames.</param>
/// <param name="MaxEmptyContinuations">How many CONTINUATION frames without octets.</param>
internal readonly record struct BlockLimits(int MaxOctets, int MaxContinuations, int MaxEmptyContinuations)
{
    /// <summary>
    /// The limits that <paramref name="options"/> states. No well-meaning encoder needs more octets for a field than the
    /// field counts towards SETTINGS_MAX_HEADER_LIST_SIZE, so the hard limit on the list bounds the block too.
    /// </summary>
    public static BlockLimits Of(ConnectionOptions options) =>
        new(options.MaxHeaderListSizeHard, options.MaxContinuations, options.MaxEmptyContinuations);
}
