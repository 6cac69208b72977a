namespace Http2.Pure;

/// <summary>The pseudo-fields that are defined (RFC 9113 §8.3, RFC 8441 §4).</summary>
internal enum PseudoField : byte
{
    /// <summary>None that is defined.</summary>
    Unknown,

    /// <summary><c>:method</c>.</summary>
    Method,

    /// <summary><c>:scheme</c>.</summary>
    Scheme,

    /// <summary><c>:authority</c>.</summary>
    Authority,

    /// <summary><c>:path</c>.</summary>
    Path,

    /// <summary><c>:protocol</c>.</summary>
    Protocol,

    /// <summary><c>:status</c>.</summary>
    Status,
}

/// <summary>Tells pseudo-fields by their names.</summary>
internal static class PseudoFields
{
    /// <summary>Which pseudo-field has the name.</summary>
    /// <param name="name">The name, with its colon.</param>
    /// <param name="token">The first index of the name in the static table, or 0 when that is not known.</param>
    public static PseudoField Of(ReadOnlySpan<byte> name, byte token) => token switch
    {
        FieldRules.TokenMethod => PseudoField.Method,
        FieldRules.TokenPath => PseudoField.Path,
        FieldRules.TokenScheme => PseudoField.Scheme,
        FieldRules.TokenAuthority => PseudoField.Authority,
        FieldRules.TokenStatus => PseudoField.Status,
        _ => OfName(name),
    };

    private static PseudoField OfName(ReadOnlySpan<byte> name) => name.Length switch
    {
        5 when name.SequenceEqual(":path"u8) => PseudoField.Path,
        7 when name.SequenceEqual(":method"u8) => PseudoField.Method,
        7 when name.SequenceEqual(":scheme"u8) => PseudoField.Scheme,
        7 when name.SequenceEqual(":status"u8) => PseudoField.Status,
        9 when name.SequenceEqual(":protocol"u8) => PseudoField.Protocol,
        10 when name.SequenceEqual(":authority"u8) => PseudoField.Authority,
        _ => PseudoField.Unknown,
    };
}
