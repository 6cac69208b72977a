using Http2.Pure;

namespace Http2.Shell;

/// <content>What the connection's owner keeps for a stream, and what it delivers.</content>
public abstract partial class Http2Exchange
{
    private Http2Connection? _engine;
    private object? _rare;
    private Flag _flags;
    private short _workInProgress;

    internal Http2Connection Engine => _engine ?? throw new InvalidOperationException(
        "The request is not there yet: use the members of a handler from OnHeaders on, not in its constructor.");

    /// <summary>What moves the body of the response, when it has one that must be read. Owner only.</summary>
    internal BodyPump? Pump
    {
        get => RareOrNone?.Pump;
        set => Rare.Pump = value;
    }

    /// <summary>Whether the request's end has not come yet. Owner only.</summary>
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

    /// <summary>Whether no callback but OnClose may come any more. Owner only.</summary>
    internal bool Silenced => Has(Flag.Silenced);

    /// <summary>Whether nobody will read the rest of the request. Owner only.</summary>
    internal bool IsAbandoned => Has(Flag.Abandoned);

    /// <summary>Whether the rest of the request is thrown away for the moment before the stream is reset. Owner only.</summary>
    internal bool IsUnread
    {
        get => Has(Flag.Unread);
        set => Set(Flag.Unread, value);
    }

    /// <summary>Whether all of the response has gone out while the rest of the request is still to come. Owner only.</summary>
    internal bool IsSent
    {
        get => Has(Flag.Sent);
        set => Set(Flag.Sent, value);
    }

    /// <summary>Octets of the body that were thrown away since. Owner only.</summary>
    internal long UnreadOctets
    {
        get => RareOrNone?.UnreadOctets ?? 0;
        set => Rare.UnreadOctets = value;
    }

    /// <summary>What a body of fixed octets that waits for the client is reckoned to hold. Owner only.</summary>
    internal long LentOctets
    {
        get => RareOrNone?.LentOctets ?? 0;
        set => Rare.LentOctets = value;
    }

    /// <summary>How fast the request's body comes, while it comes. Owner only.</summary>
    internal PacedStream? ReceivingPace
    {
        get => RareOrNone?.ReceivingPace;
        set => Rare.ReceivingPace = value;
    }

    /// <summary>How fast the response's body is taken, while some of it is queued. Owner only.</summary>
    internal PacedStream? SendingPace
    {
        get => RareOrNone?.SendingPace;
        set => Rare.SendingPace = value;
    }

    /// <summary>How large the request's body may be, or null where nothing limits it.</summary>
    internal BodyLimit? BodyLimit => RareOrNone?.BodyLimit;

    /// <summary>Whether the body's limit is in force, so that it cannot change any more.</summary>
    private protected abstract bool IsBodyBegun { get; }

    /// <summary>How the response's body was taken so far, when some of it had to be queued. Owner only.</summary>
    internal PacedStream? PastPace
    {
        get => RareOrNone?.PastPace;
        set => Rare.PastPace = value;
    }

    /// <summary>What holds the body of the request back, when the client said that it waits for 100 (Continue). Any thread.</summary>
    internal ContinueGate? Gate
    {
        get => RareOrNone?.Gate;
        set => Rare.Gate = value;
    }

    internal CreditMail CreditMail
    {
        get
        {
            var rare = Rare;
            var mail = rare.CreditMail ?? new CreditMail(this);
            return Interlocked.CompareExchange(ref rare.CreditMail, mail, null) ?? mail;
        }
    }

    // Most requests have no body, and most responses one that goes out at once. The place holds what cancels the request alone as long as
    // nothing else is needed: see Aborted. Any thread.
    private protected RareState Rare
    {
        get
        {
            var there = Volatile.Read(ref _rare);
            while (there is not RareState)
            {
                var fresh = new RareState { Stop = (CancellationTokenSource?)there };
                var seen = Interlocked.CompareExchange(ref _rare, fresh, there);
                there = seen == there ? fresh : seen;
            }
            return (RareState)there;
        }
    }

    /// <summary>The same, or null as long as nobody needed it. Any thread.</summary>
    private protected RareState? RareOrNone => Volatile.Read(ref _rare) as RareState;

    /// <summary>Something goes on outside the owner for this stream. Owner only.</summary>
    internal void BeginWork()
    {
        _workInProgress++;
        Engine.Holdings.HandlerBegan();
    }

    /// <summary>It has ended. Owner only.</summary>
    internal void EndWork()
    {
        _workInProgress--;
        Engine.Holdings.HandlerEnded();
    }

    /// <summary>
    /// How long somebody has waited for the request's body so far, in milliseconds; only differences count. Callbacks always wait. Owner only.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="isRunning">Whether somebody waits now.</param>
    internal virtual long WaitedForBody(long now, out bool isRunning)
    {
        isRunning = true;
        return now;
    }

    internal void TakeTrailers(Http2Headers trailers) => Rare.Trailers = trailers;

    internal void LimitBody(long? most)
    {
        var limit = Interlocked.CompareExchange(ref Rare.BodyLimit, new BodyLimit(most), null);
        if (limit is not null)
            limit.Most = most;
    }

    internal void Silence() => Set(Flag.Silenced, true);

    /// <summary>From here on only the response's own body may read the request. Owner only.</summary>
    internal void Abandon() => Set(Flag.Abandoned, true);

    /// <summary>Adds credit from another thread; answers whether the owner must be told.</summary>
    internal bool AddCredit(int octets) => Interlocked.Add(ref Rare.Credit, octets) == octets;

    internal int TakeCredit() => Interlocked.Exchange(ref Rare.Credit, 0);

    private bool Has(Flag flag) => (_flags & flag) != 0;

    private void Set(Flag flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;

    /// <summary>What the owner knows. One octet: there is an exchange for every request.</summary>
    [Flags]
    private enum Flag : byte
    {
        ExpectsBody = 1,
        MustRetire = 2,
        Silenced = 4,
        Abandoned = 8,
        Unread = 16,
        Sent = 32,
    }

    /// <summary>What only exchanges need whose bodies are on their way, or that were pushed, or that wait for their handlers.</summary>
    private protected sealed class RareState
    {
        /// <summary>Credit that other threads gave back and the owner has not taken.</summary>
        public int Credit;

        public CreditMail? CreditMail;

        /// <summary>What the body of the request owes, when the handler has said so. Any thread.</summary>
        public PaceChoice? BodyPace;

        public BodyLimit? BodyLimit;

        /// <summary>The body of the request, for the delegate face. Opened by any thread.</summary>
        public RequestBody? Body;

        /// <summary>What waits for a callback that was left behind. Owner only.</summary>
        public Absence? Absence;

        /// <summary>Why the stream was closed before the request had ended.</summary>
        public ErrorCode ClosedWith;

        /// <summary>The source of <see cref="Http2Exchange.Aborted"/>. Made by any thread.</summary>
        public CancellationTokenSource? Stop;

        /// <summary>What <see cref="Http2Exchange.Closed"/> waits for. Made by any thread.</summary>
        public TaskCompletionSource<ErrorCode>? Told;

        /// <summary>Why the stream was reset by this end, as long as it is not closed; then why it was closed. Written by the owner.</summary>
        public Http2CloseReason? CloseReason;

        internal PromisedHead? Promise { get; set; }

        public BodyPump? Pump { get; set; }

        public PacedStream? ReceivingPace { get; set; }

        public PacedStream? SendingPace { get; set; }

        public PacedStream? PastPace { get; set; }

        public ContinueGate? Gate { get; set; }

        public long UnreadOctets { get; set; }

        public long LentOctets { get; set; }

        public Http2Headers? Trailers { get; set; }
    }
}
