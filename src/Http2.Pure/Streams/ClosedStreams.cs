namespace Http2.Pure;

/// <summary>
/// What is remembered of streams that are gone, in bounded memory. Any other stream at or below the highest identifier counts as ended by
/// both sides or reset by the peer. Immutable, equal by content.
/// </summary>
/// <param name="PeerReset">Streams of the peer that this end reset: frames that were in flight for them are discarded (RFC 9113 §5.1).</param>
/// <param name="OwnReset">Streams of this end that it reset.</param>
/// <param name="Skipped">Identifiers that the peer passed over: they are closed without having been used (RFC 9113 §5.1.1).</param>
internal sealed record ClosedStreams(IdRanges PeerReset, IdRanges OwnReset, IdRanges Skipped)
{
    public static ClosedStreams None { get; } = new(IdRanges.Empty, IdRanges.Empty, IdRanges.Empty);

    /// <summary>The state of a closed stream as far as it is remembered; when it is not, the state in which more frames are forgiven.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="own">Whether this end opens streams of that parity.</param>
    public StreamState StateOf(StreamId id, bool own)
    {
        var resets = own ? OwnReset : PeerReset;
        return resets.Contains(id) || id.Value <= resets.Forgotten ? StreamState.ResetByUs : StreamState.Ended;
    }

    /// <summary>After this end reset a stream.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="own">Whether this end opens streams of that parity.</param>
    public ClosedStreams WithReset(StreamId id, bool own) =>
        own ? this with { OwnReset = OwnReset.Add(id) } : this with { PeerReset = PeerReset.Add(id) };
}
