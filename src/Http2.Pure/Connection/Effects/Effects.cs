using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Where transitions put what they lead to: octets to send and events to deliver, both in order. The caller owns it, lends it to one
/// transition at a time, and takes out what is there whenever it likes. Not thread-safe.
/// </summary>
public sealed class Effects
{
    /// <summary>Octets to send, in order. May be exchanged for another buffer between transitions.</summary>
    public OutputBuffer Output { get; set; } = new();

    /// <summary>Events to deliver, in order. The caller clears the list when they are delivered.</summary>
    public List<ConnectionEvent> Events { get; } = [];

    /// <summary>Where decoded fields go; see <see cref="FieldArena"/>. May be exchanged between transitions.</summary>
    public FieldArena Arena { get; set; } = new();
}

/// <summary>What a transition that depends on the time needs beside the state: where its effects go, and what time it is.</summary>
/// <param name="Effects">Where effects go.</param>
/// <param name="Now">The time, in milliseconds of the clock that is passed in.</param>
internal readonly record struct Turn(Effects Effects, long Now)
{
    public OutputBuffer Output => Effects.Output;

    /// <summary>Tells the application what happened.</summary>
    public void Tell(ConnectionEvent happened) => Effects.Events.Add(happened);
}
