using Hpack.Pure;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>One step of an exploration, to be judged. Immutable.</summary>
/// <param name="Before">Where it began.</param>
/// <param name="Input">What happened.</param>
/// <param name="Step">What came of it.</param>
internal sealed record TracedStep(Situation Before, Input Input, Step Step)
{
    /// <summary>The inside of the state before; a field, because it is large and would be copied by a property.</summary>
    public readonly Core Old = Before.Fold.State.Core;

    /// <summary>The inside of the state after.</summary>
    public readonly Core New = Step.State.State.Core;

    /// <summary>The frame that came, or null when the input is no whole frame.</summary>
    public FrameHeader? Frame { get; } =
        Input is Input.Received { Octets.Length: >= FrameHeader.Size } received ? FrameHeader.Parse(received.Octets.Span) : null;

    /// <summary>Whether the input was answered as a fault of the peer.</summary>
    public bool IsFault { get; } = Step.Events.Any(e => e is ConnectionEvent.StreamFaulted or ConnectionEvent.ConnectionFaulted);

    /// <summary>The payload of the frame that came.</summary>
    public ReadOnlySpan<byte> Payload => ((Input.Received)Input).Octets.Span[FrameHeader.Size..];
}
