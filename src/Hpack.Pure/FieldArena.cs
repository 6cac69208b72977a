namespace Hpack.Pure;

/// <summary>
/// Where the span face of the decoder puts the fields of a block: an append-only chunk that the caller owns and hands to successive
/// decodes. Lists decoded into it stay valid for ever; when a chunk is full the decoder goes on in a fresh one. Not thread-safe.
/// </summary>
public sealed class FieldArena
{
}
