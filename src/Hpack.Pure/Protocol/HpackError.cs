namespace Hpack.Pure;

/// <summary>A decoding error as a value: what is wrong, where, and the section of RFC 7541 that says so.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">
/// The octet of the block at which it was seen, from 0: the first octet of the integer, string or size update at fault.
/// </param>
public readonly record struct HpackError(HpackErrorKind Kind, int Offset)
{
    /// <summary>Whether there is no error.</summary>
    public bool IsNone => Kind == HpackErrorKind.None;

    /// <summary>The section of RFC 7541 whose rule was broken, such as <c>5.1</c>; empty without an error.</summary>
    public string Section => Kind switch
    {
        HpackErrorKind.None => "",
        HpackErrorKind.TruncatedInteger or HpackErrorKind.IntegerTooLong or HpackErrorKind.IntegerOverflow => "5.1",
        HpackErrorKind.TruncatedString => "5.2",
        HpackErrorKind.HuffmanEos or HpackErrorKind.HuffmanPaddingTooLong or HpackErrorKind.HuffmanPaddingNotOnes => "5.2",
        HpackErrorKind.StringTooLong or HpackErrorKind.BlockTooLong => "7.4",
        HpackErrorKind.IndexZero => "6.1",
        HpackErrorKind.IndexOutOfRange => "2.3.3",
        HpackErrorKind.SizeUpdateTooLarge => "6.3",
        HpackErrorKind.SizeUpdateTooLate or HpackErrorKind.TooManySizeUpdates or HpackErrorKind.SizeUpdateMissing => "4.2",
        HpackErrorKind.ReferenceSetBits => "7.3",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The document and the section, such as <c>RFC 7541 §5.1</c>; empty without an error.</summary>
    public string Rule => IsNone ? "" : Kind == HpackErrorKind.ReferenceSetBits ? $"HPACK draft 08 §{Section}" : $"RFC 7541 §{Section}";

    /// <summary>What is wrong in words, without the place.</summary>
    public string Message => Kind switch
    {
        HpackErrorKind.None => "no error",
        HpackErrorKind.TruncatedInteger => "the block ends inside an integer",
        HpackErrorKind.IntegerTooLong => "an integer takes more than five octets after its first",
        HpackErrorKind.IntegerOverflow => "an integer is above 2^31-1",
        HpackErrorKind.TruncatedString => "the block ends inside a string",
        HpackErrorKind.StringTooLong => $"a string is longer than {HpackLimits.MaxStringLength} octets",
        HpackErrorKind.BlockTooLong => $"the block is longer than {HpackLimits.MaxBlockLength} octets",
        HpackErrorKind.HuffmanEos => "a Huffman-coded string holds the end-of-string symbol",
        HpackErrorKind.HuffmanPaddingTooLong => "a Huffman-coded string has more than seven bits of padding",
        HpackErrorKind.HuffmanPaddingNotOnes => "a Huffman-coded string does not end in padding of ones",
        HpackErrorKind.IndexZero => "an indexed field has index 0",
        HpackErrorKind.IndexOutOfRange => "an index is beyond the table",
        HpackErrorKind.SizeUpdateTooLarge => "a table size update is above the limit",
        HpackErrorKind.SizeUpdateTooLate => "a table size update comes after the first field",
        HpackErrorKind.TooManySizeUpdates => "a block has more than two table size updates",
        HpackErrorKind.SizeUpdateMissing => "the table's limit was lowered, and the block does not start with a size update",
        HpackErrorKind.ReferenceSetBits => "the octet that empties the reference set has other bits set",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The message, the offset and the section.</summary>
    public override string ToString() => IsNone ? Message : $"{Message}, at octet {Offset} ({Rule})";
}
