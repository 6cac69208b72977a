using System.Text;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// One connection: the sole owner of its state. Whatever happens (octets, a finished send, mail from other threads, a timer) sets a bit
/// and, when nobody runs, makes somebody run; whoever runs is the owner until no bit is left. So there is no lock around protocol state,
/// and the handlers of a connection never run concurrently.
/// </summary>
internal sealed partial class Http2Connection : IThreadPoolWorkItem
{
    // After so many rounds without rest an owner goes to the end of the scheduler's line.
    private const int RoundsInARow = 32;

    private readonly ConnectionHost _host;
    private readonly ITransport _transport;
    private readonly Dictionary<uint, Http2Exchange> _exchanges = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionState _state;
    private Mailbox _mail;
    private int _wake;
    private int _owner;
    private long _now;

    // The youngest exchange; most are answered before the next comes and never enter the dictionary.
    private Http2Exchange? _youngest;

    // Clients ask for the same address again and again.
    private string _lastPath = "";

    // Nearly every handler ends without its token having been cancelled; the next one gets it.
    private CancellationTokenSource? _spareStop;

    // Lent while the owner runs; what was written but not sent stays in _held between runs.
    private EffectBuffer? _effects;

    public Http2Connection(ConnectionHost host, ITransport transport, Http2ConnectionInfo info)
    {
        _host = host;
        _transport = transport;
        Info = info;
        _onReceived = () => Wake(Signal.Received, inline: true);
        _onSent = () => Wake(Signal.Sent, inline: true);
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
    internal int StreamCount => _exchanges.Count + (Volatile.Read(ref _youngest) is null ? 0 : 1);

    private EffectBuffer Effects => _effects!;

    /// <summary>Whether the calling thread runs this connection now, so that it may touch the state.</summary>
    private bool IsOwner => Volatile.Read(ref _owner) == Environment.CurrentManagedThreadId;

    /// <summary>Begins: the preface goes out, and what was read before is taken as input.</summary>
    public void Start(ReadOnlySpan<byte> alreadyRead)
    {
        Keep(alreadyRead);
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
    internal ValueTask<Http2Response> CallDelegate(Http2Request request, CancellationToken cancellation) =>
        _host.Handler!(request, cancellation);

    /// <summary>What cancels a handler. Owner only.</summary>
    internal CancellationTokenSource BorrowStop()
    {
        var stop = _spareStop ?? new CancellationTokenSource();
        _spareStop = null;
        return stop;
    }

    /// <summary>Takes it back from a handler that has answered; what was registered with it is forgotten. Owner only.</summary>
    internal void GiveBackStop(CancellationTokenSource stop)
    {
        if (stop.TryReset())
            _spareStop = stop;
    }

    private void Post(Mail mail, bool inline = false)
    {
        if (_mail.Post(mail))
            Wake(Signal.Mail, inline);
    }

    private void Wake(Signal signal, bool inline)
    {
        var before = (Signal)Interlocked.Or(ref _wake, (int)(signal | Signal.Running));
        if ((before & Signal.Running) != 0)
            return;
        if (inline)
            Run();
        else
            _host.Scheduler.Schedule(this);
    }

    private void Run()
    {
        for (var round = 0; round < RoundsInARow; round++)
        {
            var signals = (Signal)Interlocked.Exchange(ref _wake, (int)Signal.Running);
            Enter();
            try
            {
                Step(signals);
            }
            catch (Exception failure)
            {
                Collapse(failure);
            }
            Leave();
            if (Interlocked.CompareExchange(ref _wake, 0, (int)Signal.Running) == (int)Signal.Running)
                return;
        }
        _host.Scheduler.Schedule(this);
    }

    private void Enter()
    {
        Volatile.Write(ref _owner, Environment.CurrentManagedThreadId);
        var effects = EffectPool.Rent();
        if (_held is not null)
        {
            EffectPool.ReturnOutput(effects.Output);
            effects.Output = _held;
            _held = null;
        }
        _effects = effects;
        var entered = _host.Clock.Timestamp;
        _now = _host.Clock.At(entered);
        Info.LastInputAt = entered;
    }

    private void Leave()
    {
        var effects = Effects;
        if (effects.Output.Length > 0)
        {
            _held = effects.Output;
            effects.Output = EffectPool.RentOutput();
        }
        _effects = null;
        Volatile.Write(ref _owner, 0);
        EffectPool.Return(effects);
    }

    private void Step(Signal signals)
    {
        if ((signals & Signal.Start) != 0)
            Open();
        if ((signals & Signal.Received) != 0)
            CompleteReceive();
        if ((signals & Signal.Sent) != 0)
            CompleteSend();
        for (var mail = _mail.Take(); mail is not null;)
        {
            var next = mail.Next;
            mail.Unclaim();
            mail.Run(this);
            DeliverEvents();
            mail = next;
        }
        if (_phase == Phase.Open)
            TakeFrames();
        // Behind all that has come, so that nothing is missed that is there.
        if ((signals & Signal.Timer) != 0)
            CheckDeadlines();
        if (_inputEnded && _phase == Phase.Open)
            TellEndOfInput();
        Flush();
        Conclude();
        Receive();
        EndWhenLeft();
        ArmTimer();
    }

    private void Open()
    {
        if (_host.Options.FrameTap is { } tap)
        {
            tap.Opened(Info);
            // what was read to tell HTTP/2 from HTTP/1.x came before the connection began
            if (_end > 0)
                tap.Received(Info, _buffer.AsSpan(0, _end));
            if (tap.TakesInputs)
            {
                _inputTap = tap;
                tap.Started(Info, Role.Server, _host.Options.Connection, _now);
            }
        }
        _state = Connection.Open(Role.Server, _host.Options.Connection, _now, Effects);
    }
}
