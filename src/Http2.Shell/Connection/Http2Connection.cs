using System.Text;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// One connection: the sole owner of its state. Whatever happens (octets, a finished send, mail from other threads, a timer) sets a bit
/// and, when nobody runs, makes somebody run; whoever runs is the owner until no bit is left. So there is no lock around protocol state.
/// An owner whose handler does not come back loses the connection to another thread, see <see cref="Ownership"/>: all that is needed to go
/// on lies in fields, never in the variables of the methods that the handler was called from.
/// </summary>
internal sealed partial class Http2Connection : IThreadPoolWorkItem
{
    // After so many rounds without rest, or so many milliseconds, an owner goes to the end of the scheduler's line.
    private const int RoundsInARow = 32;
    private const int TurnMilliseconds = 10;

    private readonly ConnectionHost _host;
    private readonly ITransport _transport;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Mailbox _mail;
    private Ownership _ownership;
    private int _wake;
    private bool _isTimeUp;
    private ConnectionTap? _tap;

    // Clients ask for the same address again and again.
    private string _lastPath = "";

    // What marks the handlers of this connection; owner only.
    private ExecutionContext? _handlers;

    public Http2Connection(ConnectionHost host, ITransport transport, Http2ConnectionInfo info, OriginCheck? origins)
    {
        _origins = host.Options.TrustGateway ? null : origins;
        _host = host;
        _transport = transport;
        Info = info;
        Memory = new ConnectionMemory(host.Memory, host.Holdings);
        Exchanges = new ExchangeTable(Memory);
        _input = new InputBuffer(transport, Memory, host.Memory, () => Wake(Signal.Received, inline: true));
        _output = new OutputWriter(transport, Core, Memory, host.Memory, info.IsTls, () => Wake(Signal.Sent, inline: true));
    }

    [Flags]
    private enum Signal
    {
        None = 0,
        Running = 1,
        Start = 2,
        Received = 4,
        Sent = 8,
        Mail = 16,
        Timer = 32,
        Again = 64,
    }

    public Http2ConnectionInfo Info { get; }

    /// <summary>Completes when the transport is closed and every handler has seen its OnClose.</summary>
    public Task Ended => _ended.Task;

    /// <summary>What is counted as held by all connections of the server.</summary>
    internal Holdings Holdings => _host.Holdings;

    /// <summary>How many streams are open; from another thread a value of a moment ago.</summary>
    internal int StreamCount =>
        Exchanges.Count + (Volatile.Read(ref _waiting)?.Count ?? 0);

    internal CoreSession Core { get; } = new();

    internal ExchangeTable Exchanges { get; }

    /// <summary>Begins: the preface goes out, and what was read before is taken as input.</summary>
    public void Start(ReadOnlySpan<byte> alreadyRead)
    {
        _input.Keep(alreadyRead);
        _host.Connections.Add(this);
        Log.Opened(_host.Logger, Info.Id, Info.RemoteEndPoint);
        Wake(Signal.Start, inline: true);
    }

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>A path as text: the very string of the request before when it is the same. Any thread.</summary>
    internal string PathText(ReadOnlySpan<byte> path)
    {
        var last = Volatile.Read(ref _lastPath);
        if (Ascii.Equals(path, last))
            return last;
        var text = Encoding.UTF8.GetString(path);
        Volatile.Write(ref _lastPath, text);
        return text;
    }

    /// <summary>Calls the server's delegate.</summary>
    internal ValueTask<Http2Response> CallDelegate(Http2Request request) =>
        _host.Handler is { } handler ? handler(request) : _host.AbortedHandler!(request, request.Aborted);

    private void Post(Mail mail)
    {
        if (_mail.Post(mail))
            Wake(Signal.Mail, inline: false);
    }

    // For a thread that wakes the connection itself when it has left the methods it is in.
    internal void PostQuietly(Mail mail) => _mail.Post(mail);

    private void Wake(Signal signal, bool inline)
    {
        var before = (Signal)Interlocked.Or(ref _wake, (int)(signal | Signal.Running));
        if ((before & Signal.Running) != 0)
            return;
        if (!inline)
            RunElsewhere();
        else if (!InlineRuns.TryPutOff(this))
            Run();
    }

    private void Run()
    {
        var sentry = Sentry.OfThisThread;
        var outer = sentry.Begin(this);
        var outside = _host.HandlerContext.Enter(this, ref _handlers);
        RunRounds();
        HandlerContext.Leave(outside);
        sentry.End(outer);
    }

    private void RunRounds()
    {
        var turnEnds = long.MaxValue;
        for (var round = 0; round < RoundsInARow; round++)
        {
            var signals = (Signal)Interlocked.Exchange(ref _wake, (int)Signal.Running);
            if (!RunOnce(signals))
            {
                // Another thread has gone on. What came of the call is mail by now, and this thread serves it if nobody else does.
                if (((Signal)Interlocked.Or(ref _wake, (int)(Signal.Mail | Signal.Running)) & Signal.Running) != 0)
                    return;
                continue;
            }
            if (round == 0)
                turnEnds = Core.Now + TurnMilliseconds;
            if (Interlocked.CompareExchange(ref _wake, 0, (int)Signal.Running) == (int)Signal.Running)
                return;
            if (_host.Clock.At(_host.Clock.Timestamp) >= turnEnds)
                break;
        }
        _host.Scheduler.ScheduleRest(this);
    }

    /// <summary>One round as the owner.</summary>
    /// <returns>False when a call of user code was left behind, and another thread is the owner.</returns>
    private bool RunOnce(Signal signals)
    {
        try
        {
            Enter();
            _host.Scheduler.KeepWatched();
            if (!TryStep(signals))
                return false;
            Leave();
        }
        catch (Exception)
        {
            GiveUp();
        }
        return true;
    }

    private void Enter()
    {
        _ownership.Enter();
        var entered = Attach();
        Info.LastInputAt = entered;
    }

    /// <summary>Gets ready to touch the state: where effects go, and what time it is.</summary>
    private long Attach()
    {
        if (!Core.IsAttached)
        {
            Core.Attach(EffectPool.Rent());
            _output.Resume();
        }
        var entered = _host.Clock.Timestamp;
        Core.SetTime(_host.Clock.At(entered));
        return entered;
    }

    private void Leave()
    {
        _output.Suspend();
        var effects = Core.Detach()!;
        Volatile.Write(ref _unreadOctets, Core.Unread);
        SettleMemory();
        _ownership.Leave();
        EffectPool.Return(effects);
    }

    /// <summary>Does what there is to do.</summary>
    /// <returns>False when a call of user code was left behind: the connection is another thread's, and nothing of it may be touched.</returns>
    private bool TryStep(Signal signals)
    {
        try
        {
            return Step(signals);
        }
        catch (Exception failure)
        {
            return Collapse(failure);
        }
    }

    // First what has happened, which is told to nobody yet and so cannot be interrupted; then the rest, which begins where the owner before
    // was interrupted.
    private bool Step(Signal signals)
    {
        if (_closingFailed > 0)
            Close(Http2CloseCause.ServerEnded);
        if ((signals & Signal.Start) != 0)
            Open();
        if ((signals & Signal.Received) != 0)
            CompleteReceive();
        if ((signals & Signal.Sent) != 0)
            CompleteSend();
        _isTimeUp |= (signals & Signal.Timer) != 0;
        RunMail();
        BoundUnreadByMemory();
        return Proceed();
    }

    private bool Proceed()
    {
        if (!DeliverEvents() || !TakeFrames())
            return false;
        // Behind all that has come, so that nothing is missed that is there.
        if (_isTimeUp)
        {
            _isTimeUp = false;
            CheckDeadlines();
        }
        if (!DeliverEvents() || !BeginWaiting() || !TellEndOfInput() || !Flush())
            return false;
        Conclude();
        Receive();
        if (!EndWhenLeft())
            return false;
        ArmTimer();
        return _phase != Phase.Closed || FinishClosing();
    }

    private void Open()
    {
        if (ConnectionTap.Open(_host, Info) is { } tap)
        {
            _tap = tap;
            // what was read to tell HTTP/2 from HTTP/1.x came before the connection began
            if (_input.Length > 0)
                tap.Received(_input.Octets.Span);
            tap.Started(_host.Options.Connection, Core.Now);
        }
        Core.Open(Role.Server, _host.Options.Connection, _tap);
    }
}
