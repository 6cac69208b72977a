using System.Runtime.CompilerServices;
using LanguageExt;

namespace Hpack.Pure;

/// <summary>
/// A decoded block: its fields, and the state to decode the next block from. Immutable, thread-safe, equal by content; a value, so that it
/// costs no allocation. The default value has neither.
/// </summary>
/// <param name="State">The next state.</param>
/// <param name="Fields">The fields, in order.</param>
public readonly record struct Decoded(DecoderState State, HeaderList Fields);

/// <summary>HPACK decoding as a state transition (RFC 7541 §3). Pure, thread-safe.</summary>
public static class HpackDecoder
{
    /// <summary>The longest string, in octets after Huffman decoding: 2^24-1 (RFC 7541 §7.4 asks for a limit).</summary>
    public const int MaxStringLength = HpackLimits.MaxStringLength;

    /// <summary>The longest block, in octets: 2^28 (RFC 7541 §7.4).</summary>
    public const int MaxBlockLength = HpackLimits.MaxBlockLength;

    // Most lists need no more room on the stack than this, so that their arrays are allocated at their length.
    private const int UsualFields = 64;
    private const int UsualOctets = 1024;

    /// <summary>Decodes one complete header block.</summary>
    /// <param name="state">The state to decode from; it stays valid.</param>
    /// <param name="block">One complete header block.</param>
    /// <returns>The fields and the next state; or what is wrong with the block, and then there is no next state.</returns>
    public static Either<HpackError, Decoded> Decode(DecoderState state, Octets block) =>
        TryDecode(state, block, out var decoded, out var error) ? decoded : error;

    /// <summary>Decodes one complete header block: <see cref="Decode(DecoderState, Octets)"/> with out parameters.</summary>
    /// <param name="state">The state to decode from; it stays valid.</param>
    /// <param name="block">One complete header block.</param>
    /// <param name="decoded">The fields and the next state; the default value when the block is in error.</param>
    /// <param name="error">What is wrong with the block; of kind <see cref="HpackErrorKind.None"/> when it is sound.</param>
    /// <returns>Whether the block is sound.</returns>
    public static bool TryDecode(DecoderState state, Octets block, out Decoded decoded, out HpackError error)
    {
        ArgumentNullException.ThrowIfNull(state);
        error = DecodeList(state, block.Span, out var list, out var next);
        decoded = error.IsNone ? new Decoded(next, list!) : default;
        return error.IsNone;
    }

    /// <summary>Decodes one complete header block into an arena. Nothing else is allocated when the block inserts nothing.</summary>
    /// <param name="state">The state to decode from; it stays valid.</param>
    /// <param name="block">One complete header block.</param>
    /// <param name="maxListSize">Stop keeping fields once their sizes (§4.1) sum to more than this; the table still advances.</param>
    /// <param name="arena">Where the fields go.</param>
    /// <param name="fields">The fields; when the list was larger than <paramref name="maxListSize"/>, those that came before the bound.</param>
    /// <param name="next">The next state; <paramref name="state"/> itself when nothing changed. Only meaningful without an error.</param>
    /// <returns>An error with kind <see cref="HpackErrorKind.None"/> when the block is sound.</returns>
    /// <exception cref="InsufficientMemoryException">
    /// The table or the list would take more than 1 GiB, which takes a limit beyond 2^29 octets for the one and a block beyond 2^26 for the other.
    /// </exception>
    [MethodImpl(MethodImplOptions.NoInlining)] // inlined into its caller, it would take the bound on what is inlined there
    public static HpackError Decode(
        DecoderState state, ReadOnlySpan<byte> block, long maxListSize, FieldArena arena, out FieldList fields, out DecoderState next)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(arena);
        scoped var reader = default(BlockReader);
        reader.Start(state, block, maxListSize);
        reader.List.PutInto(arena);
        var error = Finish(ref reader, state, out next);
        if (error.IsNone)
            reader.List.AppendTo(arena, out fields);
        else
            fields = default;
        return error;
    }

    [SkipLocalsInit] // the reader reads nothing of its room
    private static HpackError DecodeList(DecoderState state, ReadOnlySpan<byte> block, out HeaderList? list, out DecoderState next) =>
        DecodeList(state, block, stackalloc FieldRef[UsualFields], stackalloc byte[UsualOctets], out list, out next);

    [MethodImpl(MethodImplOptions.NoInlining)] // a function with room on the stack has fewer registers
    private static HpackError DecodeList(
        DecoderState state, ReadOnlySpan<byte> block, Span<FieldRef> refs, Span<byte> octets, out HeaderList? list, out DecoderState next)
    {
        scoped var reader = default(BlockReader);
        reader.Start(state, block, long.MaxValue);
        reader.List.PutInto(refs, octets);
        var error = Finish(ref reader, state, out next);
        list = error.IsNone ? reader.List.ToList() : null;
        return error;
    }

    // Runs a reader that knows its block and where its list goes. After an error there is no other state than the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static HpackError Finish(scoped ref BlockReader reader, DecoderState state, out DecoderState next)
    {
        var kind = reader.Run();
        if (kind == HpackErrorKind.None)
        {
            next = reader.Complete();
            return default;
        }
        next = state;
        return reader.Abandon(kind);
    }
}
