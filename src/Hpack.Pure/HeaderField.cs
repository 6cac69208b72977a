namespace Hpack.Pure;

/// <summary>
/// A header field: a name, a value, and whether it must never be indexed (RFC 7541 §6.2.3). Immutable, thread-safe, equal by content.
/// What the encoder needs to know of a field (hashes, place in the static table) is computed once here, so keep and reuse fields that
/// are sent often.
/// </summary>
public sealed class HeaderField : IEquatable<HeaderField>
{
    /// <summary>
    /// What the HTTP/2 rules say of this field, kept by the layer above; 0 means not judged yet. A cache of a pure function of the name and
    /// the value: whoever computes it writes the same octet, so races are harmless, and it takes no part in equality.
    /// </summary>
    internal byte Verdict;

    /// <summary>The first static index with this name, 0 when the static table lacks it.</summary>
    internal readonly byte Token;

    /// <summary>The static index with this name and value, or 0.</summary>
    internal readonly byte StaticIndex;

    // Hash of the name (high half) and of the field (low half); 0 until asked for, as a decoded field may never be encoded. A cache of
    // a pure function again: races write the same 64 bits.
    private ulong _hashes;

    /// <summary>Makes a field.</summary>
    /// <param name="name">The name; HTTP/2 wants it in lower case (RFC 9113 §8.2.1), HPACK takes any octets.</param>
    /// <param name="value">The value.</param>
    /// <param name="neverIndexed">Whether no hop may put it into a dynamic table (RFC 7541 §7.1.3).</param>
    public HeaderField(Octets name, Octets value, bool neverIndexed = false)
    {
        Name = name;
        Value = value;
        NeverIndexed = neverIndexed;
        var hash = FieldHash.Of(name.Span);
        Token = StaticTable.FindName(name.Span, hash);
        StaticIndex = Token == 0 ? (byte)0 : StaticTable.FindValue(Token, value.Span);
        _hashes = Hash(hash);
    }

    private HeaderField(Octets name, Octets value, byte token, bool neverIndexed)
    {
        Name = name;
        Value = value;
        NeverIndexed = neverIndexed;
        Token = token;
        StaticIndex = token == 0 ? (byte)0 : StaticTable.FindValue(token, value.Span);
    }

    /// <summary>The name's octets.</summary>
    public Octets Name { get; }

    /// <summary>The value's octets.</summary>
    public Octets Value { get; }

    /// <summary>Whether no hop may put this field into a dynamic table (RFC 7541 §6.2.3).</summary>
    public bool NeverIndexed { get; }

    /// <summary>What the field counts in a dynamic table and against SETTINGS_MAX_HEADER_LIST_SIZE: both lengths and 32 (RFC 7541 §4.1).</summary>
    public int Size => Name.Length + Value.Length + 32;

    /// <summary>The hash of the name.</summary>
    internal uint NameHash => (uint)(Hashes >> 32);

    /// <summary>The hash of the name and value.</summary>
    internal uint FieldHashCode => (uint)Hashes;

    private ulong Hashes => _hashes != 0 ? _hashes : _hashes = Hash(FieldHash.Of(Name.Span));

    /// <summary>A field over copies of <paramref name="name"/> and <paramref name="value"/>.</summary>
    internal static HeaderField Copy(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, byte token, bool neverIndexed)
    {
        if (token != 0)
            return new(StaticTable.Fields[token].Name, Octets.Copy(value), token, neverIndexed);
        var octets = GC.AllocateUninitializedArray<byte>(name.Length + value.Length);
        name.CopyTo(octets);
        value.CopyTo(octets.AsSpan(name.Length));
        return new(
            new Octets(octets.AsMemory(0, name.Length)), new Octets(octets.AsMemory(name.Length)), token, neverIndexed);
    }

    /// <inheritdoc/>
    public bool Equals(HeaderField? other) =>
        ReferenceEquals(this, other)
        || other is not null && NeverIndexed == other.NeverIndexed && Name == other.Name && Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HeaderField);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Value, NeverIndexed);

    /// <summary><c>name: value</c>, read as UTF-8.</summary>
    public override string ToString() => $"{Name}: {Value}";

    /// <summary>Makes a field of two strings, encoded as UTF-8, so that lists of fields can be written as lists of pairs.</summary>
    /// <param name="field">The name and the value.</param>
    public static implicit operator HeaderField((string Name, string Value) field) => new(field.Name, field.Value);

    private ulong Hash(ulong name) =>
        (ulong)FieldHash.OfName(name) << 32 | FieldHash.OfField(name, FieldHash.Of(Value.Span));
}
