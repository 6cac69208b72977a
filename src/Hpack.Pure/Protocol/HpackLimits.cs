namespace Hpack.Pure;

/// <summary>What an implementation has to bound by itself (RFC 7541 §7.4). The decoder's public face has the same numbers.</summary>
internal static class HpackLimits
{
    /// <summary>The longest string, in octets after Huffman decoding: 2^24-1, the most that a <c>FieldRef</c> can count.</summary>
    public const int MaxStringLength = (1 << 24) - 1;

    /// <summary>The longest block, in octets: 2^28.</summary>
    public const int MaxBlockLength = 1 << 28;
}
