using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Where the transitions put their effects: octets to send and events to deliver, both in order. The caller owns it, lends it to one
/// transition at a time, and takes what is there whenever it likes. Not thread-safe.
/// </summary>
public sealed class EffectBuffer
{
    /// <summary>Octets to send, in order. May be exchanged for another buffer between transitions.</summary>
    public OutputBuffer Output { get; set; } = new();

    /// <summary>Events to deliver, in order. The caller clears it after delivery.</summary>
    public List<ConnectionEvent> Events { get; } = [];

    /// <summary>Where decoded fields go; see <see cref="FieldArena"/>.</summary>
    public FieldArena Arena { get; set; } = new();
}
