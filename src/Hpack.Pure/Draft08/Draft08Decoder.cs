using System.Collections.Immutable;
using LanguageExt;

namespace Hpack.Pure;

/// <summary>A block decoded by draft 08's rules.</summary>
/// <param name="State">The state to decode the next block from.</param>
/// <param name="Fields">The header set. Draft 08 leaves the order free; here fields come as they were emitted, those of the reference set
/// last, newest entry first.</param>
public readonly record struct Draft08Decoded(Draft08DecoderState State, ImmutableArray<HeaderField> Fields);

/// <summary>
/// Decoding by draft-ietf-httpbis-header-compression-08, as a state transition: a header set is the difference to the one before. Pure,
/// thread-safe.
/// </summary>
public static class Draft08Decoder
{
    /// <summary>Decodes one complete header block.</summary>
    /// <param name="state">The state to decode from; it stays valid.</param>
    /// <param name="block">The block.</param>
    /// <returns>The header set and the next state, or what is wrong with the block.</returns>
    public static Either<HpackError, Draft08Decoded> Decode(Draft08DecoderState state, Octets block) =>
        TryDecode(state, block, out var decoded, out var error) ? decoded : error;

    /// <summary>Decodes one complete header block: <see cref="Decode(Draft08DecoderState, Octets)"/> with out parameters.</summary>
    /// <param name="state">The state to decode from; it stays valid.</param>
    /// <param name="block">The block.</param>
    /// <param name="decoded">The header set and the next state; the default value when the block is in error.</param>
    /// <param name="error">What is wrong with the block; of kind <see cref="HpackErrorKind.None"/> when it is sound.</param>
    /// <returns>Whether the block is sound.</returns>
    public static bool TryDecode(Draft08DecoderState state, Octets block, out Draft08Decoded decoded, out HpackError error)
    {
        error = Decode(state, block.Span, out var fields, out var next);
        decoded = error.IsNone ? new Draft08Decoded(next, fields) : default;
        return error.IsNone;
    }

    /// <summary>Decodes one complete header block, without wrapping the result.</summary>
    /// <param name="state">The state to decode from; it stays valid.</param>
    /// <param name="block">The block.</param>
    /// <param name="fields">The header set; empty after an error.</param>
    /// <param name="next">The next state; <paramref name="state"/> itself after an error.</param>
    /// <returns>An error with kind <see cref="HpackErrorKind.None"/> when the block is sound.</returns>
    public static HpackError Decode(
        Draft08DecoderState state, ReadOnlySpan<byte> block, out ImmutableArray<HeaderField> fields, out Draft08DecoderState next)
    {
        ArgumentNullException.ThrowIfNull(state);
        (fields, next) = ([], state);
        if (block.Length > HpackLimits.MaxBlockLength)
            return new HpackError(HpackErrorKind.BlockTooLong, 0);
        var reader = new Draft08BlockReader(state, block);
        var kind = reader.Run();
        if (kind != HpackErrorKind.None)
            return new HpackError(kind, reader.Fault);
        next = reader.Complete(out fields);
        return default;
    }
}
