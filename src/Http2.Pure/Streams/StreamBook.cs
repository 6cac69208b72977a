namespace Http2.Pure;

/// <summary>
/// All streams of a connection with their counts: those in the set, the fresh request, and what is remembered of those that are gone. Each
/// method is a transition that keeps the counts in step with the streams. A struct that is changed in place, because it is a part of the state
/// that a transition copies once at its start: a new copy for each step of a transition would cost more than the step.
/// </summary>
internal record struct StreamBook
{
    /// <summary>Which end this is.</summary>
    public Role Role { get; private init; }

    // The streams that have a record, but for the warm one, which is absent there or has an older value.
    private StreamSet _set;

    // The stream whose record was put last: the next frame is most likely of the same stream, and to put each of its values into the set would cost more
    // than the frame does. Many streams come and go without ever being in the set.
    private StreamRecord.Live? _warm;

    private AwaitedRequests _awaited;

    /// <summary>
    /// All streams as records: those that live but for the fresh request, and those that linger. It is made up when it is asked for.
    /// </summary>
    public readonly StreamSet Set
    {
        get
        {
            var set = _warm is null ? _set : _set.With(_warm);
            if (_awaited.Count == 0)
                return set;
            foreach (var id in _awaited.All)
                set = set.With(RecordOfAwaited(id));
            return set;
        }
    }

    /// <summary>The stream whose record was put last, or null.</summary>
    public readonly StreamRecord.Live? Warm => _warm;

    /// <summary>The other streams that have a record; of the warm one there may be an older value.</summary>
    public readonly StreamSet Others => _set;

    /// <summary>How many streams may have something to send: those with a record.</summary>
    public readonly int RecordCount => _set.Count + (_warm is not null && _set.Find(_warm.Id) is null ? 1 : 0);

    /// <summary>What is remembered of streams that are gone.</summary>
    public ClosedStreams Closed { get; private set; }

    /// <summary>The youngest request as long as it needs no record, or null.</summary>
    public FreshRequest? Fresh { get; private set; }

    /// <summary>The highest stream that the peer opened or promised.</summary>
    public StreamId HighestPeer { get; private set; }

    /// <summary>The highest stream that this end opened or promised.</summary>
    public StreamId HighestOwn { get; private set; }

    /// <summary>The stream whose body was sent last: the next turn is of the stream behind it.</summary>
    public StreamId Cursor { get; private set; }

    /// <summary>No send offset of a live stream is above this one: overflow by SETTINGS is judged against it (RFC 9113 §6.9.2).</summary>
    public Window SendOffsetBound { get; private set; }

    /// <summary>How many streams of the peer live: they count against the limit of this end (RFC 9113 §5.1.2).</summary>
    public int PeerCount { get; private set; }

    /// <summary>How many streams of this end live: they count against the limit of the peer.</summary>
    public int OwnCount { get; private set; }

    /// <summary>How many streams in the set linger.</summary>
    public int LingeringCount { get; private set; }

    /// <summary>How many streams have something that waits to be sent.</summary>
    public int WaitingCount { get; private set; }

    // The streams that the peer opened last, all at the same time: the first of them, and when.
    private StreamId _newestFrom;
    private long _newestAt;

    /// <summary>How many streams are not closed.</summary>
    public readonly int LiveCount => PeerCount + OwnCount;

    /// <summary>A connection without streams.</summary>
    /// <param name="role">Which end this is.</param>
    public static StreamBook Empty(Role role) => new() { Role = role, _set = StreamSet.Empty, Closed = ClosedStreams.None };

    /// <summary>Whether this end opens streams of that parity (RFC 9113 §5.1.1).</summary>
    public readonly bool IsOwn(StreamId id) => id.IsClientInitiated == (Role == Role.Client);

    /// <summary>Whether <paramref name="id"/> is the fresh request.</summary>
    public readonly bool IsFresh(StreamId id) => Fresh is { } fresh && fresh.Id == id;

    /// <summary>The record of a live stream; null when it has none: it is fresh, closed or idle.</summary>
    public readonly StreamRecord.Live? Find(StreamId id) => RecordIn(id) as StreamRecord.Live;

    /// <summary>The state of any stream.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="stream">Its record when it lives and has one.</param>
    public readonly StreamState StateOf(StreamId id, out StreamRecord.Live? stream)
    {
        stream = null;
        if (IsFresh(id))
            return StreamState.HalfClosedRemote;
        if (RecordIn(id) is { } record)
        {
            stream = record as StreamRecord.Live;
            return record.State;
        }
        var own = IsOwn(id);
        return id.Value > (own ? HighestOwn : HighestPeer).Value ? StreamState.Idle : Closed.StateOf(id, own);
    }

    /// <summary>The record of a live stream, which the fresh request gets by that; null when the stream is closed or idle.</summary>
    public StreamRecord.Live? RecordOf(StreamId id)
    {
        if (IsFresh(id))
            RecordFresh();
        return Find(id);
    }

    /// <summary>Gives the fresh request a record, because another stream takes its place or because more has to be known of it.</summary>
    public void RecordFresh()
    {
        if (Fresh is not { } fresh)
            return;
        _set = _set.With(fresh.ToRecord());
        Fresh = null;
    }


    /// <summary>
    /// Counts a stream that the peer opens or promises. The identifiers that the peer passed over are closed by that (RFC 9113 §5.1.1).
    /// </summary>
    /// <param name="id">The stream.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public void OpenPeer(StreamId id, long now)
    {
        var expected = Role == Role.Server && HighestPeer.IsConnection ? 1 : HighestPeer.Value + 2;
        if (id.Value > expected)
            Closed = Closed with { Skipped = Closed.Skipped.Add(new(expected), new(id.Value - 2)) };
        if (now != _newestAt || _newestFrom.IsConnection)
            (_newestFrom, _newestAt) = (id, now);
        HighestPeer = id;
        PeerCount++;
    }

    /// <summary>Counts a stream that this end opens or promises.</summary>
    /// <param name="id">The stream.</param>
    public void OpenOwn(StreamId id)
    {
        HighestOwn = id;
        OwnCount++;
    }

    /// <summary>Makes a request that the peer opened the fresh one.</summary>
    public void AddFresh(FreshRequest request)
    {
        RecordFresh();
        Fresh = request;
    }

    /// <summary>Puts a stream into the set that the peer opened or promised.</summary>
    public void Add(StreamRecord.Live stream)
    {
        RecordFresh();
        _set = _set.With(stream);
    }

    /// <summary>Puts a request of this end that was sent whole, whose response may have any length and is all that is to come.</summary>
    /// <param name="id">The stream, which this end has just opened.</param>
    public void PutAwaited(StreamId id)
    {
        while (!_awaited.TryAdd(id))
            _set = _set.With(RecordOfAwaited(_awaited.TakeLowest()));
    }

    /// <summary>Puts the next value of a stream in the place of the one before.</summary>
    /// <param name="before">The value before; null for a stream that this end has just opened.</param>
    /// <param name="after">The next value.</param>
    public void Put(StreamRecord.Live? before, StreamRecord.Live after)
    {
        WaitingCount += (after.Outgoing.IsWaiting ? 1 : 0) - (before is not null && before.Outgoing.IsWaiting ? 1 : 0);
        if (_warm is not null && _warm.Id != after.Id)
            _set = _set.With(_warm);
        _warm = after;
        _awaited.Remove(after.Id);
        SendOffsetBound = new Window(Math.Max(SendOffsetBound.Octets, after.Outgoing.Offset.Octets));
    }

    /// <summary>
    /// Takes a live stream out. One of the peer that ends early lingers in the set until it is retired: its place in the limit is free at once
    /// (RFC 9113 §5.1.2), but the work that goes on for it can be bounded.
    /// </summary>
    /// <param name="stream">The last value that was put.</param>
    /// <param name="state">The closed state that it ends in.</param>
    public void Close(StreamRecord.Live stream, StreamState state)
    {
        var own = IsOwn(stream.Id);
        WaitingCount -= stream.Outgoing.IsWaiting ? 1 : 0;
        if (state == StreamState.ResetByUs)
            Closed = Closed.WithReset(stream.Id, own);
        _awaited.Remove(stream.Id);
        if (_warm?.Id == stream.Id)
            _warm = null;
        if (state != StreamState.Ended && !own)
        {
            _set = _set.With(new StreamRecord.Lingering(stream.Id, state));
            LingeringCount++;
        }
        else
        {
            _set = _set.Without(stream.Id);
        }
        OwnCount -= own ? 1 : 0;
        PeerCount -= own ? 0 : 1;
    }

    /// <summary>The fresh request ended; it came and went without a record.</summary>
    public void CloseFresh()
    {
        Fresh = null;
        PeerCount--;
    }

    /// <summary>Ends a stream of the peer that was counted and never got a record.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="byReset">Whether this end reset it.</param>
    public void CloseUnrecorded(StreamId id, bool byReset)
    {
        if (byReset)
            Closed = Closed.WithReset(id, own: false);
        PeerCount--;
    }

    /// <summary>Forgets a stream that lingers.</summary>
    /// <returns>Whether it did.</returns>
    public bool Retire(StreamId id)
    {
        if (_set.Find(id) is not StreamRecord.Lingering)
            return false;
        _set = _set.Without(id);
        LingeringCount--;
        return true;
    }

    /// <summary>Takes all streams out, because the connection ends.</summary>
    public void Clear()
    {
        _set = StreamSet.Empty;
        (_warm, Fresh, _awaited) = (null, null, default);
        (PeerCount, OwnCount, LingeringCount, WaitingCount) = (0, 0, 0, 0);
    }

    /// <summary>The stream behind the one that was served last, in a circle; only when there are any.</summary>
    public StreamRecord TakeTurn()
    {
        if (_warm is { } warm)
            _set = _set.With(warm);
        _warm = null;
        var next = _set.After(Cursor) ?? _set.After(StreamId.Connection)!;
        Cursor = next.Id;
        return next;
    }

    /// <summary>
    /// Whether a new initial window of the peer makes a send window overflow (RFC 9113 §6.9.2). The bound on the offsets makes that one
    /// comparison; only when it says that there may be an overflow all streams are looked at, and the bound is made exact.
    /// </summary>
    /// <param name="initialWindow">The new initial window, in octets.</param>
    public bool Overflows(uint initialWindow)
    {
        if (!SendOffsetBound.Grow(initialWindow).Overflows)
            return false;
        var bound = default(Window);
        foreach (var record in Set)
        {
            if (record is StreamRecord.Live stream)
                bound = new Window(Math.Max(bound.Octets, stream.Outgoing.Offset.Octets));
        }
        SendOffsetBound = bound;
        return bound.Grow(initialWindow).Overflows;
    }

    /// <summary>Whether a stream is among those that the peer opened last, all at <paramref name="now"/> or later.</summary>
    public readonly bool IsOfThisMoment(StreamId id, long now) => !IsOwn(id) && id.Value >= _newestFrom.Value && now <= _newestAt;

    private static StreamRecord.Live RecordOfAwaited(StreamId id) => new(id, StreamState.HalfClosedLocal, RequestKind.Plain);

    private readonly StreamRecord? RecordIn(StreamId id) =>
        _warm is { } warm && warm.Id == id ? warm
        : _awaited.Contains(id) ? RecordOfAwaited(id)
        : _set.Find(id);
}
