using Hpack.Pure;

namespace Http2.Properties.Hpack;

/// <summary>
/// A second description of the decoder of RFC 7541, with lists and no cleverness, to compare the first with. A mutable value that a failed
/// block spoils.
/// </summary>
/// <param name="limit">The SETTINGS_HEADER_TABLE_SIZE in force.</param>
internal sealed class NaiveDecoder(int limit)
{
    private static readonly Dictionary<(int Length, uint Code), byte> Symbols = Enumerable.Range(0, 256).ToDictionary(
        symbol => ((int)(byte)HuffmanCode.Codes[symbol], (uint)(HuffmanCode.Codes[symbol] >> HuffmanCode.CodeAt)), symbol => (byte)symbol);

    private readonly List<HeaderField> _table = [];
    private readonly int _limit = limit;
    private int _maxSize = limit;
    private byte[] _block = [];
    private int _at;

    /// <summary>The dynamic table, the newest entry first.</summary>
    public IReadOnlyList<HeaderField> Table => _table;

    /// <summary>The fields of a block, all of them; or what is wrong with it.</summary>
    public HpackErrorKind Decode(byte[] block, List<HeaderField> fields)
    {
        (_block, _at) = (block, 0);
        try
        {
            for (var updates = 1; _at < block.Length && (block[_at] & 0xe0) == 0x20; updates++)
                UpdateSize(updates);
            while (_at < block.Length)
                fields.Add(Field());
            return HpackErrorKind.None;
        }
        catch (Unsound error)
        {
            return error.Kind;
        }
    }

    private void UpdateSize(int updates)
    {
        if (updates > 2)
            throw new Unsound(HpackErrorKind.TooManySizeUpdates);
        var size = Integer(5);
        if (size > _limit)
            throw new Unsound(HpackErrorKind.SizeUpdateTooLarge);
        _maxSize = size;
        Evict();
    }

    private HeaderField Field()
    {
        var first = _block[_at];
        if (first >= 0x80)
            return Entry(Integer(7));
        if (first is >= 0x20 and < 0x40)
            throw new Unsound(HpackErrorKind.SizeUpdateTooLate);
        var index = Integer(first >= 0x40 ? 6 : 4);
        var named = index == 0 ? null : Entry(index);
        // Both strings have to be there before one of them is looked into.
        var name = named is null ? Text() : default;
        var value = Text();
        var field = new HeaderField(named?.Name ?? Decoded(name), Decoded(value), (first & 0xf0) == 0x10);
        if (first >= 0x40)
        {
            _table.Insert(0, field);
            Evict();
        }
        return field;
    }

    private void Evict()
    {
        while (_table.Sum(entry => entry.Size) > _maxSize)
            _table.RemoveAt(_table.Count - 1);
    }

    private HeaderField Entry(int index)
    {
        if (index == 0)
            throw new Unsound(HpackErrorKind.IndexZero);
        if (index <= StaticTable.Count)
            return StaticTable.Fields[index];
        return index - DynamicTable.FirstIndex < _table.Count
            ? _table[index - DynamicTable.FirstIndex]
            : throw new Unsound(HpackErrorKind.IndexOutOfRange);
    }

    private int Integer(int bits)
    {
        long number = _block[_at++] & ((1 << bits) - 1);
        if (number < (1 << bits) - 1)
            return (int)number;
        for (var octets = 0; octets < 5; octets++)
        {
            if (_at == _block.Length)
                throw new Unsound(HpackErrorKind.TruncatedInteger);
            var octet = _block[_at++];
            number += (long)(octet & 0x7f) << (7 * octets);
            if (octet < 0x80)
                return number <= int.MaxValue ? (int)number : throw new Unsound(HpackErrorKind.IntegerOverflow);
        }
        throw new Unsound(HpackErrorKind.IntegerTooLong);
    }

    private (bool Huffman, byte[] Octets) Text()
    {
        if (_at == _block.Length)
            throw new Unsound(HpackErrorKind.TruncatedString);
        var huffman = _block[_at] >= 0x80;
        var length = Integer(7);
        if (length > _block.Length - _at)
            throw new Unsound(HpackErrorKind.TruncatedString);
        _at += length;
        return (huffman, _block[(_at - length).._at]);
    }

    private static Octets Decoded((bool Huffman, byte[] Octets) text)
    {
        if (!text.Huffman)
            return new Octets(text.Octets);
        var decoded = new List<byte>();
        var (length, code) = (0, 0u);
        foreach (var bit in text.Octets.SelectMany(octet => Enumerable.Range(0, 8).Select(i => (uint)octet >> (7 - i) & 1)))
        {
            (length, code) = (length + 1, code << 1 | bit);
            if (length == HuffmanCode.MaxLength && code == (1u << HuffmanCode.MaxLength) - 1)
                throw new Unsound(HpackErrorKind.HuffmanEos);
            if (!Symbols.TryGetValue((length, code), out var symbol))
                continue;
            decoded.Add(symbol);
            (length, code) = (0, 0);
        }
        if (code != (1u << length) - 1)
            throw new Unsound(HpackErrorKind.HuffmanPaddingNotOnes);
        return length < 8 ? new Octets(decoded.ToArray()) : throw new Unsound(HpackErrorKind.HuffmanPaddingTooLong);
    }

    private sealed class Unsound(HpackErrorKind kind) : Exception
    {
        public HpackErrorKind Kind { get; } = kind;
    }
}
