namespace Hpack.Pure;

/// <summary>Why a block could not be decoded (RFC 7541). Each is a connection error COMPRESSION_ERROR in HTTP/2 (RFC 9113 §4.3).</summary>
public enum HpackErrorKind
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The block ends inside a prefix integer (RFC 7541 §5.1).</summary>
    TruncatedInteger,

    /// <summary>A prefix integer takes more than five octets after its first (RFC 7541 §5.1).</summary>
    IntegerTooLong,

    /// <summary>A prefix integer is above 2^31-1 (RFC 7541 §5.1).</summary>
    IntegerOverflow,

    /// <summary>The block ends before or inside a string literal (RFC 7541 §5.2).</summary>
    TruncatedString,

    /// <summary>A string is longer than <see cref="HpackDecoder.MaxStringLength"/> (RFC 7541 §7.4).</summary>
    StringTooLong,

    /// <summary>The block is longer than <see cref="HpackDecoder.MaxBlockLength"/> (RFC 7541 §7.4).</summary>
    BlockTooLong,

    /// <summary>A Huffman-coded string holds the end-of-string symbol (RFC 7541 §5.2).</summary>
    HuffmanEos,

    /// <summary>A Huffman-coded string ends with more than seven bits of padding (RFC 7541 §5.2).</summary>
    HuffmanPaddingTooLong,

    /// <summary>A Huffman-coded string ends with padding other than ones, or inside a code (RFC 7541 §5.2).</summary>
    HuffmanPaddingNotOnes,

    /// <summary>An indexed field has index 0 (RFC 7541 §6.1).</summary>
    IndexZero,

    /// <summary>An index is beyond the static and the dynamic table (RFC 7541 §2.3.3).</summary>
    IndexOutOfRange,

    /// <summary>A size update is above the limit that was set for the table (RFC 7541 §6.3).</summary>
    SizeUpdateTooLarge,

    /// <summary>A size update comes after the first field of its block (RFC 7541 §4.2).</summary>
    SizeUpdateTooLate,

    /// <summary>A block has more than two size updates (RFC 7541 §4.2).</summary>
    TooManySizeUpdates,

    /// <summary>The limit was lowered, and the next block does not start with a size update (RFC 7541 §4.2).</summary>
    SizeUpdateMissing,

    /// <summary>The octet that empties the reference set has other bits set (draft 08 §7.3); only in that dialect.</summary>
    ReferenceSetBits,
}
