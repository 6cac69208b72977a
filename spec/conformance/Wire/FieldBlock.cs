using System.Text;
using Hpack.Pure;

namespace Http2.Conformance;

/// <summary>How a literal enters the peer's dynamic table (RFC 7541 §6.2).</summary>
internal enum LiteralKind : byte
{
    /// <summary>Literal with incremental indexing: 01, 6-bit index.</summary>
    Indexed = 0x40,

    /// <summary>Literal without indexing: 0000, 4-bit index.</summary>
    Plain = 0x00,

    /// <summary>Literal never indexed: 0001, 4-bit index.</summary>
    Never = 0x10,
}

/// <summary>
/// A field block put together representation by representation (RFC 7541 §6), sound or not: an encoder that can be made to break any rule.
/// </summary>
internal sealed class FieldBlock
{
    private readonly OutputBuffer _octets = new(128);

    /// <summary>The names whose first static index is worth using, so that the blocks of ordinary requests look ordinary.</summary>
    private static readonly Dictionary<string, int> StaticNames = new(StringComparer.Ordinal)
    {
        [":authority"] = 1, [":method"] = 2, [":path"] = 4, [":scheme"] = 6, [":status"] =
            8, ["content-length"] = 28, ["content-type"] = 31,
        ["cookie"] = 32, ["host"] = 38, ["user-agent"] = 58,
    };

    private static readonly Dictionary<(string, string), int> StaticFields = new()
    {
        [(":method", "GET")] = 2, [(":method", "POST")] = 3, [(":path", "/")] = 4, [(":scheme", "http")] = 6, [(":scheme", "https")] = 7,
    };

    public int Length => _octets.Length;

    public byte[] ToArray() => _octets.WrittenMemory.ToArray();

    /// <summary>
    /// The block of <paramref name="fields"/>: static entries where they fit, else literals with indexing, one octet for each character.
    /// </summary>
    public static byte[] Of(params IEnumerable<(string Name, string Value)> fields)
    {
        var block = new FieldBlock();
        foreach (var (name, value) in fields)
            block.Field(name, value);
        return block.ToArray();
    }

    public FieldBlock Field(string name, string value)
    {
        if (StaticFields.TryGetValue((name, value), out var index))
            return Indexed(index);
        return StaticNames.TryGetValue(name, out index) ? Literal(LiteralKind.Indexed, index, value)
            : Literal(LiteralKind.Indexed, name, value);
    }

    /// <summary>An indexed field (§6.1); 0 is an error that may be asked for.</summary>
    public FieldBlock Indexed(int index) => Integer(0x80, 7, (ulong)index);

    public FieldBlock Literal(LiteralKind kind, int nameIndex, string value) =>
        Integer((byte)kind, kind == LiteralKind.Indexed ? 6 : 4, (ulong)nameIndex).Text(value);

    public FieldBlock Literal(LiteralKind kind, string name, string value) => Octets((byte)kind).Text(name).Text(value);

    /// <summary>A dynamic table size update (§6.3).</summary>
    public FieldBlock SizeUpdate(ulong size) => Integer(0x20, 5, size);

    /// <summary>A string literal without Huffman coding (§5.2), one octet for each character.</summary>
    public FieldBlock Text(string text)
    {
        Integer(0, 7, (ulong)text.Length);
        _octets.Write(Encoding.Latin1.GetBytes(text));
        return this;
    }

    /// <summary>A prefix integer (§5.1), with <paramref name="excess"/> octets of 0x80 more than it needs.</summary>
    public FieldBlock Integer(byte pattern, int prefixBits, ulong value, int excess = 0)
    {
        var max = (1UL << prefixBits) - 1;
        if (value < max && excess == 0)
            return Octets((byte)(pattern | value));
        Octets((byte)(pattern | max));
        for (value -= max; value >= 128; value >>= 7)
            Octets((byte)(0x80 | (value & 0x7f)));
        if (excess == 0)
            return Octets((byte)value);
        Octets((byte)(0x80 | value));
        for (; excess > 1; excess--)
            Octets(0x80);
        return Octets(0);
    }

    /// <summary>Any octets.</summary>
    public FieldBlock Octets(params ReadOnlySpan<byte> octets)
    {
        _octets.Write(octets);
        return this;
    }
}
