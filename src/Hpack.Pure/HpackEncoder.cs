using System.Buffers;
using LanguageExt;

namespace Hpack.Pure;

/// <summary>An encoded block, and the state to encode the next one from.</summary>
/// <param name="State">The next state.</param>
/// <param name="Block">The block's octets.</param>
public sealed record Encoded(EncoderState State, Octets Block);

/// <summary>HPACK encoding as a state transition. Pure, thread-safe.</summary>
public static class HpackEncoder
{
    private const int FirstBuffer = 1024;

    /// <summary>Encodes <paramref name="fields"/> as one header block.</summary>
    /// <param name="state">The state to encode from; it stays valid.</param>
    /// <param name="fields">The fields, in order.</param>
    public static Encoded Encode(EncoderState state, IReadOnlyList<HeaderField> fields)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(fields);
        var rented = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var output = new OutputBuffer(rented);
        var writer = new BlockWriter(state, output);
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
        var next = writer.Complete();
        var encoded = new Encoded(next, Octets.Copy(output.WrittenMemory.Span));
        ArrayPool<byte>.Shared.Return(rented);
        return encoded;
    }
}
