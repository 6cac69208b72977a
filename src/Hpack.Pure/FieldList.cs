namespace Hpack.Pure;

/// <summary>
/// The fields of one decoded block, as a view: a slice of an append-only arena and of the dynamic table's log. Nothing is copied or
/// materialised until asked for. Immutable, thread-safe; keeps at most its arena chunk and its log alive.
/// </summary>
public readonly struct FieldList
{
    /// <summary>How many fields there are.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>The sum of the fields' sizes: both lengths and 32 each (RFC 9113 §6.5.2, SETTINGS_MAX_HEADER_LIST_SIZE).</summary>
    public long Size => throw new NotImplementedException();

    /// <summary>The field at <paramref name="index"/>, as spans.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public FieldView this[int index] => throw new NotImplementedException();

    /// <summary>The octets of the value at <paramref name="index"/> as memory, without a copy.</summary>
    public ReadOnlyMemory<byte> ValueMemory(int index) => throw new NotImplementedException();

    /// <summary>Copies the fields out into values of their own.</summary>
    public System.Collections.Immutable.ImmutableArray<HeaderField> ToFields() => throw new NotImplementedException();
}

/// <summary>One field of a <see cref="FieldList"/>.</summary>
public readonly ref struct FieldView
{
    internal FieldView(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, byte token, bool neverIndexed)
    {
        Name = name;
        Value = value;
        Token = token;
        NeverIndexed = neverIndexed;
    }

    /// <summary>The name's octets.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value's octets.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>
    /// The first index in the static table that has this name, 1 to 61, or 0 when the static table lacks it. Lets the reader compare names
    /// by number: 1 is <c>:authority</c>, 2 <c>:method</c>, 4 <c>:path</c>, 6 <c>:scheme</c>, 8 <c>:status</c> (RFC 7541 Appendix A).
    /// </summary>
    public byte Token { get; }

    /// <summary>Whether the field came as a literal never indexed (RFC 7541 §6.2.3).</summary>
    public bool NeverIndexed { get; }
}
