namespace Http2.Pure;

/// <summary>How much of a field block is taken before it is complete.</summary>
/// <param name="MaxOctets">Encoded octets.</param>
/// <param name="MaxContinuations">CONTINUATION frames.</param>
/// <param name="MaxEmptyContinuations">CONTINUATION frames without octets.</param>
internal readonly record struct BlockLimits(int MaxOctets, int MaxContinuations, int MaxEmptyContinuations)
{
    /// <summary>
    /// The limits that <paramref name="options"/> states. No encoder that means well writes more octets than the fields count in
    /// SETTINGS_MAX_HEADER_LIST_SIZE, so the hard limit on the list bounds the block too.
    /// </summary>
    public static BlockLimits Of(ConnectionOptions options) =>
        new(options.MaxHeaderListSizeHard, options.MaxContinuations, options.MaxEmptyContinuations);
}
