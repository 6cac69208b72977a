using Hpack.Pure;

namespace Http2.Pure;

/// <summary>How a message that is sent ends once its queued octets are out: with END_STREAM alone, or with trailers. Immutable.</summary>
/// <param name="Trailers">The trailer fields, or null for END_STREAM alone.</param>
internal sealed record MessageEnd(Sequence<HeaderField>? Trailers)
{
    /// <summary>END_STREAM without trailers.</summary>
    public static MessageEnd WithoutTrailers { get; } = new((Sequence<HeaderField>?)null);
}
