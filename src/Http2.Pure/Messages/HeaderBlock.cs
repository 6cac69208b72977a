using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// A field block that is not complete yet: what HEADERS or PUSH_PROMISE said, and the fragments so far (RFC 9113 §4.3). Immutable, equal by
/// content. Each fragment is copied when it comes, because its memory belongs to the caller, and once more when the block is joined: the cost
/// is linear in the size of the block, however small the fragments are. A block that comes in one frame needs none of this.
/// </summary>
internal sealed class HeaderBlock : IEquatable<HeaderBlock>
{
    private readonly HeaderBlock? _before;
    private readonly Octets _fragment;

    private HeaderBlock(HeaderBlock before, Octets fragment, int continuations, int empty)
    {
        // An empty fragment adds no link, so that the chain never has more links than octets.
        _before = fragment.IsEmpty ? before._before : before;
        _fragment = fragment.IsEmpty ? before._fragment : fragment;
        Length = before.Length + fragment.Length;
        (StreamId, EndStream, Promised) = (before.StreamId, before.EndStream, before.Promised);
        (Continuations, EmptyContinuations) = (continuations, empty);
    }

    private HeaderBlock(StreamId id, bool endStream, StreamId promised, Octets fragment)
    {
        (StreamId, EndStream, Promised) = (id, endStream, promised);
        _fragment = fragment;
        Length = fragment.Length;
    }

    /// <summary>The stream that the block came on.</summary>
    public StreamId StreamId { get; }

    /// <summary>Whether the HEADERS frame had END_STREAM.</summary>
    public bool EndStream { get; }

    /// <summary>The promised stream when PUSH_PROMISE began the block, otherwise 0.</summary>
    public StreamId Promised { get; }

    /// <summary>How many octets of the block have come.</summary>
    public int Length { get; }

    /// <summary>How many CONTINUATION frames have come.</summary>
    public int Continuations { get; }

    /// <summary>How many of the CONTINUATION frames were empty.</summary>
    public int EmptyContinuations { get; }

    /// <summary>Begins the block of a HEADERS frame without END_HEADERS.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="fragment">The fragment of the frame, which is copied.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="block">The block.</param>
    /// <returns>A connection fault, or null.</returns>
    public static Fault? OfHeaders(in FrameHeader header, Octets fragment, in BlockLimits limits, out HeaderBlock? block) =>
        Begin(header.StreamId, header.Has(FrameFlags.EndStream), default, fragment, limits, out block);

    /// <summary>Begins the block of a PUSH_PROMISE frame without END_HEADERS.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="promised">The promised stream.</param>
    /// <param name="fragment">The fragment of the frame, which is copied.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="block">The block.</param>
    /// <returns>A connection fault, or null.</returns>
    public static Fault? OfPushPromise(
        in FrameHeader header, StreamId promised, Octets fragment, in BlockLimits limits, out HeaderBlock? block) =>
        Begin(header.StreamId, false, promised, fragment, limits, out block);

    /// <summary>
    /// Judges the frame that comes after the frames of this block: a CONTINUATION of the same stream, since nothing may come between the
    /// frames of a block, not even a frame of an unknown type (RFC 9113 §4.3, §6.2, §6.10).
    /// </summary>
    /// <param name="header">The header of that frame.</param>
    /// <returns>A connection fault, or null.</returns>
    public Fault? CheckNext(in FrameHeader header) =>
        header.Type == FrameType.Continuation && header.StreamId == StreamId
            ? null
            : new Fault.OfConnection(ErrorCode.ProtocolError, HeaderRules.BlockInterrupted);

    /// <summary>
    /// Adds the fragment of a CONTINUATION frame that <see cref="CheckNext"/> lets follow (RFC 9113 §6.10). When the frame has END_HEADERS,
    /// <paramref name="next"/> is complete.
    /// </summary>
    /// <param name="fragment">The payload of the frame, which is copied.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="next">The block with the fragment.</param>
    /// <returns>A connection fault, or null.</returns>
    public Fault? Append(ReadOnlyMemory<byte> fragment, in BlockLimits limits, out HeaderBlock next)
    {
        next = this;
        var empty = EmptyContinuations + (fragment.IsEmpty ? 1 : 0);
        if (Continuations >= limits.MaxContinuations || empty > limits.MaxEmptyContinuations)
            return new Fault.OfConnection(ErrorCode.EnhanceYourCalm, HeaderRules.Continuations);
        if (Length + (long)fragment.Length > limits.MaxOctets)
            return new Fault.OfConnection(ErrorCode.EnhanceYourCalm, HeaderRules.BlockSize);
        next = new HeaderBlock(this, Octets.Copy(fragment.Span), Continuations + 1, empty);
        return null;
    }

    /// <summary>All octets of the block as one run.</summary>
    public Octets Join()
    {
        if (_before is null || _before.Length == 0)
            return _fragment;
        var joined = GC.AllocateUninitializedArray<byte>(Length);
        var end = Length;
        for (var at = this; at is not null; at = at._before)
        {
            end -= at._fragment.Length;
            at._fragment.Span.CopyTo(joined.AsSpan(end));
        }
        return new Octets(joined);
    }

    /// <inheritdoc/>
    public bool Equals(HeaderBlock? other) =>
        other is not null && StreamId == other.StreamId && EndStream == other.EndStream && Promised == other.Promised &&
        Length == other.Length && Continuations == other.Continuations && EmptyContinuations == other.EmptyContinuations &&
        Join() == other.Join();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HeaderBlock);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StreamId, EndStream, Promised, Continuations, Join());

    private static Fault? Begin(
        StreamId id, bool endStream, StreamId promised, Octets fragment, in BlockLimits limits, out HeaderBlock? block)
    {
        block = null;
        // A fragment that is over the limit is not worth a copy.
        if (fragment.Length > limits.MaxOctets)
            return new Fault.OfConnection(ErrorCode.EnhanceYourCalm, HeaderRules.BlockSize);
        block = new HeaderBlock(id, endStream, promised, Octets.Copy(fragment.Span));
        return null;
    }
}
