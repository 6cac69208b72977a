using Http2.Pure;
using LanguageExt;
using static Http2.Pure.StreamState;

namespace Http2.Exploration;

/// <summary>
/// The model beside a connection: it is told each frame of the peer and each command with what the core made of it, and says where they part.
/// Every answer is text, or null when there is nothing wrong.
/// </summary>
internal sealed class ModelFollower
{
    private readonly Role _role;
    private readonly ReferenceModel _model;
    private readonly SendRules _send;
    private readonly Dictionary<uint, int> _closed;

    public ModelFollower(Trace trace)
    {
        (_role, _model, _closed) = (trace.Role, new ReferenceModel(trace), []);
        _send = new SendRules(trace.Role, _model);
    }

    private ModelFollower(ModelFollower from)
    {
        (_role, _model, _closed, IsOver) = (from._role, from._model.Copy(), new(from._closed), from.IsOver);
        _send = from._send.Over(_model);
    }

    /// <summary>Whether the connection has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The model.</summary>
    public ReferenceModel Model => _model;

    /// <summary>A follower that goes on by itself from here.</summary>
    public ModelFollower Copy() => new(this);

    /// <summary>The input that a command stands for at this point.</summary>
    public Input InputOf(Command command) => FrameMaker.Make(_role, command, _model.Blocks.Open) is { } octets
        ? new Input.Received(octets, 0)
        : FrameMaker.Input(
            command, command is Command.AppRespond or Command.AppData ? _send.Offset(IdOf(command)) + _model.Queued(IdOf(command)) : 0);

    /// <summary>Follows one step.</summary>
    /// <param name="command">The frame or command.</param>
    /// <param name="before">The connection before.</param>
    /// <param name="step">What came of it; null when it was refused.</param>
    /// <param name="refusal">Why it was refused.</param>
    public string? Follow(Command command, ConnectionFold before, Step? step, Refusal refusal)
    {
        var failure = command.IsOfPeer ? Receive(command, step!) : Carry(command, step, refusal);
        return failure ?? Compare(step?.State ?? before);
    }

    /// <summary>Where a frame or command meets the connection, in words.</summary>
    public string Where(Command command)
    {
        var (history, id) = (_model.History, IdOf(command));
        return history.IsBeyondOurGoAway(id) ? "a stream beyond GOAWAY"
            : (id == 0 ? Idle : history.State(id)).ToString() + (history.IsGoingAway ? " while going away" : "")
                + (_model.Blocks.Open is null ? "" : " within a block");
    }

    /// <summary>What the core made of a step.</summary>
    public static Allowed OutcomeOf(Step step)
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

    private string? Receive(Command command, Step step)
    {
        var verdict = _model.Judge(command);
        var outcome = OutcomeOf(step);
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

    private string? Carry(Command command, Step? step, Refusal refusal)
    {
        var permitted = _model.Permits(command);
        if (step is null)
            return permitted ? $"{command} is in order, the core answers {refusal}" : null;
        if (!permitted)
            return $"{command} is out of order, the core carries it out";
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
        _ = Events(step);
        if (frames is not [.., Frame.GoAway last])
            return "the last frame is not GOAWAY";
        return _send.Judge(last) ?? AfterTheEnd(step.State);
    }

    private string? AfterTheEnd(ConnectionFold core)
    {
        IsOver = true;
        if (_model.Announced.Any(id => _closed.GetValueOrDefault(id) != 1))
            return "a stream was not closed exactly once at the end";
        var after = Connection.Step(core, new Input.Received(FrameMaker.Make(_role, new Command.PeerPing())!.Value, 0));
        return after.Output.IsEmpty && after.Events.IsEmpty && after.State == core ? null : "something is taken after the end";
    }

    private string? Compare(ConnectionFold core)
    {
        if (IsOver)
            return null;
        if (_model.Questions != _send.Answers)
            return $"of {_model.Questions} SETTINGS and PING {_send.Answers} are answered";
        if ((_model.OwesGoAway && _model.History.GoAwaysSent.Count == 0) || (_model.OwesFinalGoAway && !_model.History.IsFinal))
            return "the peer was not told of the end";
        // a block that was begun is waited for: what it is of is not known yet
        var isOver = _model.History.IsOver && _model.Blocks.Open is null;
        if (Connection.IsFinished(core.State) != isOver)
            return $"the connection is {(isOver ? "" : "not ")}over";
        return CompareStreams(core.State) ?? (isOver ? AfterTheEnd(core) : CompareCredit());
    }

    private string? CompareStreams(in ConnectionState state)
    {
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

    private static uint IdOf(Command command) => command switch
    {
        Command.PeerHeaders c => c.Id,
        Command.PeerContinuation c => c.Id,
        Command.PeerOverpadded c => c.Id,
        Command.PeerData c => c.Id,
        Command.PeerReset c => c.Id,
        Command.PeerWindow c => c.Id,
        Command.PeerPromise c => c.Parent,
        Command.AppRespond c => c.Id,
        Command.AppData c => c.Id,
        _ => 0,
    };
}
