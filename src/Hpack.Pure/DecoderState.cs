namespace Hpack.Pure;

/// <summary>
/// Everything a decoder remembers between blocks: the dynamic table and its limits. Immutable, thread-safe, equal by content; a state may
/// be kept for ever and decoded from any number of times.
/// </summary>
public sealed class DecoderState
{
    /// <summary>The state before the first block.</summary>
    /// <param name="maxTableSize">The SETTINGS_HEADER_TABLE_SIZE in force at the start, in octets.</param>
    public static DecoderState Create(int maxTableSize = 4096) => throw new NotImplementedException();

    /// <summary>
    /// The state after the peer acknowledged a new SETTINGS_HEADER_TABLE_SIZE. When it is below the table's present limit, the next block
    /// must start with a size update that conforms (RFC 7541 §4.2, RFC 9113 §4.3.1).
    /// </summary>
    /// <param name="maxTableSize">The new setting, in octets.</param>
    public DecoderState WithMaxTableSize(int maxTableSize) => throw new NotImplementedException();
}
