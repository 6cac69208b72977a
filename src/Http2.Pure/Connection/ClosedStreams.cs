namespace Http2.Pure;

/// <summary>
/// What is remembered of streams that are gone, in bounded memory. Anything else at or below the highest identifier counts as closed by
/// END_STREAM or by the peer. Immutable.
/// </summary>
/// <param name="PeerReset">Streams of the peer that this end reset: what was in flight for them is discarded (RFC 9113 §5.1).</param>
/// <param name="OwnReset">Streams of this end that it reset.</param>
/// <param name="Skipped">Identifiers that the peer passed over: closed without having been used (RFC 9113 §5.1.1).</param>
internal sealed record ClosedStreams(IdRanges PeerReset, IdRanges OwnReset, IdRanges Skipped)
{
    public static ClosedStreams None { get; } = new(IdRanges.Empty, IdRanges.Empty, IdRanges.Empty);

    /// <summary>The state of a closed stream as far as it is remembered; in doubt the lenient one.</summary>
    public StreamState StateOf(StreamId id, bool own)
    {
        var resets = own ? OwnReset : PeerReset;
        return resets.Contains(id) || id.Value <= resets.Forgotten ? StreamState.ResetByUs : StreamState.Ended;
    }

    public ClosedStreams WithReset(StreamId id, bool own) =>
        own ? this with { OwnReset = OwnReset.Add(id) } : this with { PeerReset = PeerReset.Add(id) };
}
