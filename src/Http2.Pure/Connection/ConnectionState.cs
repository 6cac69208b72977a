using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The state of one HTTP/2 connection, either end: immutable, equal by content. A connection is a fold of inputs over it; nothing that
/// matters lives elsewhere.
/// </summary>
public readonly record struct ConnectionState
{
    internal readonly Core Core;

    internal ConnectionState(in Core core) => Core = core;

    /// <summary>Which end this is.</summary>
    public Role Role => Core.Role;

    /// <summary>The options the connection was opened with.</summary>
    public ConnectionOptions Options => Core.Options;
}

/// <summary>How far a connection has come.</summary>
internal enum Phase : byte
{
    /// <summary>The client's 24 octets have not come yet (server).</summary>
    AwaitingPreface,

    /// <summary>The peer's first SETTINGS has not come yet.</summary>
    AwaitingSettings,

    /// <summary>Frames of all kinds are taken.</summary>
    Running,

    /// <summary>The connection is over; nothing more is taken.</summary>
    Finished,
}

/// <summary>
/// The insides of a <see cref="ConnectionState"/>. Transitions work on a local copy of it and freeze the result, so no observer sees it
/// change. What changes with every frame stands here; what changes seldom stands in immutable objects of its own.
/// </summary>
internal record struct Core
{
    public ConnectionOptions Options;
    public SettingsLedger Ours;
    public EndSettings Peer;
    public Closing Closing;
    public Budgets Budgets;
    public ClosedStreams Closed;

    /// <summary>The header block that is not complete yet, or null.</summary>
    public HeaderBlock? Block;

    /// <summary>What the responses carry that this end makes by itself, or null.</summary>
    public HeaderField? Date;

    public DecoderState Decoder;
    public EncoderState Encoder;
    public StreamSet Streams;

    public Role Role;
    public Phase Phase;

    /// <summary>
    /// Whether a command came since <see cref="HeardAt"/>: the connection is not idle. One that opens a stream says so by the stream.
    /// </summary>
    public bool Stirred;

    /// <summary>The highest stream that the peer opened or promised.</summary>
    public StreamId HighestPeer;

    /// <summary>The highest stream that this end opened or promised.</summary>
    public StreamId HighestOwn;

    /// <summary>
    /// The youngest request when it is complete and untouched: half-closed (remote), nothing answered, windows full. Such a stream needs no
    /// record, so a request that is answered at once never enters the set. 0 when there is none.
    /// </summary>
    public StreamId Fresh;

    /// <summary>The flags of <see cref="Fresh"/>.</summary>
    public StreamFlags FreshFlags;

    /// <summary>When <see cref="Fresh"/> was opened.</summary>
    public long FreshAt;

    /// <summary>Our send window of the connection.</summary>
    public Window SendWindow;

    /// <summary>The peer's send window of the connection.</summary>
    public Window ReceiveWindow;

    /// <summary>Octets of data that were delivered on streams that live, and that the application has not consumed yet.</summary>
    public long Unread;

    /// <summary>
    /// How many octets may be unread or on their way before the connection's window is held back; 0 for no bound but the streams' windows.
    /// </summary>
    public long UnreadBound;

    /// <summary>No send offset of a live stream is above this one: overflow by SETTINGS is judged against it (RFC 9113 §6.9.2).</summary>
    public Window SendOffsetBound;

    /// <summary>The stream that was served last: the rotation goes on behind it.</summary>
    public StreamId Cursor;

    /// <summary>Active streams of the peer: they count against our limit (RFC 9113 §5.1.2).</summary>
    public int PeerStreams;

    /// <summary>The streams of the peer that were opened last, all at the same time: the first of them, and when.</summary>
    public StreamId NewestFrom;

    /// <summary>When <see cref="NewestFrom"/> and those behind it were opened.</summary>
    public long NewestAt;

    /// <summary>Resets that the peer has earned by requests that were served to their end, in thousandths.</summary>
    public int ResetCredit;

    /// <summary>Active streams of this end: they count against the peer's limit.</summary>
    public int OwnStreams;

    /// <summary>Streams with something to send.</summary>
    public int Pending;

    /// <summary>
    /// WINDOW_UPDATE frames, and RST_STREAM frames that crossed the end of their stream, that are normal: they grow with the streams that
    /// the peer opens and the DATA that we send.
    /// </summary>
    public int UpdateCredit;

    /// <summary>Streams in the set that are closed, but on which the application still works: they wait to be retired.</summary>
    public int Lingering;

    /// <summary>PINGs of ours that are not answered.</summary>
    public Sequence<ulong> Pings;

    /// <summary>Whether the peer was asked if it is still there; null when it never was.</summary>
    public KeepAlive? KeepAlive;

    /// <summary>When <see cref="Block"/> began.</summary>
    public long BlockAt;

    /// <summary>When the connection was opened.</summary>
    public long OpenedAt;

    /// <summary>When the last complete frame came.</summary>
    public long HeardAt;

    /// <summary>How many streams are not closed.</summary>
    public readonly int Live => Streams.Count - Lingering + (Fresh.IsConnection ? 0 : 1);

    /// <summary>Whether this end opens streams of that parity (RFC 9113 §5.1.1).</summary>
    public readonly bool IsOwn(StreamId id) => id.IsClientInitiated == (Role == Role.Client);
}
