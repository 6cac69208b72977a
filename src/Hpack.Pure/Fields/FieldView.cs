namespace Hpack.Pure;

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

    /// <summary>The field as a value of its own, with copies of its octets.</summary>
    public HeaderField ToField() => this;

    /// <summary><c>name: value</c>, read as UTF-8.</summary>
    public override string ToString() => ToField().ToString();

    /// <summary>The field as a value of its own, with copies of its octets.</summary>
    /// <param name="field">The field.</param>
    public static implicit operator HeaderField(FieldView field)
    {
        var octets = new byte[(field.Token == 0 ? field.Name.Length : 0) + field.Value.Length];
        return HeaderField.Copy(field.Name, field.Value, field.Token, field.NeverIndexed, octets, 0);
    }
}
