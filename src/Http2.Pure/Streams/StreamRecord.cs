namespace Http2.Pure;

/// <summary>How far the final response of a stream has come.</summary>
internal enum ResponseStage : byte
{
    /// <summary>Its head was not sent by this end (a server), or did not come (a client).</summary>
    Awaited,

    /// <summary>Its head was sent or came, and a body may follow.</summary>
    WithBody,

    /// <summary>
    /// Its head was sent or came, and no body follows, whatever length is declared: the method was HEAD or the status is 204 or 304
    /// (RFC 9110 §6.4.1).
    /// </summary>
    WithoutBody,
}

/// <summary>
/// The youngest request of a server as long as it is complete and untouched: half-closed (remote), not answered, windows full. Three values
/// are all there is to know of such a stream, so a request that is answered at once never enters the set of streams.
/// </summary>
/// <param name="Id">The stream.</param>
/// <param name="Kind">What its method says.</param>
/// <param name="OpenedAt">When it was opened, in milliseconds of the clock that is passed in.</param>
internal readonly record struct FreshRequest(StreamId Id, RequestKind Kind, long OpenedAt)
{
    /// <summary>The stream as a record, for the set.</summary>
    public StreamRecord.Live ToRecord() => new(Id, StreamState.HalfClosedRemote, Kind) { OpenedAt = OpenedAt };
}

/// <summary>A stream in the set of streams: a closed union of those that live and those that linger. Immutable, equal by content.</summary>
internal abstract record StreamRecord
{
    private StreamRecord(StreamId id, StreamState state) => (Id, State) = (id, state);

    /// <summary>The identifier.</summary>
    public StreamId Id { get; }

    /// <summary>The state by RFC 9113 §5.1.</summary>
    public StreamState State { get; init; }

    /// <summary>
    /// A stream that is not closed. The application knows of it and is owed one event that says it is closed. Windows are kept as
    /// differences to the initial window in force, so that a change of SETTINGS_INITIAL_WINDOW_SIZE touches no stream (RFC 9113 §6.9.2).
    /// </summary>
    /// <param name="Id">The identifier.</param>
    /// <param name="State">One of the states that are not closed.</param>
    /// <param name="Kind">What the method of the request says.</param>
    public sealed record Live(StreamId Id, StreamState State, RequestKind Kind) : StreamRecord(Id, State)
    {
        /// <summary>When the peer opened the stream, in milliseconds of the clock that is passed in; 0 for a stream of this end.</summary>
        public long OpenedAt { get; init; }

        /// <summary>How far the final response has come.</summary>
        public ResponseStage Response { get; init; }

        /// <summary>What this end sends.</summary>
        public Outgoing Outgoing { get; init; } = Outgoing.Nothing;

        /// <summary>What the peer sends.</summary>
        public Incoming Incoming { get; init; }
    }

    /// <summary>
    /// A stream of the peer that closed before both ends had finished, so that the application may still work on it: it waits to be retired.
    /// </summary>
    /// <param name="Id">The identifier.</param>
    /// <param name="State">One of the closed states.</param>
    public sealed record Lingering(StreamId Id, StreamState State) : StreamRecord(Id, State);
}
