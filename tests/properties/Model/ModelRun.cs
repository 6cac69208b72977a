using Http2.Pure;
using LanguageExt;
using static Http2.Pure.StreamState;

namespace Http2.Properties.Model;

/// <summary>Runs a trace through the core and the model side by side.</summary>
internal sealed class ModelRun
{
    private static readonly RateLimit Unlimited = new(1_000_000, 1_000_000);
    private readonly Trace _trace;
    private readonly ReferenceModel _model;
    private readonly SendRules _send;
    private readonly Dictionary<uint, int> _closed = [];
    private readonly List<string> _log = [];
    private ConnectionFold _core;
    private bool _isOver;

    private ModelRun(Trace trace)
    {
        _trace = trace;
        _model = new ReferenceModel(trace);
        _send = new SendRules(trace.Role, _model);
        var options = ConnectionOptions.Default with
        {
            InitialStreamWindow = (int)trace.OurWindow, InitialConnectionWindow = WireConstants.InitialWindow,
            MaxConcurrentStreams = (int)trace.OurMaxStreams,
            PeerResetLimit = Unlimited, CausedResetLimit = Unlimited, GlitchLimit = Unlimited, ControlFrameLimit = Unlimited,
        };
        _core = Connection.Start(trace.Role, options, 0).State;
        _core = Connection.Step(_core, new Input.Received(FrameMaker.Handshake(trace.Role, trace.PeerWindow), 0)).State;
    }

    /// <summary>What was seen on the way, for tests of the traces themselves.</summary>
    public List<(string Where, string Command, Outcome Outcome)> Seen { get; } = [];

    /// <summary>The commands that were run.</summary>
    public List<Command> Ran { get; } = [];

    /// <summary>The frames and commands, a line or more each.</summary>
    public string Log => string.Join("\n", _log);

    /// <summary>Where core and model part, or null.</summary>
    public string? Failure { get; private set; }

    public static ModelRun Of(Trace trace)
    {
        var run = new ModelRun(trace);
        foreach (var (i, command) in trace.Commands.Index())
        {
            if (run._isOver)
                break;
            if ((i < trace.FaultsFrom && run._model.Judge(command).MayEndConnection) || (i < trace.EndsFrom && command.EndsGracefully))
                continue;
            run.Ran.Add(command);
            var failure = FrameMaker.Make(trace.Role, command) is { } octets ? run.Receive(command, octets) : run.Carry(command);
            run.Failure = failure ?? run.Compare();
            if (run.Failure is not null)
                break;
        }
        return run;
    }

    private string? Receive(Command command, global::Hpack.Pure.Octets octets)
    {
        var verdict = _model.Judge(command);
        var about = Where(command);
        _log.AddRange(FrameLines.Of(octets, "recv"));
        var step = Connection.Step(_core, new Input.Received(octets, 0));
        _core = step.State;
        var outcome = OutcomeOf(step);
        Seen.Add((about, NameOf(command), outcome.Outcome));
        if (!verdict.Choices.Contains(outcome))
            return $"{command}: the rules allow {verdict}, the core answers {outcome}";
        if (outcome.Outcome == Outcome.ConnectionFault)
            return End(step);
        if (outcome.Outcome == Outcome.NoFault && verdict.TakesEffect)
            _model.Take(command);
        else
            _model.Discard(command);
        return Sent(step) ?? Events(step);
    }

    private string? Carry(Command command)
    {
        var permitted = _model.Permits(command);
        _log.Add($"application: {command}");
        var offset = command is Command.AppRespond or Command.AppData ? _send.Offset(IdOf(command)) + _model.Queued(IdOf(command)) : 0;
        if (!Connection.TrySubmit(_core, FrameMaker.Input(command, offset), out var step, out var misuse))
            return permitted ? $"{command} is in order, the core answers {misuse}" : null;
        _core = step.State;
        if (!permitted)
            return $"{command} is out of order, the core carries it out";
        Seen.Add((Where(command), NameOf(command), Outcome.NoFault));
        _model.Carry(command);
        if (command is Command.AppRequest)
            _model.Announce(step.Opened.IfNone(default(StreamId)).Value);
        var failure = Sent(step) ?? Events(step);
        if (failure is null && command is Command.AppDrain { Budget: int.MaxValue } && _model.CanSend())
            return "there is still something to send after an unlimited drain";
        return failure;
    }

    private string? Sent(Step step)
    {
        foreach (var frame in FrameLines.Frames(step.Output))
        {
            _log.AddRange(FrameLines.Of(global::Http2.Pure.Frames.Serialize(frame), "send"));
            if (_send.Judge(frame) is { } wrong)
                return "sent what may not be sent: " + wrong;
        }
        return null;
    }

    private string? Events(Step step)
    {
        foreach (var happened in step.Events)
        {
            switch (happened)
            {
                case ConnectionEvent.StreamClosed closed:
                    _closed[closed.Id.Value] = _closed.GetValueOrDefault(closed.Id.Value) + 1;
                    // §6.8, §8.7: the application may send these again elsewhere, and no others
                    if (closed.Code == ErrorCode.RefusedStream != _model.History.IsBeyondPeersGoAway(closed.Id.Value))
                        return $"stream {closed.Id} was closed with {closed.Code}";
                    break;
                case ConnectionEvent.GoAwayReceived goAway when goAway.LastStreamId.Value != _model.History.GoAwaysReceived.Min():
                    return $"the application is told that the peer goes away after stream {goAway.LastStreamId}";
                case ConnectionEvent.PushPromised promise:
                    _model.Announce(promise.Promised.Value);
                    break;
                default:
                    break;
            }
        }
        return null;
    }

    /// <summary>The connection is over: GOAWAY is last, every stream was closed, and nothing is taken any more.</summary>
    private string? End(Step step)
    {
        var frames = FrameLines.Frames(step.Output).ToList();
        _log.AddRange(frames.SelectMany(frame => FrameLines.Of(global::Http2.Pure.Frames.Serialize(frame), "send")));
        _ = Events(step);
        if (frames is not [.., Frame.GoAway last])
            return "the last frame is not GOAWAY";
        return _send.Judge(last) ?? AfterTheEnd();
    }

    private string? AfterTheEnd()
    {
        _isOver = true;
        if (_model.Announced.Any(id => _closed.GetValueOrDefault(id) != 1))
            return "a stream was not closed exactly once at the end";
        var after = Connection.Step(_core, new Input.Received(FrameMaker.Make(_trace.Role, new Command.PeerPing())!.Value, 0));
        return after.Output.IsEmpty && after.Events.IsEmpty && after.State == _core ? null : "something is taken after the end";
    }

    private string? Compare()
    {
        if (_isOver)
            return null;
        if (_model.Questions != _send.Answers)
            return $"of {_model.Questions} SETTINGS and PING {_send.Answers} are answered";
        if ((_model.OwesGoAway && _model.History.GoAwaysSent.Count == 0) || (_model.OwesFinalGoAway && !_model.History.IsFinal))
            return "the peer was not told of the end";
        if (Connection.IsFinished(_core.State) != _model.History.IsOver)
            return $"the connection is {(_model.History.IsOver ? "" : "not ")}over";
        return CompareStreams() ?? (_model.History.IsOver ? AfterTheEnd() : CompareCredit());
    }

    private string? CompareStreams()
    {
        var state = _core.State;
        foreach (var id in _model.History.Streams.Concat([1u, 2u, 3u, 4u, 5u]).Distinct())
        {
            var (ours, theirs) = (_model.History.State(id), Connection.StateOf(state, new(id)));
            if (ours != theirs && !(ours is Ended or ResetByPeer && theirs is Ended or ResetByPeer))
                return $"stream {id} is {ours}, the core says {theirs}";
            if (_model.Queued(id) != Connection.Queued(state, new(id)))
                return $"stream {id} has {_model.Queued(id)} octets queued, the core says {Connection.Queued(state, new(id))}";
            if (_model.Announced.Contains(id) && _closed.GetValueOrDefault(id) != (ours.IsClosed() ? 1 : 0))
                return $"stream {id} is {ours} and was closed {_closed.GetValueOrDefault(id)} times";
        }
        return Connection.CanDrain(state) == _model.CanSend() ? null : $"there is {(_model.CanSend() ? "" : "not ")}something to send";
    }

    private string? CompareCredit()
    {
        foreach (var id in _model.History.Streams)
        {
            var ours = _model.History.State(id);
            if (ours is Open or HalfClosedLocal && !_model.CreditComesBack(id))
                return $"credit of stream {id} is lost: its window is {_model.History.ReceiveWindow(id)}";
        }
        return _model.CreditComesBack(0) ? null : $"credit of the connection is lost: its window is {_model.History.ReceiveWindow(0)}";
    }

    private string Where(Command command)
    {
        var (history, id) = (_model.History, IdOf(command));
        return history.IsBeyondOurGoAway(id) ? "a stream beyond GOAWAY"
            : (id == 0 ? Idle : history.State(id)).ToString() + (history.IsGoingAway ? " while going away" : "");
    }

    private static string NameOf(Command command) => command switch
    {
        Command.PeerSetting c => $"Peer{c.Id}",
        Command.AppSetting c => $"App{c.Id}",
        _ => command.GetType().Name,
    };

    private static uint IdOf(Command command) => command switch
    {
        Command.PeerHeaders c => c.Id,
        Command.PeerData c => c.Id,
        Command.PeerReset c => c.Id,
        Command.PeerWindow c => c.Id,
        Command.PeerPromise c => c.Parent,
        Command.AppRespond c => c.Id,
        Command.AppData c => c.Id,
        _ => 0,
    };

    private static Allowed OutcomeOf(Step step)
    {
        foreach (var happened in step.Events)
        {
            if (happened is ConnectionEvent.ConnectionFaulted connection)
                return Allowed.Connection(connection.Fault.Code);
            if (happened is ConnectionEvent.StreamFaulted stream)
                return Allowed.Stream(stream.Fault.Code);
        }
        return Allowed.Fine;
    }
}
