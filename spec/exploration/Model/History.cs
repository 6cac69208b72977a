using Http2.Pure;

namespace Http2.Exploration;

/// <summary>What one entry of the history is about.</summary>
internal enum Mark
{
    /// <summary>HEADERS with a head.</summary>
    Head,

    /// <summary>HEADERS that are trailers.</summary>
    Trailers,

    /// <summary>DATA on a stream.</summary>
    Data,

    /// <summary>DATA that belongs to no stream any more; only the connection's window knows of it.</summary>
    Discarded,

    /// <summary>END_STREAM.</summary>
    End,

    /// <summary>RST_STREAM.</summary>
    Reset,

    /// <summary>A PUSH_PROMISE that names the stream as the promised one.</summary>
    Promised,

    /// <summary>WINDOW_UPDATE.</summary>
    Update,
}

/// <summary>One thing that was sent or received.</summary>
internal sealed record Entry(bool Sent, Mark Mark, uint Id, long Octets = 0);

/// <summary>
/// All that was sent and received, in order; everything else is read from it anew each time. A stream's state is what its entries say, a
/// window is a sum. Slow, and nothing in it can get out of step.
/// </summary>
internal sealed class History(Role role, SettingsList ours, SettingsList peers)
{
    private readonly List<Entry> _entries = [];

    /// <summary>A history that goes on by itself from here.</summary>
    public History Copy()
    {
        var copy = new History(role, Ours.Copy(), Peers.Copy());
        copy._entries.AddRange(_entries);
        copy.GoAwaysSent.AddRange(GoAwaysSent);
        copy.GoAwaysReceived.AddRange(GoAwaysReceived);
        return copy;
    }

    /// <summary>Our settings.</summary>
    public SettingsList Ours { get; } = ours;

    /// <summary>The peer's settings.</summary>
    public SettingsList Peers { get; } = peers;

    /// <summary>The last streams that our GOAWAY frames named, in order.</summary>
    public List<uint> GoAwaysSent { get; } = [];

    /// <summary>The last streams that the peer's GOAWAY frames named, in order.</summary>
    public List<uint> GoAwaysReceived { get; } = [];

    /// <summary>§6.8: once either end is going away, no stream is opened by us.</summary>
    public bool IsGoingAway => GoAwaysSent.Count + GoAwaysReceived.Count > 0;

    /// <summary>§6.8: the largest identifier there is only warns; anything else says how far we got.</summary>
    public bool IsFinal => GoAwaysSent.Any(last => last != WireConstants.MaxStreamId);

    /// <summary>Whether the connection is over: an end that can open nothing more has nothing left to do.</summary>
    public bool IsOver => (IsFinal || (role == Role.Client && GoAwaysReceived.Count > 0))
        && Streams.Where(IsOpened).All(id => State(id).IsClosed());

    public IEnumerable<uint> Streams => _entries.Where(e => e.Id != 0).Select(e => e.Id).Distinct();

    public void Add(bool sent, Mark mark, uint id, long octets = 0) => _entries.Add(new(sent, mark, id, octets));

    public bool Has(bool sent, Mark mark, uint id) => _entries.Any(e => e.Sent == sent && e.Mark == mark && e.Id == id);

    public long Sum(bool sent, Mark mark, uint id) => _entries.Where(e => e.Sent == sent && e.Mark == mark && e.Id == id).Sum(e => e.Octets);

    /// <summary>RFC 9113 §5.1.1: clients open odd streams, servers promise even ones.</summary>
    public bool IsOurs(uint id) => id != 0 && id % 2 == (role == Role.Client ? 1u : 0u);

    /// <summary>§6.8: a stream of the peer that our GOAWAY says we will not look at.</summary>
    public bool IsBeyondOurGoAway(uint id) => id != 0 && !IsOurs(id) && GoAwaysSent.Any(last => id > last);

    /// <summary>§6.8: a stream of ours that the peer's GOAWAY says it did not look at.</summary>
    public bool IsBeyondPeersGoAway(uint id) => IsOurs(id) && GoAwaysReceived.Any(last => id > last);

    public uint Highest(bool ours) => Streams.Where(id => IsOurs(id) == ours).Where(IsOpened).DefaultIfEmpty(0u).Max();

    /// <summary>§5.1.1: passed over, because a higher one was opened first.</summary>
    public bool IsSkipped(uint id) => id != 0 && !IsOpened(id) && id <= Highest(IsOurs(id));

    /// <summary>§5.1, read from what happened.</summary>
    public StreamState State(uint id)
    {
        if (!IsOpened(id))
            return IsSkipped(id) ? StreamState.Ended : StreamState.Idle;
        var ended = Ends(id, sent: true) && Ends(id, sent: false);
        var last = _entries.FirstOrDefault(e => e.Id == id && e.Mark == Mark.Reset);
        if (last is not null)
            return ended && EndedBefore(last) ? StreamState.Ended : last.Sent ? StreamState.ResetByUs : StreamState.ResetByPeer;
        if (ended)
            return StreamState.Ended;
        if (Has(sent: true, Mark.Promised, id) && !Has(sent: true, Mark.Head, id))
            return StreamState.ReservedLocal;
        if (Has(sent: false, Mark.Promised, id) && !Has(sent: false, Mark.Head, id))
            return StreamState.ReservedRemote;
        return Ends(id, sent: true) ? StreamState.HalfClosedLocal
            : Ends(id, sent: false) ? StreamState.HalfClosedRemote
            : StreamState.Open;
    }

    /// <summary>§6.9: what we may still send. Stream 0 is the connection, whose window SETTINGS do not touch (§6.9.2).</summary>
    public long SendWindow(uint id) => id == 0
        ? WireConstants.InitialWindow + Sum(sent: false, Mark.Update, 0) - All(sent: true)
        : Peers.Latest(SettingId.InitialWindowSize) + Sum(sent: false, Mark.Update, id) - Sum(sent: true, Mark.Data, id);

    /// <summary>§6.9: what the peer may still send.</summary>
    public long ReceiveWindow(uint id) => id == 0
        ? WireConstants.InitialWindow + Sum(sent: true, Mark.Update, 0) - All(sent: false)
        : Ours.Most(SettingId.InitialWindowSize) + Sum(sent: true, Mark.Update, id) - Sum(sent: false, Mark.Data, id);

    private bool IsOpened(uint id) => _entries.Any(e => e.Id == id && (e.Mark is Mark.Head or Mark.Promised));

    // a promised stream has only one direction: the other has ended before it began (§8.4)
    private bool Ends(uint id, bool sent) => Has(sent, Mark.End, id) || Has(!sent, Mark.Promised, id);

    private bool EndedBefore(Entry reset)
    {
        var before = _entries.TakeWhile(e => !ReferenceEquals(e, reset)).Where(e => e.Id == reset.Id).ToList();
        bool Side(bool sent) => before.Any(e => e.Sent == sent && e.Mark == Mark.End)
            || before.Any(e => e.Sent != sent && e.Mark == Mark.Promised);
        return Side(true) && Side(false);
    }

    private long All(bool sent) =>
        _entries.Where(e => e.Sent == sent && (e.Mark is Mark.Data or Mark.Discarded)).Sum(e => e.Octets);
}
