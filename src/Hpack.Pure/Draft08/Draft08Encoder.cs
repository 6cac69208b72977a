namespace Hpack.Pure;

/// <summary>A block encoded by draft 08's rules.</summary>
/// <param name="State">The state to encode the next block from.</param>
/// <param name="Block">The block's octets.</param>
public readonly record struct Draft08Encoded(Draft08EncoderState State, Octets Block);

/// <summary>
/// Encoding by draft-ietf-httpbis-header-compression-08, as a state transition: with the reference set, a block says what differs from the
/// one before. Pure, thread-safe. Draft 08 does not keep the order of fields.
/// </summary>
public static class Draft08Encoder
{
    /// <summary>Encodes <paramref name="fields"/> as one header block.</summary>
    /// <param name="state">The state to encode from; it stays valid.</param>
    /// <param name="fields">The header set; a field may come more than once.</param>
    public static Draft08Encoded Encode(Draft08EncoderState state, IReadOnlyList<HeaderField> fields)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(fields);
        var output = new OutputBuffer(256);
        var writer = new Draft08BlockWriter(state, output);
        writer.Start(fields);
        foreach (var field in fields)
            writer.Write(field);
        writer.DropStaleReferences();
        return new Draft08Encoded(state.After(writer.Freeze()), Octets.Copy(output.WrittenMemory.Span));
    }
}
