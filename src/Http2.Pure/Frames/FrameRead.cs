using Hpack.Pure;

namespace Http2.Pure;

/// <summary>What was found at the start of some octets: a closed union of <see cref="Complete"/> and <see cref="Incomplete"/>.</summary>
public abstract record FrameRead
{
    private FrameRead()
    {
    }

    /// <summary>A whole frame.</summary>
    /// <param name="Frame">The frame; its octets are slices of the input.</param>
    /// <param name="Rest">The octets behind it.</param>
    public sealed record Complete(Frame Frame, Octets Rest) : FrameRead;

    /// <summary>The beginning of a frame.</summary>
    /// <param name="Missing">How many octets are missing at least, 1 or more.</param>
    public sealed record Incomplete(int Missing) : FrameRead;
}
