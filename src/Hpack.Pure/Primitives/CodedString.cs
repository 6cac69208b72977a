namespace Hpack.Pure;

/// <summary>A string literal in a block (RFC 7541 §5.2), found but not decoded yet.</summary>
internal readonly struct CodedString
{
    private readonly int _length;
    private readonly bool _huffman;

    private CodedString(int start, int length, bool huffman)
    {
        Start = start;
        _length = length;
        _huffman = huffman;
    }

    /// <summary>The index of its first octet, which comes after the length.</summary>
    public int Start { get; }

    /// <summary>How many octets of room decoding takes.</summary>
    public int Room => _huffman ? HuffmanDecoder.Room(_length) : _length;

    /// <summary>The least number of octets that it decodes to.</summary>
    public int LeastLength => _huffman ? HuffmanDecoder.LeastDecoded(_length) : _length;

    /// <summary>Finds the literal that starts at <paramref name="at"/>, and moves <paramref name="at"/> past it.</summary>
    public static HpackErrorKind Read(ReadOnlySpan<byte> block, ref int at, ref int fault, out CodedString coded)
    {
        coded = default;
        fault = at;
        if (at >= block.Length)
            return HpackErrorKind.TruncatedString;
        var huffman = block[at] >= StringLiteral.Coded;
        var kind = PrefixInteger.Read(block, ref at, StringLiteral.LengthPrefix, out var length);
        if (kind != HpackErrorKind.None)
            return kind;
        // Before anything is allocated or decoded: all octets of the string must be there.
        if (length > block.Length - at)
            return HpackErrorKind.TruncatedString;
        coded = new(at, length, huffman);
        if (coded.LeastLength > HpackLimits.MaxStringLength)
            return HpackErrorKind.StringTooLong;
        at += length;
        return HpackErrorKind.None;
    }

    /// <summary>Decodes the string.</summary>
    /// <param name="block">The block it was found in.</param>
    /// <param name="target">At least <see cref="Room"/> octets.</param>
    /// <param name="written">The decoded length.</param>
    public HpackErrorKind Decode(ReadOnlySpan<byte> block, Span<byte> target, out int written)
    {
        var source = block.Slice(Start, _length);
        if (!_huffman)
        {
            source.CopyTo(target);
            written = _length;
            return HpackErrorKind.None;
        }
        var kind = HuffmanDecoder.Decode(source, target, out written);
        return kind == HpackErrorKind.None && written > HpackLimits.MaxStringLength ? HpackErrorKind.StringTooLong : kind;
    }

    /// <summary>Checks the string, and counts the octets that it decodes to.</summary>
    public HpackErrorKind Measure(ReadOnlySpan<byte> block, out int length)
    {
        length = _length;
        if (!_huffman)
            return HpackErrorKind.None;
        var kind = HuffmanDecoder.Measure(block.Slice(Start, _length), out length);
        return kind == HpackErrorKind.None && length > HpackLimits.MaxStringLength ? HpackErrorKind.StringTooLong : kind;
    }
}
