using Http2.Pure;

namespace Http2.Shell;

/// <content>What the connection's owner keeps for a stream.</content>
public abstract partial class Http2Stream
{
    private Http2Connection? _engine;
    private object? _extras;
    private Flag _flags;
    private short _workInProgress;
    private volatile bool _isReceived;

    // Of the classes that derive from this: in fields of their own these would make every stream eight octets larger.
    private protected byte _answeredBy;

    /// <summary>What the owner knows. One octet: there is a stream for every request.</summary>
    [Flags]
    private enum Flag : byte
    {
        ExpectsBody = 1,
        MustRetire = 2,
        Silenced = 4,
        Abandoned = 8,
        Unread = 16,
        Sent = 32,
        Succeeds = 64,
        BeingSent = 128,
    }

    internal Http2Connection Engine => _engine ?? throw new InvalidOperationException(WhyNotAttached);

    /// <summary>Says to the application why a member that needs the connection cannot be used yet.</summary>
    private protected abstract string WhyNotAttached { get; }

    /// <summary>Whether it belongs to a connection.</summary>
    internal bool IsAttached => _engine is not null;

    /// <summary>What the stream is reckoned to hold in memory, buffers apart, as long as it is not done.</summary>
    internal abstract long Weight { get; }

    /// <summary>Whether it carries a tunnel (RFC 9113 §8.5), on which either side speaks when it has something to say.</summary>
    internal abstract bool IsTunnel { get; }

    /// <summary>Whether what this end has to send was begun. Any thread.</summary>
    internal abstract bool IsAnswered { get; }

    /// <summary>Whether the peer waits for leave to send its body (RFC 9110 §10.1.1). Owner only.</summary>
    internal virtual bool IsBodyHeldBack => false;

    /// <summary>Whether the peer owes its body a pace now. Owner only.</summary>
    internal abstract bool OwesBody { get; }

    /// <summary>The pace that the peer owes its body; null for none. Any thread.</summary>
    internal abstract PaceLimit? IncomingPace { get; }

    /// <summary>How large the peer's body may be, or null where nothing limits it. Any thread.</summary>
    internal virtual BodyLimit? BodyLimit => null;

    /// <summary>The length that the peer's message declares, or -1. Any thread.</summary>
    internal virtual long DeclaredLength => -1;

    /// <summary>Whether all of the peer's message has come and been told. Written by the owner; any thread may read.</summary>
    private protected bool IsReceived
    {
        get => _isReceived;
        set => _isReceived = value;
    }

    /// <summary>What moves the body that is sent, when it has one that must be read. Owner only.</summary>
    internal BodyPump? Pump
    {
        get => ExtrasOrNone?.Pump;
        set => Extras.Pump = value;
    }

    /// <summary>Whether the end of the peer's message has not come yet. Owner only.</summary>
    internal bool ExpectsBody
    {
        get => Has(Flag.ExpectsBody);
        set => Set(Flag.ExpectsBody, value);
    }

    /// <summary>Whether the stream closed early, so that the core must be told once no work for it is left. Owner only.</summary>
    internal bool MustRetire
    {
        get => Has(Flag.MustRetire);
        set => Set(Flag.MustRetire, value);
    }

    /// <summary>How many things still run for this stream outside the owner. Owner only.</summary>
    internal int WorkInProgress => _workInProgress;

    /// <summary>Whether nothing but the end may be told any more. Owner only.</summary>
    internal bool Silenced => Has(Flag.Silenced);

    /// <summary>Whether nobody will read the rest of the peer's body. Owner only.</summary>
    internal bool IsAbandoned => Has(Flag.Abandoned);

    /// <summary>Whether the rest of the peer's body is thrown away for the moment before the stream is reset. Owner only.</summary>
    internal bool IsUnread
    {
        get => Has(Flag.Unread);
        set => Set(Flag.Unread, value);
    }

    /// <summary>Whether all that this end sends has gone out while the rest of the peer's body is still to come. Owner only.</summary>
    internal bool IsSent
    {
        get => Has(Flag.Sent);
        set => Set(Flag.Sent, value);
    }

    /// <summary>Whether what this end sends says that the request is well (2xx): a peer that knows may go on with its body. Owner only.</summary>
    internal bool Succeeds
    {
        get => Has(Flag.Succeeds);
        set => Set(Flag.Succeeds, value);
    }

    /// <summary>Whether a client's request was still on its way when that was looked at last. Owner only.</summary>
    internal bool IsBeingSent
    {
        get => Has(Flag.BeingSent);
        set => Set(Flag.BeingSent, value);
    }

    /// <summary>Octets of the peer's body that have come since <see cref="IsUnread"/> was set. Owner only.</summary>
    internal long UnreadOctets
    {
        get => ExtrasOrNone?.UnreadOctets ?? 0;
        set => Extras.UnreadOctets = value;
    }

    /// <summary>What a body of fixed octets that waits for the peer is reckoned to hold. Owner only.</summary>
    internal long LentOctets
    {
        get => ExtrasOrNone?.LentOctets ?? 0;
        set => Extras.LentOctets = value;
    }

    /// <summary>How fast the peer's body comes, while it comes. Owner only.</summary>
    internal PacedBody? ReceivingPace
    {
        get => ExtrasOrNone?.ReceivingPace;
        set => Extras.ReceivingPace = value;
    }

    /// <summary>How fast the body that is sent is taken, while some of it is queued. Owner only.</summary>
    internal PacedBody? SendingPace
    {
        get => ExtrasOrNone?.SendingPace;
        set => Extras.SendingPace = value;
    }

    /// <summary>How fast the body that is sent was taken up to now, kept while nothing of it is queued. Owner only.</summary>
    internal PacedBody? PastPace
    {
        get => ExtrasOrNone?.PastPace;
        set => Extras.PastPace = value;
    }

    internal CreditTask CreditTask
    {
        get
        {
            var extras = Extras;
            var task = extras.CreditTask ?? new CreditTask(this);
            return Interlocked.CompareExchange(ref extras.CreditTask, task, null) ?? task;
        }
    }

    // Most requests have no body, and most responses one that goes out at once. The place holds what cancels the stream alone as long as
    // nothing else is needed: see Aborted. Any thread.
    private protected StreamExtras Extras
    {
        get
        {
            var there = Volatile.Read(ref _extras);
            while (there is not StreamExtras)
            {
                var fresh = NewExtras();
                fresh.Stop = (CancellationTokenSource?)there;
                var seen = Interlocked.CompareExchange(ref _extras, fresh, there);
                there = seen == there ? fresh : seen;
            }
            return (StreamExtras)there;
        }
    }

    /// <summary>What only some streams need, or null as long as nobody needed it. Any thread.</summary>
    private protected StreamExtras? ExtrasOrNone => Volatile.Read(ref _extras) as StreamExtras;

    /// <summary>Something goes on outside the owner for this stream. Owner only.</summary>
    internal void BeginWork()
    {
        _workInProgress++;
        Engine.Host.Resources.UserWorkBegan();
    }

    /// <summary>Something that went on outside the owner for this stream has ended. Owner only.</summary>
    internal void EndWork()
    {
        _workInProgress--;
        Engine.Host.Resources.UserWorkEnded();
    }

    /// <summary>
    /// How long somebody has waited for the peer's body so far, in milliseconds; only differences count. Callbacks always wait. Owner only.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="isRunning">Whether somebody waits now.</param>
    internal virtual long WaitedForBody(long now, out bool isRunning)
    {
        isRunning = true;
        return now;
    }

    /// <summary>Somebody waits for the peer's body, which the peer may hold back until it is told. Any thread.</summary>
    internal virtual void WantBody()
    {
    }

    /// <summary>The reader of the peer's body wants no more of it. Any thread.</summary>
    internal virtual void OnReaderDone()
    {
    }

    /// <summary>Nobody will begin to read the peer's body: what has come of it is credited. Owner only.</summary>
    internal virtual void LeaveBody()
    {
    }

    internal void TakeTrailers(Http2Headers trailers) => Extras.Trailers = trailers;

    internal void Silence() => Set(Flag.Silenced, true);

    /// <summary>From here on only the body that is sent may read the peer's. Owner only.</summary>
    internal void Abandon() => Set(Flag.Abandoned, true);

    /// <summary>Adds credit from another thread; answers whether the owner must be told.</summary>
    internal bool AddCredit(int octets) => Interlocked.Add(ref Extras.Credit, octets) == octets;

    internal int TakeCredit() => Interlocked.Exchange(ref Extras.Credit, 0);

    private protected void AttachTo(Http2Connection engine) => _engine = engine;

    /// <summary>Makes what only some streams need.</summary>
    private protected abstract StreamExtras NewExtras();

    private bool Has(Flag flag) => (_flags & flag) != 0;

    private void Set(Flag flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;
}
