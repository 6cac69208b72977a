namespace Http2.Bench.Hpack;

/// <summary>
/// A codec as one would write it in an afternoon, to show what immutability and care cost or gain. It is mutable; its table is a list of entries
/// with a dictionary for look-ups, and its Huffman decoder a tree. It knows no size updates and no never-indexed fields, and tells errors by
/// whatever exception they cause.
/// </summary>
internal sealed class MutableCodec
{
    private static readonly Node Root = Node.Build();
    private readonly List<(byte[] Name, byte[] Value)> _entries = [];
    private int _size;

    public void Encode(Corpus corpus, Block block, List<byte> output)
    {
        foreach (var slice in block.Slices)
        {
            ReadOnlySpan<byte> name = corpus.Name(slice), value = corpus.Value(slice);
            var (index, whole) = Find(name, value);
            if (whole)
            {
                WriteInteger(output, 0x80, 7, index);
                continue;
            }
            WriteInteger(output, 0x40, 6, index);
            if (index == 0)
                WriteString(output, name);
            WriteString(output, value);
            Insert(name.ToArray(), value.ToArray());
        }
    }

    public List<(byte[] Name, byte[] Value)> Decode(byte[] block)
    {
        var fields = new List<(byte[] Name, byte[] Value)>();
        for (var at = 0; at < block.Length;)
        {
            if (block[at] >= 0x80)
            {
                fields.Add(Get(ReadInteger(block, ref at, 7)));
                continue;
            }
            var insert = block[at] >= 0x40;
            var index = ReadInteger(block, ref at, insert ? 6 : 4);
            var name = index == 0 ? ReadString(block, ref at) : Get(index).Name;
            var value = ReadString(block, ref at);
            fields.Add((name, value));
            if (insert)
                Insert(name, value);
        }
        return fields;
    }

    private (byte[] Name, byte[] Value) Get(int index) =>
        index <= Tables.Static.Length ? Tables.Static[index - 1] : _entries[_entries.Count - (index - Tables.Static.Length)];

    private (int Index, bool Whole) Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var byName = 0;
        for (var index = 1; index <= Tables.Static.Length + _entries.Count; index++)
        {
            var entry = Get(index);
            if (!entry.Name.AsSpan().SequenceEqual(name))
                continue;
            if (entry.Value.AsSpan().SequenceEqual(value))
                return (index, true);
            byName = byName == 0 ? index : byName;
        }
        return (byName, false);
    }

    private void Insert(byte[] name, byte[] value)
    {
        _entries.Add((name, value));
        _size += name.Length + value.Length + 32;
        while (_size > 4096)
        {
            _size -= _entries[0].Name.Length + _entries[0].Value.Length + 32;
            _entries.RemoveAt(0);
        }
    }

    private static void WriteInteger(List<byte> output, int pattern, int prefix, int value)
    {
        var mask = (1 << prefix) - 1;
        if (value < mask)
        {
            output.Add((byte)(pattern | value));
            return;
        }
        output.Add((byte)(pattern | mask));
        for (value -= mask; value >= 0x80; value >>= 7)
            output.Add((byte)(value | 0x80));
        output.Add((byte)value);
    }

    private static int ReadInteger(byte[] block, ref int at, int prefix)
    {
        var mask = (1 << prefix) - 1;
        var value = block[at++] & mask;
        if (value < mask)
            return value;
        for (var shift = 0; ; shift += 7)
        {
            value += (block[at] & 0x7f) << shift;
            if (block[at++] < 0x80)
                return value;
        }
    }

    private static void WriteString(List<byte> output, ReadOnlySpan<byte> octets)
    {
        var bits = 0;
        foreach (var octet in octets)
            bits += Tables.Lengths[octet];
        if ((bits + 7) / 8 >= octets.Length)
        {
            WriteInteger(output, 0, 7, octets.Length);
            output.AddRange(octets);
            return;
        }
        WriteInteger(output, 0x80, 7, (bits + 7) / 8);
        ulong window = 0;
        var count = 0;
        foreach (var octet in octets)
        {
            window = window << Tables.Lengths[octet] | Tables.Codes[octet];
            for (count += Tables.Lengths[octet]; count >= 8; count -= 8)
                output.Add((byte)(window >> (count - 8)));
        }
        if (count > 0)
            output.Add((byte)(window << (8 - count) | 0xffu >> count));
    }

    private static byte[] ReadString(byte[] block, ref int at)
    {
        var huffman = block[at] >= 0x80;
        var length = ReadInteger(block, ref at, 7);
        var octets = block.AsSpan(at, length);
        at += length;
        if (!huffman)
            return octets.ToArray();
        var decoded = new List<byte>(length * 8 / 5);
        var node = Root;
        foreach (var octet in octets)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                node = (octet >> bit & 1) == 0 ? node.Zero! : node.One!;
                if (node.Symbol < 0)
                    continue;
                decoded.Add((byte)node.Symbol);
                node = Root;
            }
        }
        return [.. decoded];
    }

    private sealed class Node
    {
        public Node? Zero, One;
        public int Symbol = -1;

        public static Node Build()
        {
            var root = new Node();
            for (var symbol = 0; symbol <= 256; symbol++)
            {
                var node = root;
                for (var bit = Tables.Lengths[symbol] - 1; bit >= 0; bit--)
                    node = (Tables.Codes[symbol] >> bit & 1) == 0 ? node.Zero ??= new() : node.One ??= new();
                node.Symbol = symbol;
            }
            return root;
        }
    }

    private static class Tables
    {
        public static readonly byte[] Lengths = HuffmanLengths();
        public static readonly uint[] Codes = CanonicalCodes();
        public static readonly (byte[] Name, byte[] Value)[] Static = StaticTable();

        private static byte[] HuffmanLengths() => [.. global::Hpack.Pure.HuffmanCode.Lengths];

        private static (byte[], byte[])[] StaticTable() =>
            [.. global::Hpack.Pure.StaticTable.Fields.Skip(1).Select(field => (field.Name.Span.ToArray(), field.Value.Span.ToArray()))];

        private static uint[] CanonicalCodes()
        {
            var codes = new uint[257];
            uint code = 0;
            for (var length = 1; length <= 30; length++, code <<= 1)
            {
                foreach (var symbol in Enumerable.Range(0, 257).Where(symbol => Lengths[symbol] == length))
                    codes[symbol] = code++;
            }
            return codes;
        }
    }
}
