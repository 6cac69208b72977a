namespace Http2.Pure;

/// <summary>
/// What the payload of each frame type can do once it is a value: say how long it is on the wire, write itself there, and show itself in a
/// trace. The payload's file has this beside the function that reads it, so that one file knows how the frame looks.
/// </summary>
internal interface IFramePayload
{
    /// <summary>The flags that follow from the payload: PADDED when it has padding, PRIORITY when it has a priority.</summary>
    FrameFlags Flags => FrameFlags.None;

    /// <summary>How many octets the payload takes.</summary>
    int Length { get; }

    /// <summary>Writes the payload.</summary>
    /// <param name="destination"><see cref="Length"/> octets.</param>
    void Write(Span<byte> destination);

    /// <summary>The payload as lines of a trace, in the manner of <c>nghttp -v</c>; none when there is nothing to show.</summary>
    /// <param name="flags">The flags of the frame.</param>
    IEnumerable<string> Describe(FrameFlags flags) => [];
}
