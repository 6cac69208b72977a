using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// One connection of either role: joins the rooms that each own a part of its state, and has them do their work in turn. Only the owner touches
/// them (see <see cref="ConnectionOwner"/>), but for what says that any thread may.
/// </summary>
internal sealed class Http2Connection : IOwned, IEventSink
{
    private readonly ITransport _transport;
    private ConnectionRole? _role;
    private UnreadBodies? _unread;
    private SlowPeers? _slowPeers;
    private HalfClosed? _halfClosed;
    private Callbacks? _callbacks;
    private LeavingPeer _leaving = new();
    private bool _isTimeUp;
    private long _enteredAt;

    // What marks the user code that this connection calls.
    private ExecutionContext? _context;

    /// <param name="host">What it shares with others.</param>
    /// <param name="transport">What carries it.</param>
    /// <param name="info">What is known of it.</param>
    public Http2Connection(EngineHost host, ITransport transport, Http2ConnectionInfo info)
    {
        (Host, _transport, Info) = (host, transport, info);
        Owner = new ConnectionOwner(this);
        Memory = new ConnectionMemory(host.Memory, host.Resources);
        Exchanges = new ExchangeTable(Memory);
        Input = new InputBuffer(transport, Memory, () => Owner.Wake(Signals.Received, inline: true));
        Output = new OutputWriter(
            transport, Core, Memory, host.Limits.MaxUnsentPerConnection, info.IsTls, () => Owner.Wake(Signals.Sent, inline: true));
        Sends = new SendWatch(transport, Core, Output, host.Limits);
        End = new ConnectionEnd(this, transport);
        Events = new EventDelivery(Core, this);
        Share = new MemoryShare(Core, Memory, host, info.IsTls);
        Deadlines = new ConnectionDeadlines(this);
    }

    public EngineHost Host { get; }

    public Http2ConnectionInfo Info { get; }

    public ConnectionRole Role => _role!;

    public ConnectionOwner Owner { get; }

    public CoreSession Core { get; } = new();

    public EventDelivery Events { get; }

    public InputBuffer Input { get; }

    public OutputWriter Output { get; }

    public SendWatch Sends { get; }

    public ConnectionDeadlines Deadlines { get; }

    public ConnectionEnd End { get; }

    public ExchangeTable Exchanges { get; }

    /// <summary>What this connection holds. Any thread may read it.</summary>
    public ConnectionMemory Memory { get; }

    /// <summary>What its bodies hold.</summary>
    public MemoryShare Share { get; }

    /// <summary>Bodies that nobody reads. Made when there are any, as are the next: an idle connection has none.</summary>
    public UnreadBodies Unread => _unread ??= new UnreadBodies(Core, Host.Limits);

    public SlowPeers SlowPeers => _slowPeers ??= new SlowPeers(Core, Input, Output, Sends, Host.Limits, ResetSlow);

    public HalfClosed HalfClosed => _halfClosed ??= new HalfClosed(Core, Input, Output, Sends, Host.Limits.HalfClosedTimeout);

    /// <summary>How handlers are called, where there are any.</summary>
    public Callbacks Callbacks => _callbacks ??= new Callbacks(this);

    /// <summary>Whether callbacks have not come back.</summary>
    public bool HasAbsences => _callbacks is { HasAbsences: true };

    public ConnectionTap? Tap { get; private set; }

    /// <summary>How what the core tells of streams is carried out.</summary>
    public StreamEvents Streams => new(this);

    /// <summary>How the bodies of messages are sent.</summary>
    public BodySending Bodies => new(this);

    /// <summary>What may be asked of streams from any thread.</summary>
    public StreamCommands Commands => new(this);

    /// <summary>How other threads ask for its end.</summary>
    public ConnectionStop Stop => new(this);

    /// <summary>How many streams are open; from another thread a value of a moment ago.</summary>
    public int StreamCount => Exchanges.Count + (_role?.Waiting ?? 0);

    /// <summary>How many bodies are watched that are on their way, in either direction.</summary>
    public int WatchedBodies => _slowPeers?.Watched ?? 0;

    /// <summary>When bodies, and frames that are not whole, are judged next.</summary>
    public long BodiesDue => Math.Min(
        _unread?.Due ?? long.MaxValue, _slowPeers is null && Input.PartialSince < 0 ? long.MaxValue : SlowPeers.Due);

    /// <summary>When to look next after a peer that has ended its side.</summary>
    public long HalfClosedDue => _halfClosed?.Due ?? long.MaxValue;

    /// <summary>When to look next after a peer that has ended its side, or has said GOAWAY.</summary>
    public long PeerEndDue => Math.Min(HalfClosedDue, _leaving.Due);

    private FrameLoop Frames => new(this);

    ConnectionScheduler IOwned.Scheduler => Host.Scheduler;

    long IOwned.ClockNow => Host.Now;

    // A run may call user code when frames are left in the buffer, when there is a tap, or when bodies are being sent, whose sources are asked for
    // more as octets go out.
    bool IOwned.IsBrief =>
        _role!.HasBriefTasks && Host.Limits.FrameTap is null && !Share.HasBuffers && Input.Length == 0 && !Events.HasWork;

    bool IOwned.MayRunOnStandby =>
        StreamCount == 0 && Exchanges.Outliving == 0 && !Events.HasWork && _role is not { HoldsEnd: true };

    /// <summary>Begins: the preface goes out, and what was read before is taken as input.</summary>
    /// <param name="role">What the connection does.</param>
    /// <param name="alreadyRead">What was received before the connection began.</param>
    public void Start(ConnectionRole role, ReadOnlySpan<byte> alreadyRead)
    {
        _role = role;
        Input.Keep(alreadyRead);
        Host.Connections.Add(this);
        Log.Opened(Host.Logger, Info.Id, Info.RemoteAddress);
        Owner.Wake(Signals.Start, inline: true);
    }

    /// <summary>The output is about to be sent. Owner only.</summary>
    public void BeforeWrite() => _unread?.BeforeWrite();

    bool IEventSink.Deliver(ConnectionEvent happened) => Streams.Deliver(happened);

    ExecutionContext? IOwned.EnterContext() => Host.UserCode.Enter(this, ref _context);

    long IOwned.Resume()
    {
        if (!Core.IsAttached)
        {
            Core.Attach(EffectPool.Rent());
            Output.Resume();
        }
        _enteredAt = Host.Clock.Timestamp;
        Core.SetTime(Host.Clock.At(_enteredAt));
        return Core.Now;
    }

    bool IOwned.Run(Signals signals)
    {
        Info.LastInputAt = _enteredAt;
        try
        {
            return Step(signals);
        }
        catch (Exception failure)
        {
            return End.Collapse(failure);
        }
    }

    void IOwned.Suspend()
    {
        Output.Suspend();
        var effects = Core.Detach()!;
        Share.Settle(End.IsClosed);
        EffectPool.Return(effects);
    }

    void IOwned.LeaveBehind(object callee) => Streams.LeaveBehind(callee);

    bool IOwned.GiveUp() => End.GiveUp();

    // First what has happened, which is told to nobody yet and so cannot be interrupted; then the rest, which begins where the owner before
    // was interrupted.
    private bool Step(Signals signals)
    {
        End.CloseAgain();
        if ((signals & Signals.Start) != 0)
            Open();
        if ((signals & Signals.Received) != 0)
            Frames.CompleteReceive();
        if ((signals & Signals.Sent) != 0)
            Frames.CompleteSend();
        _isTimeUp |= (signals & Signals.Timer) != 0;
        Owner.RunTasks();
        if (End.IsOpen)
            Share.BoundUnread(expectsBodies: Exchanges.Incoming > 0);
        return Proceed();
    }

    private bool Proceed()
    {
        if (!Events.DeliverAll() || !Frames.TakeFrames())
            return false;
        // Behind all that has come, so that nothing is missed that is there.
        if (_isTimeUp)
        {
            _isTimeUp = false;
            Deadlines.Check();
        }
        if (!Events.DeliverAll() || !Role.BeginWaiting() || !TellEndOfInput() || !Frames.Flush())
            return false;
        End.Conclude();
        Frames.Receive();
        if (!EndWhenLeft())
            return false;
        Deadlines.Arm();
        return !End.IsClosed || End.Finish();
    }

    private void Open()
    {
        Tap = Host.Limits.FrameTap is { } tap ? new ConnectionTap(tap, Info, failure => Host.NoteTapFailure(Info, failure)) : null;
        // what was read to tell HTTP/2 from HTTP/1.x came before the connection began
        if (Input.Length > 0)
            Tap?.Received(Input.Octets.Span);
        Tap?.Started(Role.Role, Host.Limits.Connection, Core.Now);
        Core.Open(Role.Role, Host.Limits.Connection, Tap);
    }

    // The core is told once all frames were taken that came before the end.
    private bool TellEndOfInput()
    {
        if (!End.IsOpen || !Input.HasEnded || !HalfClosed.TryEnd())
            return true;
        End.Cause.Note(Http2CloseCause.ConnectionLost);
        Core.EndOfInput();
        if (!Core.IsFinished)
        {
            HalfClosed.BeginAsking();
            _transport.WhenLost(Stop.AsLost);
        }
        return Events.DeliverAll();
    }

    private bool EndWhenLeft()
    {
        if (!End.IsOpen || !_leaving.HasLeft(Core, Input, Sends))
            return true;
        End.Abort(ErrorCode.NoError);
        if (!Frames.Flush())
            return false;
        End.Conclude();
        return true;
    }

    private void ResetSlow(PacedBody slow)
    {
        Log.BodyTooSlow(Host.Logger, Info.Id, slow.Stream.StreamId, slow.Sending ? "takes" : "sends");
        // RFC 9113 §8.1: whose answer is complete is told without blame
        var isAnswered = Role.Role == Http2.Pure.Role.Server && slow.Stream.IsSent;
        var code = slow.Sending ? ErrorCode.Cancel : isAnswered ? ErrorCode.NoError : ErrorCode.EnhanceYourCalm;
        slow.Stream.ResetAsOwner(Core, code, Http2CloseCause.PeerTooSlow);
    }
}
