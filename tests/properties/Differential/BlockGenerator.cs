using Hpack.Pure;

namespace Http2.Properties.Differential;

/// <summary>Random blocks: representations put together by the format's grammar, with now and then a rule broken.</summary>
/// <param name="draft08">Whether the grammar is draft 08's, with its context updates and its index order.</param>
internal sealed class BlockGenerator(bool draft08 = false)
{
    private readonly OutputBuffer _output = new();

    // In a thousand: how often something is done that may be an error.
    private int _malice;

    /// <summary>Makes a block; it is good until the next call.</summary>
    /// <param name="dice">The dice.</param>
    /// <param name="entries">The dynamic table's count, so that indices are mostly within it.</param>
    /// <param name="sizes">Size updates to start with.</param>
    /// <param name="limit">The setting, so that size updates are mostly within it.</param>
    public ReadOnlySpan<byte> Make(ref Dice dice, int entries, IEnumerable<int> sizes, int limit)
    {
        _output.Truncate(0);
        _malice = dice.Of(0, 5, 40);
        foreach (var size in sizes)
            WriteUpdate(ref dice, size);
        while (dice.PerMille(100))
            WriteUpdate(ref dice, MakeSize(ref dice, limit));
        for (var left = dice.Below(12); left > 0; left--)
            WriteRepresentation(ref dice, entries, limit);
        var length = _output.Length;
        return _output.Written()[..(dice.PerMille(_malice) && length > 0 ? dice.Below(length) : length)];
    }

    private void WriteRepresentation(ref Dice dice, int entries, int limit)
    {
        if (dice.PerMille(_malice))
        {
            WriteUpdate(ref dice, MakeSize(ref dice, limit));
            return;
        }
        if (draft08 && dice.PerMille(30))
        {
            _output.Write([dice.PerMille(_malice) ? (byte)(0x30 | dice.Below(16)) : (byte)0x30]);
            return;
        }
        var index = MakeIndex(ref dice, entries);
        if (dice.PerMille(450))
        {
            WriteInteger(ref dice, 0x80, 0x7f, index);
            return;
        }
        var (pattern, mask) = dice.Of((0x40, 0x3f), (0x40, 0x3f), (0x00, 0x0f), (0x10, 0x0f));
        if (dice.PerMille(400))
        {
            WriteInteger(ref dice, pattern, mask, 0);
            WriteString(ref dice);
        }
        else
            WriteInteger(ref dice, pattern, mask, index);
        WriteString(ref dice);
    }

    private int MakeIndex(ref Dice dice, int entries)
    {
        if (dice.PerMille(_malice))
            return dice.Of(0, 61 + entries, 62 + entries, dice.Below(100_000));
        var (dynamicFirst, staticFirst) = draft08 ? (1, 1 + entries) : (62, 1);
        return dice.PerMille(500) && entries > 0 ? dynamicFirst + dice.Below(entries) : staticFirst + dice.Below(61);
    }

    private void WriteUpdate(ref Dice dice, int size) => WriteInteger(ref dice, 0x20, draft08 ? 0x0f : 0x1f, size);

    private int MakeSize(ref Dice dice, int limit) =>
        dice.PerMille(_malice) ? limit + 1 + dice.Below(3) : dice.PerMille(300) ? limit : dice.Below(limit + 1);

    private void WriteString(ref Dice dice)
    {
        var length = dice.PerMille(10) ? dice.Below(5000) : dice.Length(7);
        Span<byte> text = length <= 128 ? stackalloc byte[length] : new byte[length];
        foreach (ref var octet in text)
            octet = dice.PerMille(30) ? (byte)dice.Next() : (byte)(0x20 + dice.Below(0x5f));
        if (dice.PerMille(500))
            WriteCoded(ref dice, 0x00, text);
        else
            WriteCoded(ref dice, 0x80, dice.PerMille(_malice) ? text : Huffman(ref dice, text));
    }

    private void WriteCoded(ref Dice dice, int pattern, ReadOnlySpan<byte> octets)
    {
        var length = octets.Length;
        if (dice.PerMille(_malice))
            length += dice.Of(-1, 1, 2, 1000, 70_000);
        WriteInteger(ref dice, pattern, 0x7f, Math.Max(0, length));
        _output.Write(octets);
    }

    // Straight from the code's table, bit by bit: longer than the text as well, which an encoder would not send, and padded wrongly at
    // times.
    private ReadOnlySpan<byte> Huffman(ref Dice dice, ReadOnlySpan<byte> text)
    {
        var coded = new byte[4 * text.Length + 8];
        var at = 0;
        foreach (var octet in text)
            Append(coded, ref at, HuffmanCode.Codes[octet]);
        if (dice.PerMille(_malice))
            Append(coded, ref at, 0x3ffffffful << HuffmanCode.CodeAt | 30);
        var pad = -at & 7;
        if (dice.PerMille(_malice))
            pad += dice.Of(8, 16, 24);
        for (; pad > 0; pad--)
            Append(coded, ref at, (dice.PerMille(_malice) ? 0ul : 1ul) << HuffmanCode.CodeAt | 1);
        return coded.AsSpan(0, at / 8);
    }

    private static void Append(byte[] target, ref int at, ulong code)
    {
        for (var bit = (byte)code - 1; bit >= 0; bit--, at++)
            target[at >> 3] |= (byte)((code >> HuffmanCode.CodeAt >> bit & 1) << (7 - (at & 7)));
    }

    // At times with more octets than it takes, or than it may take.
    private void WriteInteger(ref Dice dice, int pattern, int mask, int value)
    {
        Span<byte> octets = stackalloc byte[16];
        var length = PrefixInteger.Write(octets, pattern, mask, value);
        if (length > 1 && dice.PerMille(_malice * 2))
        {
            for (var more = 1 + dice.Below(6); more > 0; more--)
            {
                octets[length - 1] |= 0x80;
                octets[length++] = dice.PerMille(900) ? (byte)0 : (byte)dice.Below(0x80);
            }
        }
        _output.Write(octets[..length]);
    }
}
