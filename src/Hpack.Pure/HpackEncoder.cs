using LanguageExt;

namespace Hpack.Pure;

/// <summary>An encoded block, and the state to encode the next one from.</summary>
/// <param name="State">The next state.</param>
/// <param name="Block">The block's octets.</param>
public sealed record Encoded(EncoderState State, Octets Block);

/// <summary>HPACK encoding as a state transition. Pure, thread-safe.</summary>
public static class HpackEncoder
{
    /// <summary>Encodes <paramref name="fields"/> as one header block.</summary>
    public static Encoded Encode(EncoderState state, IReadOnlyList<HeaderField> fields) => throw new NotImplementedException();
}

/// <summary>
/// The span face of the encoder: one block being written to a caller's buffer, field by field. Nothing is published until
/// <see cref="Complete"/>; a writer that is dropped has changed no state (its octets are the caller's to discard).
/// </summary>
public ref struct BlockWriter
{
    /// <summary>Starts a block: writes the size updates that <paramref name="state"/> owes.</summary>
    public BlockWriter(EncoderState state, OutputBuffer output) => throw new NotImplementedException();

    /// <summary>Writes one field by the state's indexing policy.</summary>
    public void Write(HeaderField field) => throw new NotImplementedException();

    /// <summary>Writes <c>:status</c>; 200, 204, 206, 304, 400, 404 and 500 are one octet.</summary>
    /// <param name="status">100 to 999.</param>
    public void WriteStatus(int status) => throw new NotImplementedException();

    /// <summary>Writes <c>content-length</c> as a literal without indexing, without allocating.</summary>
    public void WriteContentLength(long length) => throw new NotImplementedException();

    /// <summary>Writes a field from spans; never indexed when asked.</summary>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool neverIndexed = false) => throw new NotImplementedException();

    /// <summary>Ends the block.</summary>
    /// <returns>The state to encode the next block from; the same object when nothing was inserted.</returns>
    public EncoderState Complete() => throw new NotImplementedException();
}
