using Http2.Pure;

namespace Http2.Shell;

/// <content>What the connection's owner keeps for a stream, and what it delivers.</content>
public abstract partial class Http2Exchange
{
    private Http2Connection? _engine;
    private CreditMail? _creditMail;
    private BodyWork? _bodies;
    private int _answered;
    private int _credit;
    private volatile bool _closed;

    internal Http2Connection Engine => _engine ?? throw new InvalidOperationException(
        "The request is not there yet: use the members of a handler from OnHeaders on, not in its constructor.");

    /// <summary>What moves the body of the response, when it has one that must be read. Owner only.</summary>
    internal BodyPump? Pump
    {
        get => _bodies?.Pump;
        set => Bodies.Pump = value;
    }

    /// <summary>Whether the request's end has not come yet. Owner only.</summary>
    internal bool ExpectsBody { get; set; }

    /// <summary>Whether the stream closed early, so that its place must be given back once no work is left. Owner only.</summary>
    internal bool MustRetire { get; set; }

    /// <summary>How many things still run for this stream outside the owner. Owner only.</summary>
    internal int WorkInProgress { get; private set; }

    /// <summary>Whether no callback but OnClose may come any more. Owner only.</summary>
    internal bool Silenced { get; private set; }

    /// <summary>Whether nobody will read the rest of the request. Owner only.</summary>
    internal bool IsAbandoned { get; private protected set; }

    /// <summary>Whether the rest of the request is thrown away for the moment before the stream is reset. Owner only.</summary>
    internal bool IsUnread { get; set; }

    /// <summary>Octets of the body that were thrown away since. Owner only.</summary>
    internal long UnreadOctets
    {
        get => _bodies?.UnreadOctets ?? 0;
        set => Bodies.UnreadOctets = value;
    }

    /// <summary>How fast the request's body comes, while it comes. Owner only.</summary>
    internal PacedStream? ReceivingPace
    {
        get => _bodies?.ReceivingPace;
        set => Bodies.ReceivingPace = value;
    }

    /// <summary>How fast the response's body is taken, while some of it is queued. Owner only.</summary>
    internal PacedStream? SendingPace
    {
        get => _bodies?.SendingPace;
        set => Bodies.SendingPace = value;
    }

    internal bool IsClosed => _closed;

    internal bool IsAnswered => Volatile.Read(ref _answered) != 0;

    internal CreditMail CreditMail
    {
        get
        {
            var mail = _creditMail ?? new CreditMail(this);
            return Interlocked.CompareExchange(ref _creditMail, mail, null) ?? mail;
        }
    }

    // Most requests have no body, and most responses one that goes out at once.
    private BodyWork Bodies => _bodies ??= new BodyWork();

    /// <summary>Something goes on outside the owner for this stream. Owner only.</summary>
    internal void BeginWork()
    {
        WorkInProgress++;
        Engine.Holdings.HandlerBegan();
    }

    /// <summary>It has ended. Owner only.</summary>
    internal void EndWork()
    {
        WorkInProgress--;
        Engine.Holdings.HandlerEnded();
    }

    internal abstract void DeliverHeaders(bool endStream);

    internal abstract void DeliverData(ReadOnlyMemory<byte> data);

    internal abstract void DeliverRequestDone();

    internal abstract void DeliverClose(ErrorCode code);

    internal void TakeTrailers(Http2Headers trailers) => Bodies.Trailers = trailers;

    internal bool TryAnswer() => Interlocked.Exchange(ref _answered, 1) == 0;

    internal void TakeBackAnswer() => Volatile.Write(ref _answered, 0);

    internal void Silence() => Silenced = true;

    internal void MarkClosed()
    {
        Silenced = true;
        _closed = true;
    }

    internal void ThrowIfClosed()
    {
        if (_closed)
            throw MisuseText.Exception(Misuse.StreamClosed);
    }

    /// <summary>Adds credit from another thread; answers whether the owner must be told.</summary>
    internal bool AddCredit(int octets) => Interlocked.Add(ref _credit, octets) == octets;

    internal int TakeCredit() => Interlocked.Exchange(ref _credit, 0);

    /// <summary>What only exchanges with bodies on their way need.</summary>
    private sealed class BodyWork
    {
        public BodyPump? Pump { get; set; }

        public PacedStream? ReceivingPace { get; set; }

        public PacedStream? SendingPace { get; set; }

        public long UnreadOctets { get; set; }

        public Http2Headers? Trailers { get; set; }
    }
}
