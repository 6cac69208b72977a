using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// An encoded block, and the state to encode the next one from. Immutable, thread-safe, equal by content; a value, so that it costs no
/// allocation. The default value has no state.
/// </summary>
/// <param name="State">The next state.</param>
/// <param name="Block">The block's octets.</param>
public readonly record struct Encoded(EncoderState State, Octets Block);

/// <summary>HPACK encoding as a state transition. Pure, thread-safe.</summary>
public static class HpackEncoder
{
    // Most blocks fit into this, and then nothing but the result is allocated.
    private const int UsualBlock = 512;

    /// <summary>Encodes <paramref name="fields"/> as one header block.</summary>
    /// <param name="state">The state to encode from; it stays valid.</param>
    /// <param name="fields">The fields, in order.</param>
    [SkipLocalsInit] // the writer reads nothing of its room
    public static Encoded Encode(EncoderState state, IReadOnlyList<HeaderField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Encode(state, fields, stackalloc byte[UsualBlock]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // a function with room on the stack is not compiled by its profile when it has loops
    private static Encoded Encode(EncoderState state, IReadOnlyList<HeaderField> fields, Span<byte> room)
    {
        scoped var writer = default(BlockWriter);
        writer.Start(state, null, room);
        if (fields is HeaderField[] array)
        {
            foreach (var field in array)
                writer.Write(field);
        }
        else
        {
            for (var i = 0; i < fields.Count; i++)
                writer.Write(fields[i]);
        }
        var next = writer.CompleteBlock(out var block);
        return new Encoded(next, Octets.Copy(block));
    }
}
