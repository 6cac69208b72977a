using LanguageExt;

namespace Hpack.Pure;

/// <summary>A decoded block: its fields, and the state to decode the next block from.</summary>
/// <param name="State">The next state.</param>
/// <param name="Fields">The fields, in order.</param>
public sealed record Decoded(DecoderState State, System.Collections.Immutable.ImmutableArray<HeaderField> Fields);

/// <summary>HPACK decoding as a state transition (RFC 7541 §3). Pure, thread-safe.</summary>
public static class HpackDecoder
{
    /// <summary>Decodes one complete header block.</summary>
    public static Either<HpackError, Decoded> Decode(DecoderState state, Octets block) => throw new NotImplementedException();

    /// <summary>The span face: fields go to <paramref name="arena"/>; nothing else is allocated when the block inserts nothing.</summary>
    /// <param name="state">The state to decode from; it stays valid.</param>
    /// <param name="block">One complete header block.</param>
    /// <param name="maxListSize">Stop keeping fields once their sizes (§4.1) sum to more than this; the table still advances.</param>
    /// <param name="arena">Where the fields go.</param>
    /// <param name="fields">The fields; when the list was larger than <paramref name="maxListSize"/>, those that came before the bound.</param>
    /// <param name="next">The next state; <paramref name="state"/> itself when nothing changed. Only meaningful without an error.</param>
    /// <returns>An error with kind <see cref="HpackErrorKind.None"/> when the block is sound.</returns>
    public static HpackError Decode(
        DecoderState state, ReadOnlySpan<byte> block, long maxListSize, FieldArena arena, out FieldList fields, out DecoderState next) =>
        throw new NotImplementedException();
}
