using Hpack.Pure;

namespace Http2.Properties.Draft08;

/// <summary>
/// Draft 08's decoder once more, as plainly as it can be written: a list of entries that know whether they are referenced. The real one
/// must do the same.
/// </summary>
internal sealed class Draft08Model
{
    private static readonly HeaderField[] Static = MakeStatic();
    private readonly List<Entry> _entries = [];
    private int _maxSize = 4096;
    private int _setting = 4096;
    private bool _owes;

    /// <summary>The entries, newest first.</summary>
    public IEnumerable<(string Field, bool Referenced)> Entries => _entries.Select(entry => (Show(entry.Field), entry.Referenced));

    public void ChangeTableSize(int size)
    {
        _setting = size;
        if (size >= _maxSize)
            return;
        _owes = true;
        Resize(size);
    }

    /// <summary>Decodes a block; null when it is in error, and then the model is of no more use.</summary>
    public List<HeaderField>? Decode(ReadOnlySpan<byte> block)
    {
        var output = new List<HeaderField>();
        foreach (var entry in _entries)
            entry.Emitted = false;
        var at = 0;
        while (at < block.Length)
        {
            if (!Step(block, ref at, output))
                return null;
        }
        if (_owes)
            return null;
        output.AddRange(_entries.Where(entry => entry.Referenced && !entry.Emitted).Select(entry => entry.Field));
        return output;
    }

    private bool Step(ReadOnlySpan<byte> block, ref int at, List<HeaderField> output)
    {
        var first = block[at];
        if ((first & 0xf0) == 0x30)
        {
            at++;
            _entries.ForEach(entry => entry.Referenced = false);
            return first == 0x30;
        }
        if ((first & 0xf0) == 0x20)
        {
            if (!Integer(block, ref at, 4, out var size) || size > _setting)
                return false;
            _owes = false;
            Resize((int)size);
            return true;
        }
        if (_owes)
            return false;
        return (first & 0x80) != 0 ? Indexed(block, ref at, output) : Literal(block, ref at, output);
    }

    private bool Indexed(ReadOnlySpan<byte> block, ref int at, List<HeaderField> output)
    {
        if (!Integer(block, ref at, 7, out var index) || index == 0 || index > _entries.Count + 61)
            return false;
        if (index > _entries.Count)
        {
            var copy = Static[index - _entries.Count - 1];
            output.Add(copy);
            Insert(copy);
            return true;
        }
        var entry = _entries[(int)index - 1];
        entry.Referenced = !entry.Referenced;
        if (entry.Referenced)
        {
            output.Add(entry.Field);
            entry.Emitted = true;
        }
        return true;
    }

    private bool Literal(ReadOnlySpan<byte> block, ref int at, List<HeaderField> output)
    {
        var (indexing, never) = ((block[at] & 0x40) != 0, (block[at] & 0x50) == 0x10);
        if (!Integer(block, ref at, indexing ? 6 : 4, out var index) || index > _entries.Count + 61)
            return false;
        Octets name;
        if (index == 0)
        {
            if (!String(block, ref at, out name))
                return false;
        }
        else
            name = index > _entries.Count ? Static[index - _entries.Count - 1].Name : _entries[(int)index - 1].Field.Name;
        if (!String(block, ref at, out var value))
            return false;
        output.Add(new HeaderField(name, value, never));
        if (indexing)
            Insert(new HeaderField(name, value));
        return true;
    }

    private void Insert(HeaderField field)
    {
        while (_entries.Count > 0 && Size() + field.Size > _maxSize)
            _entries.RemoveAt(_entries.Count - 1);
        if (field.Size <= _maxSize)
            _entries.Insert(0, new Entry(field) { Referenced = true, Emitted = true });
    }

    private void Resize(int size)
    {
        _maxSize = size;
        while (Size() > _maxSize)
            _entries.RemoveAt(_entries.Count - 1);
    }

    private int Size() => _entries.Sum(entry => entry.Field.Size);

    private static bool Integer(ReadOnlySpan<byte> block, ref int at, int bits, out long value)
    {
        var mask = (1 << bits) - 1;
        value = block[at++] & mask;
        if (value < mask)
            return true;
        for (var i = 0; i < 5; i++)
        {
            if (at >= block.Length)
                return false;
            value += (long)(block[at] & 0x7f) << (7 * i);
            if (block[at++] < 0x80)
                return value <= int.MaxValue;
        }
        return false;
    }

    private static bool String(ReadOnlySpan<byte> block, ref int at, out Octets text)
    {
        text = default;
        if (at >= block.Length)
            return false;
        var huffman = block[at] >= 0x80;
        if (!Integer(block, ref at, 7, out var length) || length > block.Length - at)
            return false;
        var coded = block.Slice(at, (int)length);
        at += (int)length;
        text = huffman ? default : Octets.Copy(coded);
        return !huffman || Huffman(coded, out text);
    }

    // A search for each code, bit by bit.
    private static bool Huffman(ReadOnlySpan<byte> coded, out Octets text)
    {
        var symbols = new List<byte>();
        uint code = 0;
        var length = 0;
        for (var bit = 0; bit < coded.Length * 8; bit++)
        {
            code = code << 1 | (uint)(coded[bit >> 3] >> (7 - (bit & 7)) & 1);
            if (++length == 30 && code == 0x3fffffff)
                break;
            var symbol = Array.IndexOf(HuffmanCode.Codes, (ulong)code << HuffmanCode.CodeAt | (uint)length);
            if (symbol < 0)
                continue;
            symbols.Add((byte)symbol);
            (code, length) = (0, 0);
        }
        text = new Octets(symbols.ToArray());
        return length < 8 && code == (1u << length) - 1;
    }

    private static string Show(HeaderField field) => $"{field.Name.ToHex()}:{field.Value.ToHex()}";

    private static HeaderField[] MakeStatic() =>
        [.. HpackDecoder.Decode(DecoderState.Create(), new Octets(Enumerable.Range(1, 61).Select(i => (byte)(0x80 | i)).ToArray()))
            .Match(decoded => decoded.Fields, error => throw new InvalidOperationException(error.ToString()))];

    private sealed class Entry(HeaderField field)
    {
        public HeaderField Field { get; } = field;

        public bool Referenced { get; set; }

        public bool Emitted { get; set; }
    }
}
